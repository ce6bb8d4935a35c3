// CITRIS's normalizing flow (Lippe et al. 2022, arXiv:2202.03169, section 4.3): each of its parts scales and shifts every
// latent (ActNorm, Kingma & Dhariwal 2018), turns the latents by an orthogonal matrix at first (all parts but the first)
// and moves each latent by what the latents before it say (masked autoregressive flow, Papamakarios et al. 2017).
// Differs in one thing: the log-determinant has its own sign, where the published code returns its negative.
import type { Tensor, Tensor1D, Tensor2D, Variable } from "@tensorflow/tfjs-node";
import type { Random } from "../../../random";
import { fillVariable, prefixNames, silu, tensorflow } from "../../../tensor";
import { straightThrough } from "../../lcm/straight-through";
import {
  type AutoregressiveDense,
  autoregressiveDense,
  autoregressiveDenseVariables,
  createAutoregressiveDense,
} from "./autoregressive-dense";
import { invertMatrix, luFactors, randomOrthogonalMatrix } from "./orthogonal-matrix";

/** Largest absolute logarithm of an ActNorm's scale; gradients pass beyond it. */
const SCALE_LIMIT = 3;
/** Largest bound of the logarithm of an autoregressive scale. */
const LARGEST_BOUND = 3;

interface ActNorm {
  /** [latents] */
  bias: Variable;
  /** Logarithms, [latents] */
  scales: Variable;
}

/** W = P (L + 1) (U + diag(sign_s exp(log_s))); all [latents, latents] or [latents]. */
interface LinearMap {
  p: Variable;
  l: Variable;
  u: Variable;
  log_s: Variable;
  sign_s: Variable;
}

interface AutoregressiveAffine {
  scaling: Variable;
  layers: readonly [AutoregressiveDense, AutoregressiveDense, AutoregressiveDense];
}

interface FlowPart {
  norm: ActNorm;
  linear?: LinearMap;
  affine: AutoregressiveAffine;
}

export interface LatentFlow {
  readonly latents: number;
  readonly parts: readonly FlowPart[];
}

/**
 * Makes the parameters of a flow. Set up its ActNorms by `initialiseLatentFlow` before training.
 *
 * @param latents length of a code
 * @param options.parts how many parts follow one another: 4
 * @param options.hidden hidden features for each latent: 16
 * @param options.rng draws the weights
 * @returns the flow; its variables are those of `latentFlowVariables`
 * @example
 * import { applyLatentFlow, createLatentFlow, createRandom, tensorflow } from "dolab";
 * const flow = createLatentFlow(3, { parts: 2, hidden: 4, rng: createRandom(0) });
 * applyLatentFlow(flow, tensorflow().zeros([5, 3])).latents.shape; // => [5, 3]
 */
export function createLatentFlow(
  latents: number,
  { parts = 4, hidden = 16, rng }: { parts?: number; hidden?: number; rng: Random },
): LatentFlow {
  const layer = (inputs: number, outputs: number, more: { diagonal: boolean; last?: boolean }) =>
    createAutoregressiveDense({ blocks: latents, inputs, outputs, ...more, rng });
  return {
    latents,
    parts: Array.from({ length: parts }, (_, part) => ({
      norm: { bias: fillVariable([latents], 0), scales: fillVariable([latents], 0) },
      ...(part === 0 ? {} : { linear: createLinearMap(latents, rng) }),
      affine: {
        scaling: fillVariable([latents], 0),
        layers: [
          layer(1, hidden, { diagonal: false }),
          layer(hidden, hidden, { diagonal: true }),
          layer(hidden, 2, { diagonal: true, last: true }),
        ] as const,
      },
    })),
  };
}

function createLinearMap(latents: number, rng: Random): LinearMap {
  const tf = tensorflow();
  const { p, l, u } = luFactors(randomOrthogonalMatrix(latents, rng), latents);
  const diagonal = Array.from({ length: latents }, (_, i) => u[i * latents + i]);
  const square = (matrix: Float64Array, trainable: boolean) =>
    tf.tidy(() => tf.variable(tf.tensor2d(Float32Array.from(matrix), [latents, latents]), trainable));
  const vector = (values: number[], trainable: boolean) =>
    tf.tidy(() => tf.variable(tf.tensor1d(values), trainable));
  return {
    p: square(p, false),
    l: square(l, true),
    u: square(u, true),
    log_s: vector(
      diagonal.map((value) => Math.log(Math.abs(value))),
      true,
    ),
    sign_s: vector(diagonal.map(Math.sign), false),
  };
}

