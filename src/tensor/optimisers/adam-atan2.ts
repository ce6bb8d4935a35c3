// Adam-atan2 (Everett et al. 2024, "Scaling Exponents Across Parameterizations and Optimizers"): no epsilon.
// value = value (1 - learningRate weightDecay) - learningRate / c1 * atan2(m, sqrt(v) / sqrt(c2)), c = 1 - beta^step.
// The recursive reasoners were trained with a CUDA kernel (imoneoi/adam-atan2) that is followed here: c1 stands outside the
// arctangent, and the paper's factors are 1.
import { tensorflow } from "../backend";
import { biasCorrection, decay, interpolate, type UpdateRule } from "./update-rule";

export interface AdamAtan2Options {
  kind: "adam-atan2";
  /** How much of the first and second moment stays at each step: [0.9, 0.95]. */
  betas?: readonly [number, number];
  /** Decoupled, as AdamW's. */
  weightDecay?: number;
}

export function adamAtan2({
  betas: [beta1, beta2] = [0.9, 0.95],
  weightDecay = 0,
}: AdamAtan2Options): UpdateRule {
  return {
    slots: ["exp_avg", "exp_avg_sq"],
    update: ({ value, gradient, slots, learningRate, step }) => {
      const mean = interpolate(slots[0], gradient, 1 - beta1);
      const square = interpolate(slots[1], gradient.square(), 1 - beta2);
      const angle = tensorflow().atan2(mean, square.sqrt().div(biasCorrection(beta2, step).sqrt()));
      const stepSize = learningRate.div(biasCorrection(beta1, step));
      const next = decay(value, learningRate, weightDecay).sub(angle.mul(stepSize));
      return { value: next, slots: [mean, square] };
    },
  };
}
