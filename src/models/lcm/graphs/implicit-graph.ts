// The causal graph behind solution functions (Brehmer et al. 2022, arXiv:2203.16437, appendix; "implicit" graph in the
// published code). How much a function depends on one of its inputs is the mean squared change of its standardised values
// when that input is permuted among samples. Variables are put in topological order, least dependent first; each variable's
// mechanism follows from its solution function where the noise of its ancestors is found from their causal variables and
// all other noise is permuted; the effect of j on i is how much the mechanism of i depends on z_j.
// Kept from the published code: mechanisms run the map from z to e in both directions, and an ancestor's mechanism permutes
// noise that is permuted already. On purpose unlike there: both sides of a comparison have the same permutations, which else
// add noise to the effects, and of a dVAE, whose functions see no noise, there is no effect.
import type { Tensor, Tensor2D, Tensor3D } from "@tensorflow/tfjs-node";
import type { Random } from "../../../random";
import { tensorflow } from "../../../tensor";
import { noiseToCausal, type SolutionFunctions, solutionFunctions } from "../solution-functions";

/** How samples are permuted, so that a graph can be found again. */
export interface NoisePermutations {
  /** [rows], of the input whose effect is measured. */
  input: Int32Array;
  /** [variables][rows], of the noise of variables that are no ancestors. */
  columns: readonly Int32Array[];
}

export interface ImplicitGraph {
  /** [variables][variables], row j, column i: how much the mechanism of i depends on j; 0 where j is no ancestor. */
  effects: number[][];
  /** Variables from first cause to last effect. */
  order: number[];
  /** [variables][variables], row i, column j: how much solution function i depends on the noise of j. */
  dependence: number[][];
}

const LEAST_DEVIATION = 0.1;

/**
 * Draws the permutations that `implicitGraph` measures dependence with.
 *
 * @param rows how many samples there are
 * @param variables how many causal variables there are
 * @param rng the same generator's state gives the same permutations
 * @returns one permutation for the input that is measured, and one for the noise of each variable
 * @example
 * import { createRandom, drawNoisePermutations } from "dolab";
 * const { input, columns } = drawNoisePermutations(4, 2, createRandom(0));
 * Array.from(input).sort(); // => [0, 1, 2, 3]
 * columns.length; // => 2
 */
export function drawNoisePermutations(rows: number, variables: number, rng: Random): NoisePermutations {
  const columns = Array.from({ length: variables }, (_, k) => rng.split(`column ${k}`).permutation(rows));
  return { input: rng.split("input").permutation(rows), columns };
}

/**
 * Finds the graph behind solution functions.
 *
 * @param functions those of an implicit model
 * @param noise mean noise encodings of at least two samples. [rows, variables]
 * @param permutations as `drawNoisePermutations` gives them for as many rows and variables
 * @returns the effects of variables on each other, their order, and how much solution functions depend on noise
 * @example
 * import { createIlcm, createRandom, drawNoisePermutations, implicitGraph, tensorflow } from "dolab";
 * const rng = createRandom(0);
 * const model = createIlcm(2, { rng, ancestors: "earlier", solutionHidden: [4] });
 * const noise = tensorflow().tensor2d([[1, 2], [-1, 0], [0, -2], [2, 1]]);
 * const { order, effects } = implicitGraph(model.solutionFunctions, noise, drawNoisePermutations(4, 2, rng));
 * order; // => [0, 1]
 * [effects[0][1] > 0, effects[1][0] > 0]; // => [true, false]
 */
export function implicitGraph(
  functions: SolutionFunctions,
  noise: Tensor2D,
  permutations: NoisePermutations,
): ImplicitGraph {
  const tf = tensorflow();
  const [, variables] = noise.shape;
  return tf.tidy(() => {
    const dependence = noiseDependence(functions, noise, permutations.input);
    const order = topologicalOrder(dependence);
    const causal = noiseToCausal(functions, noise);
    const effects = Array.from({ length: variables }, () => new Array<number>(variables).fill(0));
    const mechanisms = new Mechanisms(functions, order, permutations.columns);
    for (const [position, i] of order.entries()) {
      const value = (z: Tensor) => mechanisms.evaluate(i, noise.slice([0, i], [-1, 1]), z, noise);
      const usual = tf.keep(tf.tidy(() => value(causal)));
      for (const j of order.slice(0, position)) {
        const changed = tf.tidy(() => value(withPermuted(causal, j, permutations.input)));
        effects[j][i] = standardisedChange(usual, changed);
        changed.dispose();
      }
      usual.dispose();
    }
    tf.dispose(causal);
    return { effects, order, dependence } as never;
  }) as ImplicitGraph;
}

