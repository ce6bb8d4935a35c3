// The causal mechanisms of an explicit latent causal model and its prior over pairs of causal variables before and after an
// intervention (Brehmer et al. 2022, arXiv:2203.16437, section 4.1): z_i = e_i scale_i + shift_i, where a network of variable i
// computes both from its parents in the graph; an intervened variable is an affine map of noise of its own.
//   log p(z, z' | I) = sum_i log p(z_i | parents) + sum over intervened i of log p_I(z'_i)
//                    + sum over the others of log N(z'_i; counterfactual z_i, thickness)
//   log p(z, z') = log of the mean over all latents + 1 interventions
// The counterfactual is what the noise of before gives after the intervention: along the order where it is fixed, and else, as
// published, from the parents' values in z', which is the same where these are right.
// Unlike in the published code a NaN stays one, and densities are not clamped at 1e12.
import type { Tensor, Variable } from "@tensorflow/tfjs-node";
import type { Random } from "../../../random";
import { drawVariable, tensorflow } from "../../../tensor";
import { standardNormalLogDensity } from "../gaussian-likelihood";
import {
  type AffineMaps,
  affineMaps,
  createAffineNetworks,
  LEAST_SCALE,
  type SolutionFunctions,
} from "../solution-functions";
import {
  createExplicitGraph,
  type ExplicitGraph,
  type ExplicitGraphKind,
  graphVariables,
} from "./explicit-graph";

export interface ExplicitMechanisms {
  graph: ExplicitGraph;
  /** Networks of the mechanisms, stacked over variables. */
  layers: SolutionFunctions["layers"];
  /** [variables], of the interventional densities. */
  interventionLogScale: Variable;
  interventionShift: Variable;
}

export interface ExplicitMechanismsOptions {
  rng: Random;
  graph: ExplicitGraphKind;
  /** Widths of the hidden layers of each mechanism. */
  hidden?: readonly number[];
}

/** Makes the parameters with the published initial values: scales about 1.2, weak effects. */
export function createExplicitMechanisms(
  variables: number,
  { rng, graph: kind, hidden = [64, 64] }: ExplicitMechanismsOptions,
): ExplicitMechanisms {
  const small = () => drawVariable([variables], () => 1e-3 * rng.normal());
  return {
    graph: createExplicitGraph(variables, { kind, rng }),
    layers: createAffineNetworks(variables, { rng, hidden, logScale: 0 }),
    interventionLogScale: small(),
    interventionShift: small(),
  };
}

/** The parameters by name: those of a published network i, stacked over i. */
export const mechanismVariables = ({
  graph,
  layers,
  interventionLogScale,
  interventionShift,
}: ExplicitMechanisms): Record<string, Variable> => ({
  ...Object.fromEntries(
    Object.entries(graphVariables(graph)).map(([name, variable]) => [`graph.${name}`, variable]),
  ),
  ...Object.fromEntries(
    layers.flatMap(({ weight, bias }, i) => [
      [`structure_transforms.param_net.${2 * i}.weight`, weight],
      [`structure_transforms.param_net.${2 * i}.bias`, bias],
    ]),
  ),
  "intervention_transforms.log_scale": interventionLogScale,
  "intervention_transforms.shift": interventionShift,
});

/**
 * The affine map from noise to each variable, given its parents.
 *
 * @param causal [rows, variables], where parents are read
 * @param graphs [rows, variables, variables] or [1, variables, variables], edges from the second axis to the third
 * @param options.alone of this variable only
 * @returns both [variables, rows], or [1, rows] of one alone
 */
export function mechanismMaps(
  { layers }: Pick<ExplicitMechanisms, "layers">,
  causal: Tensor,
  graphs: Tensor,
  { alone }: { alone?: number } = {},
): AffineMaps {
  const tf = tensorflow();
  const [rows, variables] = causal.shape;
  const own = (stacked: Tensor) => (alone === undefined ? stacked : stacked.slice([alone], [1]));
  const parents = own(graphs.transpose([2, 0, 1])).mul(tf.ones([1, rows, variables as number])); // [children, rows, parents]
  const context = tf.concat([parents.mul(causal.expandDims(0)), parents], 2);
  return affineMaps(
    layers.map(({ weight, bias }) => ({ weight: own(weight), bias: own(bias) })),
    context,
  );
}

/** @param causal [rows, variables] @returns the noise behind it, [rows, variables], and log |dz / de| of each, likewise */
export function mechanismNoise(
  mechanisms: Pick<ExplicitMechanisms, "layers">,
  causal: Tensor,
  graphs: Tensor,
): { noise: Tensor; logScale: Tensor } {
  const { scale, shift } = mechanismMaps(mechanisms, causal, graphs);
  return { noise: causal.sub(shift.transpose()).div(scale.transpose()), logScale: scale.transpose().log() };
}

/** What the prior of a batch of pairs is made of. */
export interface ExplicitPrior {
  /** [rows] */
  logPrior: Tensor;
  /** [rows, latents + 1] log p(z, z' | I), no intervention first. */
  logPriorGiven: Tensor;
  /** [rows, latents + 1] p(I | z, z') */
  interventionPosterior: Tensor;
  /** [rows] and twice [rows, latents + 1]: the three sums of the formula above. */
  observed: Tensor;
  intervened: Tensor;
  kept: Tensor;
}

/**
 * Evaluates the prior of pairs of causal variables.
 *
 * @param before [rows, variables]
 * @param after [rows, variables]
 * @param graphs [rows, variables, variables], one a pair
 * @param options.thickness standard deviation of what is not intervened on about its counterfactual, above 0
 */
