// The learnable causal graphs of explicit latent causal models (Brehmer et al. 2022, arXiv:2203.16437): edges within a fixed order
// of the variables; ENCO's edges, with an existence and a direction each (Lippe, Cohen & Gavves 2022, arXiv:2107.10483); and
// differentiable DAG sampling, edges within an order that is itself learnt by sorting scores (DDS: Charpentier et al. 2022,
// arXiv:2203.08509; SoftSort: Prillo & Eisenschlos 2020, arXiv:2006.16038). Edges are relaxed Bernoulli variables (Maddison
// et al. 2017, arXiv:1611.00712): sigmoid((logit + logistic noise) / temperature), of which the published code's softmax over
// two Gumbel variables is another spelling.
import type { Scalar, Tensor, Tensor2D, Tensor3D, Variable } from "@tensorflow/tfjs-node";
import type { Random } from "../../../random";
import { drawVariable, statelessUniform, tensorflow } from "../../../tensor";
import { straightThrough } from "../straight-through";

export const explicitGraphKinds = ["fixed_order", "enco", "dds"] as const;
export type ExplicitGraphKind = (typeof explicitGraphKinds)[number];

/** The parameters of a graph; edges are counted row by row in the triangle above the diagonal. */
export interface ExplicitGraph {
  readonly kind: ExplicitGraphKind;
  readonly variables: number;
  /** [edges] logits of the existence of an edge, in either direction (ENCO) or in the order's. */
  readonly existence: Variable;
  /** [edges] logits of its direction from the lower to the higher variable: ENCO alone. */
  readonly orientation?: Variable;
  /** [variables] scores, the first cause has the largest: DDS alone. */
  readonly scores?: Variable;
}

/**
 * How a graph is taken: "soft", edges relaxed to numbers from 0 to 1; "hard", sampled edges with the relaxed ones' gradient;
 * "deterministic", the likeliest edges with the gradient of relaxed sampled ones, as in the published scaling experiment.
 */
export type GraphSampling = "soft" | "hard" | "deterministic";

/**
 * Makes a graph with the published initial values: every edge exists with a probability of .98, no direction is preferred.
 *
 * @throws {RangeError} for another kind
 * @example
 * import { createRandom } from "dolab";
 * createExplicitGraph(4, { kind: "enco", rng: createRandom(0) }).existence.shape; // => [6]
 */
export function createExplicitGraph(
  variables: number,
  { kind, rng }: { kind: ExplicitGraphKind; rng: Random },
): ExplicitGraph {
  if (!explicitGraphKinds.includes(kind))
    throw new RangeError(
      `Cannot make a graph as it must be one of ${explicitGraphKinds.join(", ")}: got ${kind}`,
    );
  const edges = (variables * (variables - 1)) / 2;
  const logits = (count: number, mean: number) => drawVariable([count], () => mean + 0.01 * rng.normal());
  const existence = logits(edges, 4);
  if (kind === "enco") return { kind, variables, existence, orientation: logits(edges, 0) };
  return kind === "dds"
    ? { kind, variables, existence, scores: logits(variables, 0) }
    : { kind, variables, existence };
}

/** The parameters by their published names. */
export function graphVariables({
  kind,
  existence,
  orientation,
  scores,
}: ExplicitGraph): Record<string, Variable> {
  return {
    [kind === "fixed_order" ? "edge_logits" : "edge_existence_logits"]: existence,
    ...(orientation ? { edge_orientation_logits: orientation } : {}),
    ...(scores ? { permutation_logits: scores } : {}),
  };
}

/**
 * Gives the probability of each edge, from row to column; with DDS, in the likeliest order.
 *
 * @param graph such as `mechanisms.graph` of an explicit model
 * @returns [variables, variables], 0 on the diagonal
 * @example
 * import { createExplicitLcm, createRandom, edgeProbabilityMatrix } from "dolab";
 * const { mechanisms } = createExplicitLcm(2, { graph: "fixed_order", rng: createRandom(0) });
 * const [first, second] = edgeProbabilityMatrix(mechanisms.graph).arraySync();
 * first.map((probability) => probability.toFixed(2)); // => ["0.00", "0.98"]
 * second; // => [0, 0]
 */
export function edgeProbabilityMatrix(graph: ExplicitGraph): Tensor2D {
  const existence = graph.existence.sigmoid().expandDims(0);
  const orientation = graph.orientation?.sigmoid().expandDims(0);
  const order = graph.scores && sortingMatrix(graph.scores.expandDims(0) as Tensor2D).hard;
  return asMatrices(graph, { existence, orientation, order }).squeeze([0]);
}

/**
 * Takes the edges that are likelier than not, each in its likelier direction.
 *
 * @param graph such as `mechanisms.graph` of an explicit model
 * @returns [variables, variables], ones for edges from row to column, zeros else
 * @example
 * import { createExplicitLcm, createRandom, likeliestGraph } from "dolab";
 * const { mechanisms } = createExplicitLcm(3, { graph: "fixed_order", rng: createRandom(0) });
 * likeliestGraph(mechanisms.graph).arraySync(); // => [[0, 1, 1], [0, 0, 1], [0, 0, 0]]
 */
export function likeliestGraph(graph: ExplicitGraph): Tensor2D {
  const isLikely = (logits: Variable) => logits.greaterEqual(0).cast("float32").expandDims(0);
  const existence = isLikely(graph.existence);
  const orientation = graph.orientation && isLikely(graph.orientation);
  const order = graph.scores && sortingMatrix(graph.scores.expandDims(0) as Tensor2D).hard;
  return asMatrices(graph, { existence, orientation, order }).squeeze([0]);
}

