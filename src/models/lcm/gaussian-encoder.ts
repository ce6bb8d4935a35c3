// A network with a normal distribution for its output (Kingma & Welling 2014), as encoder and decoder of implicit latent
// causal models (Brehmer et al. 2022, arXiv:2203.16437): an MLP with ReLU after every hidden layer, then a mean head and a
// head whose softplus is the standard deviation. Both are the rows of one weight, unlike in the published code, whose
// names `encoderVariables` has apart from that.
import type { Tensor, Variable } from "@tensorflow/tfjs-node";
import type { Random } from "../../random";
import {
  createDense,
  type DenseParameters,
  dense,
  drawVariable,
  fanInUniform,
  prefixNames,
  relu,
  tensorflow,
  zeroMeanNormal,
} from "../../tensor";

export interface GaussianEncoder {
  hidden: DenseParameters<Variable>[];
  /** 2 outputs: means, then standard deviations before the softplus; means alone where the deviation is fixed. */
  heads: { weight: Variable; bias: Variable };
  leastStandardDeviation: number;
  /** One standard deviation for all outputs, which is not trained. */
  fixedStandardDeviation?: number;
}

/** Means and standard deviations, of one shape. */
export interface GaussianEncoding {
  mean: Tensor;
  standardDeviation: Tensor;
}

export interface GaussianEncoderOptions {
  rng: Random;
  /** Widths of the hidden layers. */
  hidden?: readonly number[];
  /** What all standard deviations are about at first; above the least one. */
  initialStandardDeviation?: number;
  /** What the softplus is added to. */
  leastStandardDeviation?: number;
  /** One standard deviation for all outputs, which is not trained: then there is no head for it. */
  fixedStandardDeviation?: number;
}

const HEAD_WEIGHT_DEVIATION = 1e-3;

/**
 * Takes log(exp(value) - 1), so that softplus gives the value back.
 *
 * @param value above 0
 * @returns what softplus makes the value of
 * @example
 * import { inverseSoftplus } from "dolab";
 * inverseSoftplus(Math.log(2)); // => 0
 */
export const inverseSoftplus = (value: number): number => Math.log(Math.expm1(value));

/**
 * Makes the parameters of a Gaussian encoder, initialised as PyTorch's Linear but for the head of the standard deviation.
 *
 * @param inputs features of what is encoded
 * @param outputs dimensions of the distribution
 * @param options.rng draws the weights
 * @param options.hidden widths of the hidden layers: by default 64 and 64
 * @param options.initialStandardDeviation what standard deviations are about at first: by default 0.01
 * @param options.leastStandardDeviation what the softplus is added to: by default 1e-4
 * @param options.fixedStandardDeviation one for all outputs, which is not trained
 * @returns layers and heads, whose variables are to be disposed of after use
 * @throws {RangeError} where the initial standard deviation is not above the least one, or the fixed one not above 0
 * @example
 * import { createGaussianEncoder, createRandom, gaussianEncoder, tensorflow } from "dolab";
 * const encoder = createGaussianEncoder(3, 2, { rng: createRandom(0), hidden: [4] });
 * gaussianEncoder(encoder, tensorflow().zeros([5, 3])).mean.shape; // => [5, 2]
 */
export function createGaussianEncoder(
  inputs: number,
  outputs: number,
  {
    rng,
    hidden = [64, 64],
    initialStandardDeviation = 0.01,
    leastStandardDeviation = 1e-4,
    fixedStandardDeviation,
  }: GaussianEncoderOptions,
): GaussianEncoder {
  if (fixedStandardDeviation !== undefined && !(fixedStandardDeviation > 0))
    throw new RangeError(
      `Cannot make a Gaussian encoder as a fixed standard deviation must be above 0: got ${fixedStandardDeviation}`,
    );
  if (!(leastStandardDeviation >= 0 && initialStandardDeviation > leastStandardDeviation)) {
    const rule = `the initial standard deviation must be above the least one, ${leastStandardDeviation}`;
    throw new RangeError(`Cannot make a Gaussian encoder as ${rule}: got ${initialStandardDeviation}`);
  }
  const widths = [inputs, ...hidden];
  const last = widths[widths.length - 1];
  const layers = hidden.map((width, i) => createDense(widths[i], width, { rng }));
  const ofMean = fanInUniform(last, rng);
  if (fixedStandardDeviation !== undefined) {
    const heads = { weight: drawVariable([outputs, last], ofMean), bias: drawVariable([outputs], ofMean) };
    return { hidden: layers, heads, leastStandardDeviation, fixedStandardDeviation };
  }
  const ofDeviation = zeroMeanNormal(HEAD_WEIGHT_DEVIATION, rng);
  const rawDeviation = inverseSoftplus(initialStandardDeviation - leastStandardDeviation);
  /** The mean head's elements come first. */
  const inTurn = (count: number, first: () => number, then: () => number) => {
    let drawn = 0;
    return () => (drawn++ < count ? first() : then());
  };
  const heads = {
    weight: drawVariable([2 * outputs, last], inTurn(outputs * last, ofMean, ofDeviation)),
    bias: drawVariable(
      [2 * outputs],
      inTurn(outputs, ofMean, () => rawDeviation),
    ),
  };
  return { hidden: layers, heads, leastStandardDeviation };
}

/**
 * Encodes inputs as normal distributions.
 *
 * @param encoder as `createGaussianEncoder` makes it
 * @param input [..., inputs]
 * @returns mean and standard deviation, both [..., outputs]
 * @example
 * import { createGaussianEncoder, createRandom, gaussianEncoder, tensorflow } from "dolab";
 * const encoder = createGaussianEncoder(3, 2, { rng: createRandom(0), hidden: [4], fixedStandardDeviation: 1 });
 * const { mean, standardDeviation } = gaussianEncoder(encoder, tensorflow().zeros([1, 3]));
 * mean.shape; // => [1, 2]
 * standardDeviation.dataSync(); // => [1, 1]
 */
export function gaussianEncoder(encoder: GaussianEncoder, input: Tensor): GaussianEncoding {
  const features = encoder.hidden.reduce((hidden, layer) => relu(dense(layer, hidden)), input);
  const outputs = dense(encoder.heads, features); // [..., 2 outputs], or as many as outputs
  const { fixedStandardDeviation: fixed } = encoder;
  if (fixed !== undefined) return { mean: outputs, standardDeviation: outputs.onesLike().mul(fixed) };
  const [mean, raw] = tensorflow().split(outputs, 2, -1);
  return { mean, standardDeviation: raw.softplus().add(encoder.leastStandardDeviation) };
}

/** The parameters by name. */
export function encoderVariables(encoder: GaussianEncoder): Record<string, Variable> {
  return Object.assign(
    {},
    ...encoder.hidden.map((layer, i) => prefixNames(`net.${2 * i}`, layer)),
    prefixNames("heads", encoder.heads),
  );
}
