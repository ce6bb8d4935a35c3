// The Gaussian error linear unit (Hendrycks & Gimpel 2016) in its approximation, Hugging Face's `gelu_new`:
// x/2 (1 + tanh(u)) with u = sqrt(2/pi) (x + 0.044715 x^3). Its gradient is written out, in fewer operations than automatic
// differentiation takes. What the gradient needs is computed again, for which a compiled step pays nothing.
import type { Tensor } from "@tensorflow/tfjs-node";
import { tensorflow } from "../../tensor";

const LINEAR = Math.sqrt(2 / Math.PI);
const CUBIC = 0.044715 * LINEAR;

/**
 * Applies the unit to each element.
 *
 * @param input [...]
 * @returns [...]
 */
export function gelu(input: Tensor): Tensor {
  const apply = tensorflow().customGrad((...given) => {
    const [x] = given as Tensor[];
    const save = given[1] as unknown as (tensors: Tensor[]) => void;
    save([x]);
    return {
      value: gate(x).mul(x),
      // gate + x dgate/dx, and dgate/dx = (1 - tanh^2)/2 du/dx = 2 gate (1 - gate) (LINEAR + 3 CUBIC x^2)
      gradFunc: (upstream: Tensor, [saved]: Tensor[]) => {
        const open = gate(saved);
        const value = open.mul(saved);
        const slope = saved
          .square()
          .mul(6 * CUBIC)
          .add(2 * LINEAR);
        return value.sub(value.mul(open)).mul(slope).add(open).mul(upstream);
      },
    };
  });
  return apply(input);
}

/** (1 + tanh(u)) / 2 */
const gate = (x: Tensor) => x.square().mul(CUBIC).add(LINEAR).mul(x).tanh().mul(0.5).add(0.5);
