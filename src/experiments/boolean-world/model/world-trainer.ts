// The network of a world with its compiled training step: made once and begun anew for every training of a sweep, since its
// graph, which takes seconds to trace and compile, does not depend on seeds, held-out states or learning rate.
import type { Scalar, Tensor, Tensor1D, Variable } from "@tensorflow/tfjs-node";
import type { BooleanRules } from "../../../data";
import { createGpt2, type Gpt2Configuration, gpt2, nextTokenLoss } from "../../../models";
import type { Tokenizer } from "../../../models/gpt2/tokenizer";
import { createRandom, type Random } from "../../../random";
import { createTrainer, type LearningRate } from "../../../train";
import type { TrainingConfiguration } from "../configuration";
import { longestText, worldTokenizer } from "./world-texts";

/** XLA makes steps faster and takes seconds to compile them: not worth it for fewer. */
const FEWEST_FOR_XLA = 250;

export interface WorldTrainer {
  readonly parameters: Readonly<Record<string, Variable>>;
  readonly sizes: Gpt2Configuration;
  readonly tokenizer: Tokenizer;
  /** Weights and the optimiser's state, by name. */
  readonly variables: Readonly<Record<string, Variable>>;
  /** Draws weights and forgets the optimiser's state. */
  begin(rng: Random, learningRate: LearningRate): void;
  /**
   * Takes a step. @returns the loss before it
   *
   * @param tokens [batch, time]
   * @param targets each token's weight in the loss. [batch, time]
   * @param seed of dropout. [2]
   */
  step(tokens: Tensor, targets: Tensor, seed: Tensor1D): Scalar;
  /** The loss alone. */
  loss(tokens: Tensor, targets: Tensor): Scalar;
  /** Lets go of all but the weights. */
  dispose(): void;
}

/** @param steps of a training, by which it is decided how they are compiled */
export function createWorldTrainer(
  rules: BooleanRules,
  { vocabulary, width, layers, heads, weightDecay, clipNorm, dropout: rate }: TrainingConfiguration,
  steps: number,
): WorldTrainer {
  const tokenizer = worldTokenizer(rules, vocabulary);
  const positions = longestText(rules, tokenizer);
  const sizes: Gpt2Configuration = { vocabulary: tokenizer.size, positions, width, layers, heads };
  const parameters = createGpt2(sizes, { rng: createRandom(0) });
  const lossOf = (tokens: Tensor, targets: Tensor, dropout?: { rate: number; seed: Tensor }) =>
    nextTokenLoss(gpt2(parameters, tokens, sizes, { dropout }), tokens, { mask: targets });
  const trainer = createTrainer({
    parameters,
    loss: (tokens: Tensor, targets: Tensor, seed: Tensor1D) =>
      lossOf(tokens, targets, rate > 0 ? { rate, seed } : undefined),
    optimiser: { kind: "adamw", weightDecay },
    learningRate: 0, // until `begin` says it
    clipNorm,
    jit: steps >= FEWEST_FOR_XLA,
  });
  const state = Object.entries(trainer.state).map(([name, variable]) => [
    name.replace(/^optimiser\//, "adamw."), // as checkpoints name it
    variable,
  ]);
  return {
    parameters,
    sizes,
    tokenizer,
    variables: { ...parameters, ...Object.fromEntries(state) },
    begin: (rng, learningRate) => trainer.begin(() => createGpt2(sizes, { rng }), { learningRate }),
    step: trainer.step,
    loss: lossOf,
    dispose: trainer.dispose,
  };
}
