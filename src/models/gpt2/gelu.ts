// The Gaussian error linear unit (Hendrycks & Gimpel 2016) in its approximation, Hugging Face's `gelu_new`:
// x/2 (1 + tanh(u)) with u = sqrt(2/pi) (x + 0.044715 x^3), written as x sigmoid(2u), which is the same in fewer
// operations, and with a gradient in fewer than automatic differentiation takes.
import type { Tensor } from "@tensorflow/tfjs-node";
import { tensorflow } from "../../tensor";

const LINEAR = 2 * Math.sqrt(2 / Math.PI);
const CUBIC = 0.044715 * LINEAR;

/** @param input [...] @returns [...] */
export function gelu(input: Tensor): Tensor {
  const apply = tensorflow().customGrad((...given) => {
    const [x] = given as Tensor[];
    const save = given[1] as unknown as (tensors: Tensor[]) => void;
    const gate = x.square().mul(CUBIC).add(LINEAR).mul(x).sigmoid();
    const value = x.mul(gate);
    save([x, gate, value]);
    return {
      value,
      // gate + x gate (1 - gate) (LINEAR + 3 CUBIC x^2)
      gradFunc: (upstream: Tensor, saved: Tensor[]) => {
        const slope = saved[0]
          .square()
          .mul(3 * CUBIC)
          .add(LINEAR);
        const rest = saved[2].sub(saved[2].mul(saved[1])).mul(slope);
        return upstream.mul(saved[1].add(rest));
      },
    };
  });
  return apply(input);
}
