// Root-mean-square normalisation of the last axis (Zhang & Sennrich 2019): torch.nn.RMSNorm with an epsilon of its own,
// and without a weight that of the recursive reasoners.
import type { Tensor, Variable } from "@tensorflow/tfjs-node";
import { tensorflow } from "../backend";
import { fillVariable } from "./initial-values";
import { requireLayer, requireLayerCall } from "./layer-settings";

export interface RmsNormParameters<Value extends Tensor = Tensor> {
  /** [channels] */
  weight?: Value;
}

/**
 * Makes the parameters of a root-mean-square normalisation: weight 1.
 *
 * @param channels length of the input's last axis
 * @example
 * import { createRmsNorm, rmsNorm, tensorflow } from "dolab";
 * const [[first]] = rmsNorm(createRmsNorm(2), tensorflow().tensor2d([[3, -3]])).arraySync();
 * first.toFixed(3); // => "1.000"
 */
export function createRmsNorm(channels: number): RmsNormParameters<Variable> {
  requireLayer("a root-mean-square normalisation", { channels });
  return { weight: fillVariable([channels], 1) };
}

/**
 * Computes input / sqrt(mean(input^2) + epsilon), times the weight where there is one.
 *
 * @param parameters `{}` for none
 * @param input [..., channels]
 * @param options.axis what is normalised; a weight is along the last one
 * @param options.epsilon is added to the mean square
 * @returns [..., channels]
 * @throws {TypeError} where the arguments stand the other way round
 * @example
 * import { createRmsNorm, rmsNorm, tensorflow } from "dolab";
 * const [value] = rmsNorm(createRmsNorm(2), tensorflow().tensor2d([[2, 2]])).dataSync();
 * value.toFixed(3); // => "1.000"
 */
export function rmsNorm(
  parameters: RmsNormParameters,
  input: Tensor,
  { epsilon = 1e-5, axis = -1 }: { epsilon?: number; axis?: number } = {},
): Tensor {
  requireLayerCall("rmsNorm(layer, input)", parameters, [], input);
  const { weight } = parameters;
  const scaled = normalise(input, axis, epsilon);
  return weight ? scaled.mul(weight) : scaled;
}

/** x r with r = 1 / sqrt(mean(x^2) + epsilon); its gradient r (g - x r^2 mean(g x)) takes half the passes of TensorFlow.js' own. */
function normalise(input: Tensor, axis: number, epsilon: number): Tensor {
  const tf = tensorflow();
  const scale = tf.customGrad((...given) => {
    const [x, save] = given as unknown as [Tensor, (tensors: Tensor[]) => void];
    const rate = x.square().mean(axis, true).add(epsilon).rsqrt();
    save([x, rate]);
    return {
      value: x.mul(rate),
      gradFunc: (upstream: Tensor, [saved, r]: Tensor[]) => {
        const shared = upstream.mul(saved).mean(axis, true).mul(r.square());
        return upstream.sub(saved.mul(shared)).mul(r);
      },
    };
  });
  return scale(input);
}