export function explicitPrior(
  mechanisms: ExplicitMechanisms,
  before: Tensor,
  after: Tensor,
  graphs: Tensor,
  { thickness }: { thickness: number },
): ExplicitPrior {
  if (!(thickness > 0))
    throw new RangeError(`Cannot evaluate the prior as the thickness must be above 0: got ${thickness}`);
  const tf = tensorflow();
  const [rows, variables] = before.shape as [number, number];
  const { noise, logScale } = mechanismNoise(mechanisms, before, graphs);
  const observed = standardNormalLogDensity(noise).sub(logScale).sum(1); // [rows]
  const targets = tf.concat([tf.zeros([1, variables]), tf.eye(variables)], 0); // [interventions, variables]
  const scale = mechanisms.interventionLogScale.exp().add(LEAST_SCALE);
  const set = standardNormalLogDensity(after.sub(mechanisms.interventionShift).div(scale)).sub(scale.log());
  const intervened = tf.matMul(set, targets, false, true); // [rows, interventions]
  const densityOf = (counterfactual: Tensor, now: Tensor) =>
    standardNormalLogDensity(now.sub(counterfactual).div(thickness)).sub(Math.log(thickness));
  let kept: Tensor;
  if (mechanisms.graph.kind === "fixed_order") {
    const blocks = alongTheOrder(mechanisms, before, { noise, after, graphs, targets }); // [interventions, rows, variables]
    const density = densityOf(blocks, after.expandDims(0));
    kept = density.mul(tf.sub(1, targets).expandDims(1)).sum(2).transpose();
  } else {
    const { scale: spread, shift } = mechanismMaps(mechanisms, after, graphs);
    const density = densityOf(noise.mul(spread.transpose()).add(shift.transpose()), after); // [rows, variables]
    kept = tf.matMul(density, tf.sub(1, targets), false, true);
  }
  const logPriorGiven = intervened.add(kept).add(observed.reshape([rows, 1]));
  return {
    logPrior: tf.logSumExp(logPriorGiven, 1).sub(Math.log(variables + 1)),
    logPriorGiven,
    interventionPosterior: tf.softmax(logPriorGiven),
    observed,
    intervened,
    kept,
  };
}

/**
 * What each intervention makes of the noise of before, variable by variable: what comes earlier than the target stays as it was.
 *
 * @returns [interventions, rows, variables]; intervened variables are those of after
 */
function alongTheOrder(
  mechanisms: ExplicitMechanisms,
  before: Tensor,
  { noise, after, graphs, targets }: Record<"noise" | "after" | "graphs" | "targets", Tensor>,
): Tensor {
  const tf = tensorflow();
  const [rows, variables] = before.shape as [number, number];
  const blocks = variables + 1;
  const wide = (one: Tensor) => one.expandDims(0).tile([blocks, ...one.shape.map(() => 1)]);
  const masks = wide(graphs).reshape([blocks * rows, variables, variables]);
  const columns = tf.split(wide(before).reshape([blocks * rows, variables]), variables, 1); // each [blocks * rows, 1]
  const columnOf = (one: Tensor, i: number) => wide(one.slice([0, i], [rows, 1])).reshape([blocks * rows, 1]);
  for (let i = 0; i < variables; i++) {
    const { scale, shift } = mechanismMaps(mechanisms, tf.concat(columns, 1), masks, { alone: i });
    const answer = columnOf(noise, i).mul(scale.transpose()).add(shift.transpose());
    const isTarget = targets
      .slice([0, i], [blocks, 1])
      .expandDims(1)
      .tile([1, rows, 1])
      .reshape([blocks * rows, 1]);
    columns[i] = columnOf(after, i)
      .mul(isTarget)
      .add(answer.mul(tf.sub(1, isTarget)));
  }
  return tf.concat(columns, 1).reshape([blocks, rows, variables]);
}

/**
 * Sets one causal variable and lets its descendants follow, their noise kept. In a graph with cycles, which ENCO's need not be
 * without, the mechanisms are applied as often as there are variables.
 *
 * @param mechanisms those of an explicit model
 * @param causal the variables before. [rows, variables]
 * @param graph [variables, variables], 1 for an edge from row to column
 * @param options.variable which is set, from 0
 * @param options.values what it is set to. [rows, 1]
 * @returns the variables after. [rows, variables]
 * @example
 * import { createExplicitLcm, createRandom, likeliestGraph, setVariable, tensorflow } from "dolab";
 * const tf = tensorflow();
 * const { mechanisms } = createExplicitLcm(2, { graph: "fixed_order", rng: createRandom(0) });
 * const causal = tf.tensor2d([[0.5, 1]]);
 * const graph = likeliestGraph(mechanisms.graph); // the first variable is the second one's cause
 * const after = setVariable(mechanisms, causal, graph, { variable: 1, values: tf.tensor2d([[3]]) });
 * after.arraySync()[0].map((value) => value.toFixed(3)); // => ["0.500", "3.000"]
 */
export function setVariable(
  mechanisms: ExplicitMechanisms,
  causal: Tensor,
  graph: Tensor,
  { variable, values }: { variable: number; values: Tensor },
): Tensor {
  const tf = tensorflow();
  const graphs = graph.expandDims(0);
  const [, variables] = causal.shape as [number, number];
  const { noise } = mechanismNoise(mechanisms, causal, graphs);
  const isSet = tf.oneHot([variable], variables).cast("float32"); // [1, variables]
  const withSet = (z: Tensor) => z.mul(tf.sub(1, isSet)).add(values.mul(isSet));
  let now = withSet(causal);
  for (let round = 0; round < variables; round++) {
    const { scale, shift } = mechanismMaps(mechanisms, now, graphs);
    now = withSet(noise.mul(scale.transpose()).add(shift.transpose()));
  }
  return now;
}
