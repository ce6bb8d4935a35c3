// The solution functions of an implicit structural causal model (Brehmer et al. 2022, arXiv:2203.16437, section 4): the
// causal variable z_i follows from the noise encodings e as z_i = (e_i - shift_i) / scale_i, where an MLP of variable i
// computes both from the noise of its possible ancestors m_i: its input is [m_i e, m_i], its scale exp(output_0) + 0.2.
// Unlike the published code, which runs one network after the other, all are one set of weights [variables, inputs,
// outputs] and one batched product. Masked noise is 0: no medians take its place once an order is fixed.
import type { Tensor, Tensor3D, Variable } from "@tensorflow/tfjs-node";
import type { Random } from "../../random";
import { drawVariable, fanInUniform, relu, tensorflow } from "../../tensor";

/**
 * Whose noise a solution function sees: of all "others" (implicit models; "none" in the published code), of "nothing"
 * (disentangled VAE; "none_trivial"), of what comes "earlier" in the order of the variables ("fixed_order"), or of what comes
 * earlier in an order that is given, from first cause to last effect (an implicit model whose order was fixed in training).
 */
export type Ancestors = "others" | "nothing" | "earlier" | readonly number[];

export interface SolutionFunctions {
  layers: {
    /** [variables, inputs, outputs] */
    weight: Variable;
    /** [variables, 1, outputs] */
    bias: Variable;
  }[];
  ancestors: Ancestors;
}

export interface SolutionFunctionsOptions {
  rng: Random;
  ancestors?: Ancestors;
  /** Widths of the hidden layers. */
  hidden?: readonly number[];
}

export const LEAST_SCALE = 0.2;

/** Makes the parameters, with the published "broad" initialisation: scales about 10, so that z starts narrow. */
export function createSolutionFunctions(
  variables: number,
  { rng, ancestors = "others", hidden = [64, 64] }: SolutionFunctionsOptions,
): SolutionFunctions {
  ancestorMasks(variables, ancestors);
  return { layers: createAffineNetworks(variables, { rng, hidden, logScale: 2.3 }), ancestors };
}

/** Networks of affine maps for `affineMaps`, one a variable. @param options.logScale what log scales are about at first */
export function createAffineNetworks(
  variables: number,
  { rng, hidden, logScale: first }: { rng: Random; hidden: readonly number[]; logScale: number },
): SolutionFunctions["layers"] {
  const widths = [2 * variables, ...hidden];
  const layers = hidden.map((outputs, i) => {
    const draw = fanInUniform(widths[i], rng);
    return {
      weight: drawVariable([variables, widths[i], outputs], draw),
      bias: drawVariable([variables, 1, outputs], draw),
    };
  });
  let drawn = 0; // the last axis, [log scale, shift], takes turns
  const inTurn = (logScale: () => number, shift: () => number) => () =>
    drawn++ % 2 === 0 ? logScale() : shift();
  const normal = (mean: number, deviation: number) => () => mean + deviation * rng.normal();
  const last = widths[widths.length - 1];
  const weight = drawVariable([variables, last, 2], inTurn(normal(0, 1e-3), normal(0, 0.1)));
  const bias = drawVariable([variables, 1, 2], inTurn(normal(first, 1e-6), normal(0, 1e-3)));
  return [...layers, { weight, bias }];
}

/**
 * Which noise each solution function sees, as ones and zeros.
 *
 * @returns [variables][variables]; row i is the mask of variable i
 * @throws {RangeError} where there is no variable, or `ancestors` is no such rule
 * @example
 * ancestorMasks(3, "earlier"); // => [[0, 0, 0], [1, 0, 0], [1, 1, 0]]
 */
export function ancestorMasks(variables: number, ancestors: Ancestors): number[][] {
  if (!(Number.isSafeInteger(variables) && variables > 0)) {
    throw new RangeError(`Cannot mask ancestors as there must be at least one variable: got ${variables}`);
  }
  const rules = {
    others: (i: number, j: number) => i !== j,
    nothing: () => false,
    earlier: (i: number, j: number) => j < i,
  };
  const indices = Array.from({ length: variables }, (_, i) => i);
  const masks = (rule: (i: number, j: number) => boolean) =>
    indices.map((i) => indices.map((j) => Number(rule(i, j))));
  if (typeof ancestors !== "string") {
    const places = indices.map((i) => ancestors.indexOf(i));
    if (ancestors.length !== variables || places.includes(-1))
      throw new RangeError(
        `Cannot mask ancestors as their order must have each of ${variables} variables once: got [${ancestors}]`,
      );
    return masks((i, j) => places[j] < places[i]);
  }
  if (!Object.hasOwn(rules, ancestors)) {
    throw new RangeError(
      `Cannot mask ancestors as they must be one of ${Object.keys(rules).join(", ")}, or an order: got ${ancestors}`,
    );
  }
  return masks(rules[ancestors]);
}