/**
 * Names the variables as the published code does; permutations and signs are not `trainable`.
 *
 * @param flow as `createLatentFlow` makes it
 * @returns variables by name
 * @example
 * import { createLatentFlow, createRandom, latentFlowVariables } from "dolab";
 * const flow = createLatentFlow(3, { parts: 2, hidden: 4, rng: createRandom(0) });
 * latentFlowVariables(flow)["flows.0.scales"].dataSync(); // => [0, 0, 0]
 */
export function latentFlowVariables({ parts }: LatentFlow): Record<string, Variable> {
  let place = 0;
  return Object.assign(
    {},
    ...parts.map(({ norm, linear, affine }) => ({
      ...prefixNames(`flows.${place++}`, norm),
      ...(linear ? prefixNames(`flows.${place++}`, linear) : {}),
      [`flows.${place}.transformation.scaling`]: affine.scaling,
      ...autoregressiveDenseVariables(`flows.${place}.net.0`, affine.layers[0]),
      ...autoregressiveDenseVariables(`flows.${place}.net.2`, affine.layers[1]),
      ...autoregressiveDenseVariables(`flows.${place++}.net.4`, affine.layers[2]),
    })),
  );
}

/**
 * Turns codes into latents.
 *
 * @param flow as `createLatentFlow` makes it
 * @param codes [rows, latents]
 * @returns latents, [rows, latents], and the logarithm of |det d latents / d codes|, [rows]
 * @throws {TypeError} where the codes have another length
 * @example
 * import { applyLatentFlow, createLatentFlow, createRandom, tensorflow } from "dolab";
 * const flow = createLatentFlow(3, { parts: 2, hidden: 4, rng: createRandom(0) });
 * applyLatentFlow(flow, tensorflow().ones([5, 3])).logDeterminant.shape; // => [5]
 */
export function applyLatentFlow(
  flow: LatentFlow,
  codes: Tensor,
): { latents: Tensor2D; logDeterminant: Tensor1D } {
  requireLatents(flow, codes);
  return throughParts(flow, codes);
}

function throughParts(
  flow: LatentFlow,
  codes: Tensor,
  { beforeNorm = () => {} }: { beforeNorm?: (norm: ActNorm, input: Tensor) => void } = {},
): { latents: Tensor2D; logDeterminant: Tensor1D } {
  let latents = codes;
  let logDeterminant: Tensor = tensorflow().zeros([codes.shape[0]]);
  for (const { norm, linear, affine } of flow.parts) {
    beforeNorm(norm, latents);
    const scales = limited(norm.scales);
    latents = latents.add(norm.bias).mul(scales.exp());
    logDeterminant = logDeterminant.add(scales.sum());
    if (linear) {
      latents = latents.matMul(matrixOf(linear));
      logDeterminant = logDeterminant.add(linear.log_s.sum());
    }
    const { shift, logScale } = affineOf(affine, latents);
    latents = latents.add(shift).mul(logScale.exp());
    logDeterminant = logDeterminant.add(logScale.sum(1));
  }
  return { latents: latents as Tensor2D, logDeterminant: logDeterminant as Tensor1D };
}

/**
 * Turns latents back into codes: the exact inverse, with as many passes through a part's network as there are latents.
 *
 * @param flow as `createLatentFlow` makes it
 * @param latents [rows, latents]
 * @returns codes, [rows, latents]
 * @throws {TypeError} where the latents have another length; {RangeError} where a linear map has become singular
 * @example
 * import { applyLatentFlow, createLatentFlow, createRandom, invertLatentFlow, tensorflow } from "dolab";
 * const flow = createLatentFlow(3, { parts: 2, hidden: 4, rng: createRandom(0) });
 * const codes = tensorflow().tensor2d([[1, -2, 0.5]]);
 * const back = invertLatentFlow(flow, applyLatentFlow(flow, codes).latents);
 * back.sub(codes).abs().max().dataSync()[0] < 1e-5; // => true
 */
