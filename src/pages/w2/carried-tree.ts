// What the page carries, as Node writes it and the page reads it.
import type { LambdaTree } from "../../experiments/w2/results/lambda-tree";

export interface CarriedTree extends LambdaTree {
  /** The λ at which each checkpoint was made. */
  made: Record<"ordered" | "collapse", number>;
  /** Images, network, preset, seed and learning rate, in a sentence. */
  facts: string;
}