/**
 * Evaluates every solution function on rows of noise of its own.
 *
 * @param functions those of an implicit model
 * @param noise [variables, rows, variables], or [1, rows, variables] where all see the same rows
 * @param options.alone evaluates this variable's function only
 * @returns scale and shift, both [variables, rows], or [1, rows] of one alone; scales are above 0.2
 * @example
 * import { createIlcm, createRandom, solutionFunctions, tensorflow } from "dolab";
 * const model = createIlcm(2, { rng: createRandom(0), ancestors: "nothing", solutionHidden: [4] });
 * const { scale } = solutionFunctions(model.solutionFunctions, tensorflow().tensor3d([[[1, 2], [3, 4], [5, 6]]]));
 * scale.shape; // => [2, 3]
 * const [first] = scale.arraySync();
 * first[0] === first[1]; // => true
 */
export function solutionFunctions(
  { layers, ancestors }: SolutionFunctions,
  noise: Tensor3D,
  { alone }: { alone?: number } = {},
): AffineMaps {
  const tf = tensorflow();
  const [, rows, variables] = noise.shape;
  const own = (stacked: Tensor) => (alone === undefined ? stacked : stacked.slice([alone], [1]));
  const masks = tf.tensor(ancestorMasks(variables, ancestors), [variables, variables]);
  const seen = own(masks.reshape([variables, 1, variables])); // [variables, 1, variables]
  const context = tf.concat([noise.mul(seen), seen.tile([1, rows, 1])], 2); // [variables, rows, 2 variables]
  return affineMaps(
    layers.map(({ weight, bias }) => ({ weight: own(weight), bias: own(bias) })),
    context,
  );
}

/** Maps value * scale + shift, one a variable and row. */
export interface AffineMaps {
  /** [variables, rows], above 0.2 */
  scale: Tensor;
  /** [variables, rows] */
  shift: Tensor;
}

/**
 * Evaluates a stack of networks that each give log scale and shift of an affine map.
 *
 * @param layers weights [variables, inputs, outputs] and biases [variables, 1, outputs]
 * @param context [variables, rows, inputs]
 */
export function affineMaps(layers: readonly { weight: Tensor; bias: Tensor }[], context: Tensor): AffineMaps {
  const tf = tensorflow();
  const output = layers.reduce((input: Tensor, { weight, bias }, i) => {
    const product = tf.matMul(i === 0 ? input : relu(input), weight);
    return product.add(bias);
  }, context); // [variables, rows, 2]
  const [logScale, shift] = tf.unstack(output, 2); // each [variables, rows]
  return { scale: logScale.exp().add(LEAST_SCALE), shift };
}

/**
 * Makes causal variables of noise encodings: (noise - shift) / scale by the solution functions.
 *
 * @param functions those of an implicit model
 * @param noise [rows, variables]
 * @returns [rows, variables]
 * @example
 * import { createIlcm, createRandom, noiseToCausal, tensorflow } from "dolab";
 * const { solutionFunctions } = createIlcm(2, { rng: createRandom(0), solutionHidden: [4] });
 * noiseToCausal(solutionFunctions, tensorflow().zeros([3, 2])).shape; // => [3, 2]
 */
export function noiseToCausal(functions: SolutionFunctions, noise: Tensor): Tensor {
  const { scale, shift } = solutionFunctions(functions, noise.expandDims(0) as Tensor3D);
  return noise.sub(shift.transpose()).div(scale.transpose());
}

/** The parameters by name: those of a published network i, stacked over i. */
export function solutionVariables({ layers }: SolutionFunctions): Record<string, Variable> {
  return Object.fromEntries(
    layers.flatMap(({ weight, bias }, i) => [
      [`solution_functions.param_net.${2 * i}.weight`, weight],
      [`solution_functions.param_net.${2 * i}.bias`, bias],
    ]),
  );
}