export function invertLatentFlow(flow: LatentFlow, latents: Tensor): Tensor2D {
  requireLatents(flow, latents);
  const tf = tensorflow();
  return tf.tidy(() =>
    [...flow.parts].reverse().reduce<Tensor>((found, { norm, linear, affine }) => {
      let codes = invertAffine(affine, found, flow.latents);
      if (linear) {
        const inverse = invertMatrix(matrixOf(linear).dataSync(), flow.latents);
        codes = codes.matMul(tf.tensor2d(Float32Array.from(inverse), [flow.latents, flow.latents]));
      }
      return codes.mul(limited(norm.scales).neg().exp()).sub(norm.bias);
    }, latents),
  ) as Tensor2D;
}

/** Each pass settles one more latent, from the first on. */
function invertAffine(affine: AutoregressiveAffine, found: Tensor, latents: number): Tensor {
  let codes = found.zerosLike();
  for (let settled = 0; settled < latents; settled++) {
    const { shift, logScale } = affineOf(affine, codes);
    codes = found.mul(logScale.neg().exp()).sub(shift);
  }
  return codes;
}

/**
 * Gives each ActNorm the shift and scale that bring the codes it sees to mean 0 and variance 1.
 *
 * @param flow as `createLatentFlow` makes it; its variables change
 * @param codes of a first batch, at least two. [rows, latents]
 * @throws {TypeError} where the codes have another length; {RangeError} for fewer than two rows
 * @example
 * import { createLatentFlow, createRandom, initialiseLatentFlow, latentFlowVariables, tensorflow } from "dolab";
 * const flow = createLatentFlow(2, { parts: 1, hidden: 4, rng: createRandom(0) });
 * initialiseLatentFlow(flow, tensorflow().tensor2d([[2, 5], [4, 7]]));
 * latentFlowVariables(flow)["flows.0.bias"].dataSync(); // => [-3, -6]
 */
export function initialiseLatentFlow(flow: LatentFlow, codes: Tensor): void {
  requireLatents(flow, codes);
  const rows = codes.shape[0];
  if (rows < 2)
    throw new RangeError(`Cannot initialise a flow as its codes must be at least two: got ${rows}`);
  tensorflow().tidy(() => {
    throughParts(flow, codes, {
      beforeNorm: ({ bias, scales }, input) => {
        const { mean, variance } = tensorflow().moments(input, 0);
        bias.assign(mean.neg());
        scales.assign(
          variance
            .mul(rows / (rows - 1))
            .log()
            .mul(-0.5),
        );
      },
    });
  });
}

/** A value within the limit that passes its whole gradient on. */
function limited(scales: Tensor): Tensor {
  return straightThrough(scales.clipByValue(-SCALE_LIMIT, SCALE_LIMIT), scales);
}

/** @returns [latents, latents], for rows from the left */
function matrixOf({ p, l, u, log_s, sign_s }: LinearMap): Tensor2D {
  const tf = tensorflow();
  const size = p.shape[0];
  const lower = tf.tensor2d(belowDiagonal(size), [size, size]);
  const diagonal = tf.eye(size).mul(sign_s.mul(log_s.exp()));
  const left = l.mul(lower).add(tf.eye(size));
  const right = u.mul(lower.transpose()).add(diagonal);
  return p.matMul(left.matMul(right)) as Tensor2D;
}

/** 1 below the diagonal, else 0. */
const belowDiagonal = (size: number) =>
  Float32Array.from({ length: size * size }, (_, place) => (place % size < Math.floor(place / size) ? 1 : 0));

/** @param input [rows, latents] @returns both [rows, latents] */
function affineOf({ scaling, layers }: AutoregressiveAffine, input: Tensor) {
  const [rows, latents] = input.shape;
  const first = silu(autoregressiveDense(layers[0], input));
  const second = silu(autoregressiveDense(layers[1], first));
  const output = autoregressiveDense(layers[2], second).reshape([rows, latents, 2]);
  const [shift, raw] = tensorflow().unstack(output, 2); // each [rows, latents]
  const bound = scaling.exp().div(LARGEST_BOUND).tanh().mul(LARGEST_BOUND); // [latents]
  return { shift, logScale: raw.div(bound.maximum(1)).tanh().mul(bound) };
}

function requireLatents({ latents }: LatentFlow, { shape }: Tensor): void {
  if (shape.length === 2 && shape[1] === latents) return;
  throw new TypeError(`Cannot run the flow as it takes [rows, ${latents}]: got [${shape}]`);
}
