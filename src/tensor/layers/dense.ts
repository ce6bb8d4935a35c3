// An affine map of the last axis: torch.nn.Linear, with its names and its layout, weight [outputs, inputs].
import type { Tensor, Variable } from "@tensorflow/tfjs-node";
import type { Random } from "../../random";
import { tensorflow } from "../backend";
import { drawVariable, fanInUniform } from "./initial-values";
import { requireLayer, requireLayerCall } from "./layer-settings";

export interface DenseParameters<Value extends Tensor = Tensor> {
  /** [outputs, inputs] */
  weight: Value;
  /** [outputs] */
  bias?: Value;
}

/**
 * Makes the parameters of a dense layer.
 *
 * @param inputs length of the input's last axis
 * @param outputs length of the result's last axis
 * @param options.rng draws the initial values
 * @param options.bias whether it has one: by default, yes
 * @param options.draw draws each element: by default as PyTorch, U(-1/sqrt(inputs), 1/sqrt(inputs))
 * @throws {RangeError} for sizes that are no whole numbers above 0, or unknown options; {TypeError} without a generator
 * @example
 * import { createDense, createRandom, dense, tensorflow } from "dolab";
 * const layer = createDense(3, 2, { rng: createRandom(1) });
 * dense(layer, tensorflow().zeros([5, 3])).shape; // => [5, 2]
 */
export function createDense(
  inputs: number,
  outputs: number,
  options: { rng: Random; bias?: boolean; draw?: () => number },
): DenseParameters<Variable> {
  requireLayer("a dense layer", { inputs, outputs }, options, ["rng", "bias", "draw"]);
  const { rng, bias = true, draw = fanInUniform(inputs, rng) } = options;
  const weight = drawVariable([outputs, inputs], draw);
  return bias ? { weight, bias: drawVariable([outputs], draw) } : { weight };
}

/**
 * Computes input weight^T + bias.
 *
 * @param parameters of `createDense`
 * @param input [..., inputs]
 * @returns [..., outputs]
 * @throws {TypeError} where the last axis is not `inputs` long, or the arguments stand the other way round
 * @example
 * import { dense, tensorflow } from "dolab";
 * const tf = tensorflow();
 * dense({ weight: tf.tensor2d([[1, 10]]), bias: tf.tensor1d([0.5]) }, tf.tensor2d([[2, 3]])).dataSync(); // => [32.5]
 */
export function dense(parameters: DenseParameters, input: Tensor): Tensor {
  requireLayerCall("dense(layer, input)", parameters, ["weight"], input);
  const { weight, bias } = parameters;
  const [outputs, inputs] = weight.shape;
  const leading = input.shape.slice(0, -1);
  if (input.shape[input.rank - 1] !== inputs) {
    const rule = `weight [${weight.shape}] takes a last axis of ${inputs}`;
    throw new TypeError(`Cannot apply a dense layer as ${rule}: got [${input.shape}]`);
  }
  const rows = input.reshape([-1, inputs]); // [rows, inputs]
  const product = tensorflow().matMul(rows, weight, false, true); // [rows, outputs]
  return (bias ? product.add(bias) : product).reshape([...leading, outputs]);
}
