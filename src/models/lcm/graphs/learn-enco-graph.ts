// ENCO's two phases in turn, as published for latent causal models: densities of each variable given sampled parents are fitted
// to variables before interventions, then edges to variables after them.
import type { Tensor } from "@tensorflow/tfjs-node";
import type { Random } from "../../../random";
import { clipGlobalNorm, compile, createOptimiser, tensorflow } from "../../../tensor";
import {
  createEncoLogits,
  edgeProbabilities,
  encoAdjacency,
  encoGradients,
  MatrixAdam,
  sampleGraphs,
} from "./enco-graph";
import { createEncoNetworks, encoNegativeLogLikelihood, encoVariables } from "./enco-networks";

export interface EncoOptions {
  rng: Random;
  /** What an edge costs. */
  sparsity?: number;
  /** Epochs of densities before the first of edges. */
  pretrainingEpochs?: number;
  /** Epochs of densities and edges in turn; fewer where all edges are decided. */
  epochs?: number;
  /** Widths of the hidden layers. */
  hidden?: readonly number[];
  /** Rows a step of densities; what is left over of an epoch is dropped. */
  densityBatch?: number;
  /** Rows a step of edges. */
  graphBatch?: number;
  /** Graphs that are sampled a step of edges. */
  graphs?: number;
}

const MOST_GRAPH_STEPS = 100; // an epoch
const WARM_UP = 100; // steps
const DECIDED = 1e-3;

/**
 * Learns a causal graph from variables before and after interventions.
 *
 * @param before [rows][variables], without interventions
 * @param after [rows][variables], after them
 * @param targets [rows][variables], 1 where a variable was intervened on, else 0
 * @param options its generator, the cost of an edge, epochs, widths and batches; see `EncoOptions`
 * @returns the edges, [variables][variables] from row to column, and the probability of each
 * @throws {TypeError} where the shapes differ or there is nothing to learn from
 * @example
 * import { createRandom, learnEncoGraph } from "dolab";
 * const rng = createRandom(0);
 * const rows = Array.from({ length: 64 }, (_, i) => i % 2); // which variable is intervened on
 * const before = rows.map(() => rng.normal()).map((cause) => [cause, 2 * cause + 0.1 * rng.normal()]);
 * const after = rows.map((target) => {
 *   const cause = rng.normal();
 *   return [cause, target === 1 ? rng.normal() : 2 * cause + 0.1 * rng.normal()];
 * });
 * const targets = rows.map((target) => [1 - target, target]);
 * const options = { rng, pretrainingEpochs: 10, epochs: 2, hidden: [8], densityBatch: 16, graphBatch: 16, graphs: 20 };
 * learnEncoGraph(before, after, targets, options).adjacency; // => [[0, 1], [0, 0]]
 */
export function learnEncoGraph(
  before: number[][],
  after: number[][],
  targets: number[][],
  {
    rng,
    sparsity = 0.01,
    pretrainingEpochs = 10,
    epochs = 40,
    hidden,
    densityBatch = 512,
    graphBatch = 256,
    graphs = 100,
  }: EncoOptions,
): { adjacency: number[][]; probabilities: number[][] } {
  const variables = before[0]?.length ?? 0;
  for (const rows of [before, after, targets])
    if (variables === 0 || rows.length !== before.length || rows.some((row) => row.length !== variables))
      throw new TypeError(
        `Cannot learn a graph as all must have ${before.length} rows of ${variables} variables, at least 1 of 1`,
      );
  const networks = createEncoNetworks(variables, { rng, hidden });
  const logits = createEncoLogits(variables);
  const densities = densityFitting(networks, variables);
  const gamma = new MatrixAdam(variables, { learningRate: 5e-3, betas: [0.9, 0.9] });
  const theta = new MatrixAdam(variables, { learningRate: 1e-2, betas: [0.9, 0.999] });
  const batchesOf = (size: number) => {
    const order = Array.from(rng.permutation(before.length));
    const fit = Math.min(size, order.length);
    return Array.from({ length: Math.floor(order.length / fit) }, (_, b) =>
      order.slice(b * fit, (b + 1) * fit),
    );
  };
  const fitDensities = () => {
    for (const rows of batchesOf(densityBatch))
      densities.step(
        rows.map((row) => before[row]),
        sampleGraphs(logits, rows.length, rng),
      );
  };
  try {
    for (let epoch = 0; epoch < pretrainingEpochs; epoch++) fitDensities();
    for (let epoch = 0; epoch < epochs && !isDecided(logits.gamma); epoch++) {
      fitDensities();
      for (const rows of batchesOf(graphBatch).slice(0, MOST_GRAPH_STEPS)) {
        const [values, intervened] = [after, targets].map((all) => rows.map((row) => all[row]));
        const sampled = sampleGraphs(logits, graphs, rng);
        const gradients = encoGradients(networks, values, intervened, sampled, logits, { sparsity });
        gamma.apply(logits.gamma, gradients.gamma);
        theta.apply(logits.theta, gradients.theta);
      }
    }
  } finally {
    densities.dispose();
    for (const variable of Object.values(encoVariables(networks))) variable.dispose();
  }
  return { adjacency: encoAdjacency(logits), probabilities: edgeProbabilities(logits) };
}

function isDecided(gamma: readonly (readonly number[])[]): boolean {
  return gamma.every((row, i) =>
    row.every((logit, j) => {
      const probability = 1 / (1 + Math.exp(-logit));
      return i === j || probability * (1 - probability) < DECIDED;
    }),
  );
}

function densityFitting(networks: ReturnType<typeof createEncoNetworks>, variables: number) {
  const tf = tensorflow();
  const trained = encoVariables(networks);
  const optimiser = createOptimiser(trained, { kind: "adamw", weightDecay: 1e-4 });
  const body = (values: Tensor, parents: Tensor, rate: Tensor) => {
    const loss = () => encoNegativeLogLikelihood(networks, values, parents).mean().asScalar();
    const { value, grads } = tf.variableGrads(loss, Object.values(trained));
    optimiser.apply(clipGlobalNorm(grads, 0.1).gradients, rate.asScalar());
    return value;
  };
  const step = compile(body, {
    variables: [...Object.values(trained), ...optimiser.state.values()],
    threads: 1,
  });
  let steps = 0;
  return {
    step(values: number[][], graphs: number[][][]): void {
      const rate = 2e-3 * Math.min(steps / WARM_UP, 1); // the published cosine takes ten million steps: it stands still
      steps += 1;
      const loss = tf.tidy(() => {
        const parents = new Float32Array(variables * graphs.length * variables); // [children, rows, parents]
        for (const [row, graph] of graphs.entries())
          for (let parent = 0; parent < variables; parent++)
            for (let child = 0; child < variables; child++)
              parents[(child * graphs.length + row) * variables + parent] = graph[parent][child];
        const shape: [number, number, number] = [variables, graphs.length, variables];
        return step(tf.tensor2d(values), tf.tensor3d(parents, shape), tf.scalar(rate));
      });
      loss.dispose();
    },
    dispose(): void {
      step.dispose();
      optimiser.dispose();
    },
  };
}
