// The data of the scaling experiment of Brehmer et al. 2022, "Weakly supervised causal representation learning"
// (arXiv:2203.16437, section 5.4): observations before and after an unknown perfect intervention on one variable, or none,
// of a linear causal model behind a rotation. Synthetic. The graph is the published one, bit for bit, of a seed; weights,
// rotation and samples are drawn by our own generator, each from a stream of its own, as the published ones cannot be
// had again: that code reseeds itself from the clock.
import { createRandom, type Random } from "../../random";
import { type CausalGraphKind, causalGraph } from "./causal-graph";
import { bimodalWeights, type LinearCausalModel, solveLinearModel } from "./linear-causal-model";
import { rotation, transposed } from "./rotation";

/** A linear causal model and how its variables are observed. */
export interface Nature extends LinearCausalModel {
  readonly variables: number;
  /** [variables][variables], causal variables to observations: x = R z; its transpose leads back. */
  readonly rotation: readonly (readonly number[])[];
}

/** Rows follow each other in one array: [pairs, variables]. */
export interface PairedInterventions {
  readonly pairs: number;
  readonly variables: number;
  /** How many numbers an observation has; as many as variables where absent. */
  readonly features?: number;
  /** Observations before. */
  readonly before: Float32Array;
  /** Observations after. */
  readonly after: Float32Array;
  readonly causalBefore: Float32Array;
  readonly causalAfter: Float32Array;
  /** [pairs], 0 where nothing was intervened on, k where variable k - 1 was. */
  readonly intervention: Int32Array;
}

export interface NatureOptions {
  graph?: CausalGraphKind;
  /** `data.nature.seed` of the published code: of the graph, and of weights and rotation. */
  seed: number;
}

/**
 * Draws a nature.
 *
 * @param variables from 1
 * @param options.graph "random", "full", "chain" or "empty": by default random
 * @param options.seed of the graph, the published code's `data.nature.seed`, and of weights and rotation
 * @returns graph, weights and rotation
 * @throws {RangeError} for another number of variables or another graph
 * @example
 * import { createNature } from "dolab";
 * createNature(3, { seed: 42 }).graph; // => [[0, 0, 1], [0, 0, 1], [0, 0, 0]]
 */
export function createNature(variables: number, { graph = "random", seed }: NatureOptions): Nature {
  const adjacency = causalGraph(variables, { kind: graph, seed });
  const rng = createRandom(seed);
  const turn = rng.split("rotation");
  const upper = Array.from({ length: (variables * (variables - 1)) / 2 }, () => turn.normal());
  return {
    variables,
    graph: adjacency,
    weights: bimodalWeights(variables, rng.split("weights")),
    rotation: transposed(rotation(variables, upper)),
  };
}

/**
 * Draws pairs before and after interventions: with equal probability none, or one on either variable.
 *
 * @param nature as `createNature` makes it
 * @param pairs how many, from 1
 * @param options.rng is drawn from; one stream for each purpose
 * @returns observations and causal variables, row after row, with what was intervened on
 * @throws {RangeError} where the number of pairs is no whole number of at least 1
 * @example
 * import { createNature, createRandom, drawPairs } from "dolab";
 * const nature = createNature(2, { seed: 0 });
 * const { before, intervention } = drawPairs(nature, 100, { rng: createRandom(1) });
 * before.length; // => 200
 * Math.max(...intervention); // => 2
 */
export function drawPairs(nature: Nature, pairs: number, { rng }: { rng: Random }): PairedInterventions {
  if (!(Number.isSafeInteger(pairs) && pairs >= 1))
    throw new RangeError(`Cannot draw pairs as there must be at least one: got ${pairs}`);
  const { variables } = nature;
  const rows = () => new Float32Array(pairs * variables);
  const [before, after, causalBefore, causalAfter] = [rows(), rows(), rows(), rows()];
  const intervention = new Int32Array(pairs);
  const noise = new Float64Array(variables);
  for (let pair = 0; pair < pairs; pair++) {
    for (let i = 0; i < variables; i++) noise[i] = rng.normal();
    const label = rng.integer(0, variables + 1);
    const first = solveLinearModel(nature, noise);
    if (label > 0) noise[label - 1] = rng.normal();
    const second = label > 0 ? solveLinearModel(nature, noise, label - 1) : first;
    intervention[pair] = label;
    causalBefore.set(first, pair * variables);
    causalAfter.set(second, pair * variables);
    before.set(observeNature(nature, first), pair * variables);
    after.set(observeNature(nature, second), pair * variables);
  }
  return { pairs, variables, before, after, causalBefore, causalAfter, intervention };
}

/**
 * Observes causal variables: it rotates them.
 *
 * @param nature as `createNature` makes it
 * @param causal [variables]
 * @returns [variables]
 * @example
 * import { createNature, observeNature } from "dolab";
 * const nature = createNature(3, { seed: 0 });
 * const seen = observeNature(nature, [1, 2, 2]);
 * Math.hypot(...seen).toFixed(6); // => "3.000000"
 */
export function observeNature({ rotation: matrix }: Nature, causal: ArrayLike<number>): Float64Array {
  const seen = new Float64Array(causal.length);
  for (let i = 0; i < seen.length; i++)
    for (let j = 0; j < seen.length; j++) seen[i] += matrix[i][j] * causal[j];
  return seen;
}

/** How many pairs each part of a dataset has; published: 100,000, 100,000, 10,000 and 10,000. */
export interface SplitSizes {
  train: number;
  /** What the regressors of DCI are fitted to. */
  dci: number;
  validation: number;
  test: number;
}

export type PairedSplits = Record<keyof SplitSizes, PairedInterventions>;

/**
 * Draws the parts of a dataset, each from a stream of its own: the size of one changes no other.
 *
 * @param nature as `createNature` makes it
 * @param sizes how many pairs each part has, from 1
 * @param options.seed of the samples
 * @returns the pairs of each part
 * @example
 * import { createNature, drawSplits } from "dolab";
 * const sizes = { train: 4, dci: 3, validation: 2, test: 1 };
 * const { train, test } = drawSplits(createNature(2, { seed: 0 }), sizes, { seed: 1 });
 * [train.pairs, test.pairs]; // => [4, 1]
 */
export function drawSplits(nature: Nature, sizes: SplitSizes, { seed }: { seed: number }): PairedSplits {
  const rng = createRandom(seed);
  const draw = (part: keyof SplitSizes) =>
    drawPairs(nature, sizes[part], { rng: rng.split(`pairs: ${part}`) });
  return { train: draw("train"), dci: draw("dci"), validation: draw("validation"), test: draw("test") };
}