/**
 * Samples graphs.
 *
 * @param options.rows how many
 * @param options.seed int32 [2], of a stateless draw
 * @param options.temperature of the relaxation; the order of DDS is always sampled hard, at temperature 1, as published
 * @returns [rows, variables, variables], edges from the second axis to the third
 */
export function sampleExplicitGraphs(
  graph: ExplicitGraph,
  {
    rows,
    seed,
    sampling,
    temperature = 1,
  }: { rows: number; seed: Tensor; sampling: GraphSampling; temperature?: number },
): Tensor3D {
  const tf = tensorflow();
  const { variables, existence, orientation, scores } = graph;
  const edges = existence.shape[0];
  const second = orientation ? edges : scores ? variables : 0;
  const uniform = statelessUniform([rows, edges + second], seed).clipByValue(1e-7, 1 - 1e-7);
  const [first, rest] = tf.split(uniform, [edges, second], 1);
  const relaxed = (logits: Variable, draws: Tensor): Tensor => {
    const logistic = draws.log().sub(tf.sub(1, draws).log());
    const soft = logits.add(logistic).div(temperature).sigmoid(); // [rows, edges]
    return sampling === "hard" ? straightThrough(soft.greater(0.5).cast("float32"), soft) : soft;
  };
  const gumbel = () => rest.log().neg().log().neg();
  const order = scores && sampledOrder(scores.add(gumbel()) as Tensor2D);
  const sampled = asMatrices(graph, {
    existence: relaxed(existence, first),
    orientation: orientation && relaxed(orientation, rest),
    order,
  });
  if (sampling !== "deterministic") return sampled;
  return straightThrough(likeliestGraph(graph).expandDims(0).tile([rows, 1, 1]) as Tensor3D, sampled);
}

/** The expected number of edges, which a regulariser may keep low. */
export const expectedEdges = (graph: ExplicitGraph): Scalar =>
  (graph.scores ? graph.existence.sigmoid().sum() : edgeProbabilityMatrix(graph).sum()) as Scalar;

/** Terms of the matrix exponential. */
const TERMS = 20;

/**
 * How far edge probabilities are from an acyclic graph: (trace exp(A) - variables)^2 (Zheng et al. 2018, arXiv:1803.01422);
 * 0 where an order rules out cycles.
 */
export function cyclicity(graph: ExplicitGraph): Scalar {
  const tf = tensorflow();
  if (graph.kind !== "enco") return tf.scalar(0);
  const edges = edgeProbabilityMatrix(graph);
  let power: Tensor2D = edges;
  let trace: Tensor = tf.scalar(0);
  for (let order = 2; order <= TERMS; order++) {
    power = tf.matMul(power, edges).div(order); // A^order / order!
    trace = trace.add(power.mul(tf.eye(graph.variables)).sum());
  }
  return trace.square() as Scalar; // the terms of orders 0 and 1 are the number of variables and 0
}

/**
 * Puts edges in their places.
 *
 * @param parts.existence [rows, edges], and orientation likewise
 * @param parts.order [rows, variables, variables], row k: one where a variable is the k-th cause
 */
function asMatrices(
  { variables }: Pick<ExplicitGraph, "variables">,
  { existence, orientation, order }: { existence: Tensor; orientation?: Tensor; order?: Tensor },
): Tensor3D {
  const tf = tensorflow();
  const upper = (values: Tensor) => values.matMul(placesOf(variables)).reshape([-1, variables, variables]);
  const directed = (values: Tensor) => upper(values) as Tensor3D;
  if (orientation) {
    const back = tf.sub(1, orientation).mul(existence);
    return directed(existence.mul(orientation)).add(directed(back).transpose([0, 2, 1]));
  }
  return order
    ? (tf.matMul(tf.matMul(order, directed(existence), true), order) as Tensor3D)
    : directed(existence);
}

/** @returns [edges, variables * variables] ones where an edge has its place above the diagonal */
function placesOf(variables: number): Tensor2D {
  const places = Array.from({ length: variables }, (_, i) =>
    Array.from({ length: variables - i - 1 }, (__, step) => i * variables + i + 1 + step),
  ).flat();
  return tensorflow()
    .oneHot(tensorflow().tensor1d(places, "int32"), variables * variables)
    .cast("float32") as Tensor2D;
}

/**
 * @param scores [rows, variables]
 * @returns both [rows, variables, variables]: row k of `hard` is one at the k-th largest score, of `soft` SoftSort's relaxation
 */
function sortingMatrix(scores: Tensor2D): { hard: Tensor; soft: Tensor } {
  const tf = tensorflow();
  const [, variables] = scores.shape;
  const own = scores.expandDims(1); // [rows, 1, variables]
  const rank = scores.expandDims(2).sub(own).sign().add(1).sum(1).div(2).sub(0.5); // how many are larger: [rows, variables]
  const isRank = tf.oneHot(rank.round().toInt() as Tensor2D, variables).cast("float32"); // [rows, variables, ranks]
  const hard = isRank.transpose([0, 2, 1]);
  const sorted = tf.matMul(hard, scores.expandDims(2)); // [rows, ranks, 1], with the scores' gradient
  return { hard, soft: tf.softmax(own.sub(sorted).abs().neg()) };
}

function sampledOrder(scores: Tensor2D): Tensor {
  const { hard, soft } = sortingMatrix(scores);
  return straightThrough(hard, soft);
}
