// Sign descent (signSGD, Bernstein et al. 2018): value = value (1 - learningRate weightDecay) - learningRate sign(gradient).
// The recursive reasoners (HRM, TRM) train the embeddings of their puzzles by it. On purpose different: they update only the
// rows that a batch has used; here every row is one of the gradient, and rows that were not used have the sign 0 but decay.
import { decay, type UpdateRule } from "./update-rule";

export interface SignSgdOptions {
  kind: "sign-sgd";
  /** Decoupled, as AdamW's. */
  weightDecay?: number;
}

export function signSgd({ weightDecay = 0 }: SignSgdOptions): UpdateRule {
  return {
    slots: [],
    update: ({ value, gradient, learningRate }) => ({
      value: decay(value, learningRate, weightDecay).sub(gradient.sign().mul(learningRate)),
      slots: [],
    }),
  };
}
