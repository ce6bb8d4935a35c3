// Causal discovery by ENCO (Lippe, Cohen & Gavves 2022, arXiv:2107.10483) on causal variables before and after interventions, as
// in the published weakly supervised causal representation learning code: edges exist with probability sigmoid(gamma) and have
// their direction with sigmoid(theta); both are learnt from how likely children are in sampled graphs with and without an edge.
// Exactly the published gradients, at a fraction of their cost: a child's likelihood hangs on its own parents alone, so that each
// set of parents that occurs among the sampled graphs is evaluated once a batch. Values are not standardised, as there.
import type { Tensor2D } from "@tensorflow/tfjs-node";
import type { Random } from "../../../random";
import { tensorflow } from "../../../tensor";
import { type EncoNetworks, encoNegativeLogLikelihood } from "./enco-networks";

type Matrix = number[][];

/** Logits of edges, [variables][variables] each; entries on the diagonal count nothing. */
export interface EncoLogits {
  gamma: Matrix;
  /** theta[i][j] = -theta[j][i] */
  theta: Matrix;
}

const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));
const squareOf = (size: number, entry: (i: number, j: number) => number): Matrix =>
  Array.from({ length: size }, (_, i) => Array.from({ length: size }, (__, j) => entry(i, j)));

export const createEncoLogits = (variables: number): EncoLogits => ({
  gamma: squareOf(variables, () => 0),
  theta: squareOf(variables, () => 0),
});

/** The probability of each edge; 0 on the diagonal. */
export const edgeProbabilities = ({ gamma, theta }: EncoLogits): Matrix =>
  squareOf(gamma.length, (i, j) => (i === j ? 0 : sigmoid(gamma[i][j]) * sigmoid(theta[i][j])));

/** @returns [graphs][variables][variables] of zeros and ones */
export function sampleGraphs(logits: EncoLogits, graphs: number, rng: Random): Matrix[] {
  const probabilities = edgeProbabilities(logits);
  return Array.from({ length: graphs }, () =>
    probabilities.map((row) => row.map((probability) => Number(rng.uniform() < probability))),
  );
}

/** The edges that are likelier than not, and lead in their likelier direction. */
export const encoAdjacency = ({ gamma, theta }: EncoLogits): Matrix =>
  squareOf(gamma.length, (i, j) => Number(i !== j && theta[i][j] > 0 && gamma[i][j] > 0));

/**
 * Gradients of the logits, averaged over a batch.
 *
 * @param values [rows][variables]
 * @param targets [rows][variables], 1 where a variable was intervened on
 * @param graphs sampled ones, of which each edge is in some and not in others; else it has no gradient
 * @param options.sparsity what an edge costs
 */
export function encoGradients(
  networks: EncoNetworks,
  values: Matrix,
  targets: Matrix,
  graphs: readonly Matrix[],
  logits: EncoLogits,
  { sparsity }: { sparsity: number },
): EncoLogits {
  const variables = logits.gamma.length;
  const rows = values.length;
  const parentsOf = (graph: Matrix, child: number) => graph.map((row) => row[child]);
  const sets = logits.gamma.map(
    (_, child) => new Map(graphs.map((graph) => [parentsOf(graph, child).join(), 0])),
  );
  const most = Math.max(...sets.map(({ size }) => size));
  const parents = sets.map((own) => {
    const masks = Array.from(own.keys(), (key) => key.split(",").map(Number));
    for (const [index, key] of Array.from(own.keys()).entries()) own.set(key, index);
    return Array.from({ length: most }, (_, index) => masks[Math.min(index, masks.length - 1)]);
  }); // [variables][sets][variables]
  const nll = likelihoods(networks, values, parents); // [variables, sets, rows]
  /** Mean over rows of a child's likelihood in each graph, rows weighted. */
  const inGraphs = (child: number, weight: (row: number) => number): number[] => {
    const means = new Float64Array(most);
    for (let set = 0; set < most; set++)
      for (let row = 0; row < rows; row++)
        means[set] += (weight(row) * nll[(child * most + set) * rows + row]) / rows;
    return graphs.map((graph) => means[sets[child].get(parentsOf(graph, child).join()) as number]);
  };
  const change = (i: number, j: number, scores: number[]): number => {
    let [withEdge, without, count] = [0, 0, 0];
    for (const [g, graph] of graphs.entries()) {
      if (graph[i][j]) withEdge += scores[g];
      else without += scores[g];
      count += graph[i][j];
    }
    return withEdge / count - without / (graphs.length - count);
  };
  const untouched = logits.gamma.map((_, child) => inGraphs(child, (row) => 1 - targets[row][child]));
  const isSampled = squareOf(variables, (i, j) => {
    const count = graphs.reduce((sum, graph) => sum + graph[i][j], 0);
    return Number(i !== j && count > 0 && count < graphs.length);
  });
  const gamma = squareOf(variables, (i, j) => {
    if (!isSampled[i][j]) return 0;
    const [existence, direction] = [sigmoid(logits.gamma[i][j]), sigmoid(logits.theta[i][j])];
    const share = targets.reduce((sum, row) => sum + 1 - row[j], 0) / rows;
    return direction * existence * (1 - existence) * (change(i, j, untouched[j]) + sparsity * share);
  });
  const turn = squareOf(variables, (i, j) => {
    if (!isSampled[i][j]) return 0;
    const [existence, direction] = [sigmoid(logits.gamma[i][j]), sigmoid(logits.theta[i][j])];
    const scores = inGraphs(j, (row) => targets[row][i] * (1 - targets[row][i] * targets[row][j]));
    return existence * direction * (1 - direction) * change(i, j, scores);
  });
  return { gamma, theta: squareOf(variables, (i, j) => turn[i][j] - turn[j][i]) };
}

/** @param parents [variables][sets][variables] @returns [variables, sets, rows] */
function likelihoods(networks: EncoNetworks, values: Matrix, parents: number[][][]): Float32Array {
  const tf = tensorflow();
  const [variables, sets, rows] = [parents.length, parents[0].length, values.length];
  return tf.tidy(() => {
    const given = tf.tensor2d(values) as Tensor2D;
    const repeated = given.tile([sets, 1]); // [sets * rows, variables]
    const masks = tf
      .tensor3d(parents)
      .expandDims(2)
      .tile([1, 1, rows, 1])
      .reshape([variables, sets * rows, variables]);
    return encoNegativeLogLikelihood(networks, repeated, masks).dataSync<"float32">() as never;
  }) as Float32Array;
}

/** Adam on matrices; entries without a gradient keep their value, as their moments are 0. */
export class MatrixAdam {
  private readonly means: Matrix;
  private readonly squares: Matrix;
  private step = 0;

  constructor(
    size: number,
    private readonly settings: { learningRate: number; betas: readonly [number, number] },
  ) {
    this.means = squareOf(size, () => 0);
    this.squares = squareOf(size, () => 0);
  }

  /** Changes `values` in place. */
  apply(values: Matrix, gradients: Matrix): void {
    const { learningRate, betas } = this.settings;
    const [first, second] = betas;
    this.step += 1;
    const [c1, c2] = [1 - first ** this.step, 1 - second ** this.step];
    for (const [i, row] of gradients.entries())
      for (const [j, gradient] of row.entries()) {
        this.means[i][j] = first * this.means[i][j] + (1 - first) * gradient;
        this.squares[i][j] = second * this.squares[i][j] + (1 - second) * gradient ** 2;
        values[i][j] -= (learningRate * this.means[i][j]) / c1 / (Math.sqrt(this.squares[i][j] / c2) + 1e-8);
      }
  }
}