/**
 * Orders variables from first cause to last effect: it takes repeatedly the remaining variable that depends least on the other
 * remaining ones, and the first one where several do.
 *
 * @param dependence [variables][variables], row i, column j: how much i depends on j, from 0
 * @returns the variables' indices in their order
 * @example
 * import { topologicalOrder } from "dolab";
 * topologicalOrder([[0, 2], [0, 0]]); // => [1, 0]
 */
export function topologicalOrder(dependence: readonly (readonly number[])[]): number[] {
  const remaining = dependence.map((_, i) => i);
  const order: number[] = [];
  while (remaining.length > 0) {
    const scores = remaining.map((i) =>
      remaining.reduce((sum, j) => (j === i ? sum : sum + dependence[i][j]), 0),
    );
    const [next] = remaining.splice(scores.indexOf(Math.min(...scores)), 1);
    order.push(next);
  }
  return order;
}

/** @returns [variables][variables], row i, column j: how much e_i -> z_i depends on the noise of j */
function noiseDependence(functions: SolutionFunctions, noise: Tensor2D, permutation: Int32Array): number[][] {
  const tf = tensorflow();
  const [, variables] = noise.shape;
  const solve = (context: Tensor) => {
    const { scale, shift } = solutionFunctions(functions, context.expandDims(0) as Tensor3D);
    return noise.transpose().sub(shift).div(scale); // [variables, rows]
  };
  return tf.tidy(() => {
    const usual = tf.unstack(solve(noise));
    const rows = usual.map(() => new Array<number>(variables).fill(0));
    for (let j = 0; j < variables; j++) {
      const changed = tf.unstack(solve(withPermuted(noise, j, permutation)));
      for (let i = 0; i < variables; i++) if (i !== j) rows[i][j] = standardisedChange(usual[i], changed[i]);
    }
    return rows as never;
  }) as number[][];
}

/** Causal mechanisms, made of solution functions and an order. */
class Mechanisms {
  constructor(
    private readonly functions: SolutionFunctions,
    private readonly order: readonly number[],
    private readonly columns: readonly Int32Array[],
  ) {}

  /**
   * @param input [rows, 1], of variable i
   * @param causal [rows, variables], where its parents are found
   * @param noise [rows, variables]
   * @param found noise of ancestors, [rows, 1] each, which is added to
   * @returns [rows, 1]
   */
  evaluate(
    i: number,
    input: Tensor,
    causal: Tensor,
    noise: Tensor,
    found = new Map<number, Tensor>(),
  ): Tensor {
    const tf = tensorflow();
    const context = tf
      .unstack(noise, 1)
      .map((column, k) => tf.gather(column, permutationTensor(this.columns[k])));
    for (const ancestor of this.order.slice(0, this.order.indexOf(i))) {
      let own = found.get(ancestor);
      if (own === undefined) {
        const z = causal.slice([0, ancestor], [-1, 1]);
        own = this.evaluate(ancestor, z, causal, tf.stack(context, 1), found);
        found.set(ancestor, own);
      }
      context[ancestor] = own.squeeze([1]);
    }
    const rows = tf.stack(context, 1).expandDims(0) as Tensor3D; // [1, rows, variables]
    const { scale, shift } = solutionFunctions(this.functions, rows, { alone: i });
    return input.mul(scale.transpose()).add(shift.transpose());
  }
}

const permutationTensor = (permutation: Int32Array) => tensorflow().tensor1d(permutation, "int32");

/** @returns the rows with one column permuted */
function withPermuted(rows: Tensor, column: number, permutation: Int32Array): Tensor2D {
  const tf = tensorflow();
  const columns = tf.unstack(rows, 1);
  columns[column] = tf.gather(columns[column], permutationTensor(permutation));
  return tf.stack(columns, 1) as Tensor2D;
}

/** Mean squared difference in units of the first one's standard deviation, at least 0.1. */
function standardisedChange(usual: Tensor, changed: Tensor): number {
  return tensorflow().tidy(() => {
    const { variance } = tensorflow().moments(usual);
    const count = usual.size;
    const deviation = Math.max(Math.sqrt((variance.dataSync()[0] * count) / (count - 1)), LEAST_DEVIATION);
    return (usual.sub(changed).square().mean().dataSync()[0] / deviation ** 2) as never;
  }) as number;
}
