// Adam (Kingma & Ba 2015) and AdamW (Loshchilov & Hutter 2019), in the order of torch.optim.Adam and AdamW:
// value -= learningRate / c1 * m / (sqrt(v) / sqrt(c2) + epsilon), with c = 1 - beta^step.
// "adam" adds weightDecay value to the gradient; "adamw" first shrinks the value by 1 - learningRate weightDecay.
// Betas are rounded to float32 wherever they stand, as TensorFlow's kernel does that compiled steps run: v begins 1.3e-5
// of itself below PyTorch's (beta 0.999), and c with it, so that steps agree.
import { tensorflow } from "../backend";
import { biasCorrection, decay, interpolate, type UpdateRule } from "./update-rule";

export interface AdamOptions {
  kind: "adam" | "adamw";
  /** How much of the first and second moment stays at each step: [0.9, 0.999]. */
  betas?: readonly [number, number];
  epsilon?: number;
  /** PyTorch's defaults: 0 for "adam", 0.01 for "adamw". */
  weightDecay?: number;
}

export function adam({
  kind,
  betas = [0.9, 0.999],
  epsilon = 1e-8,
  weightDecay = kind === "adam" ? 0 : 0.01,
}: AdamOptions): UpdateRule {
  const [beta1, beta2] = betas.map(Math.fround);
  const coupled = kind === "adam" && weightDecay !== 0;
  return {
    slots: ["exp_avg", "exp_avg_sq"],
    update: ({ value, gradient, slots, learningRate, step }) => {
      const shrunk = kind === "adamw" ? decay(value, learningRate, weightDecay) : value;
      const direction = coupled ? gradient.add(value.mul(weightDecay)) : gradient;
      const mean = interpolate(slots[0], direction, 1 - beta1);
      const square = slots[1].mul(beta2).add(direction.square().mul(1 - beta2));
      const denominator = square.sqrt().div(biasCorrection(beta2, step).sqrt()).add(epsilon);
      const stepSize = learningRate.div(biasCorrection(beta1, step));
      return { value: shrunk.sub(mean.div(denominator).mul(stepSize)), slots: [mean, square] };
    },
    // The kernel: value -= rate m / (sqrt(v) + epsilon'), with the corrections taken up by rate and epsilon'.
    kernels: ({ value, gradient, slots, learningRate, step }) => {
      const tf = tensorflow();
      const root = biasCorrection(beta2, step).sqrt();
      const rate = learningRate.div(biasCorrection(beta1, step)).mul(root);
      const direction = coupled ? gradient.add(value.mul(weightDecay)) : gradient;
      const [none, ...rest] = [0, beta1, beta2].map((number) => tf.scalar(number));
      const inputs = [none, none, rate, ...rest, root.mul(epsilon), direction];
      const apply = { op: "ResourceApplyAdam", variables: [value, ...slots], inputs } as const;
      if (kind === "adam" || weightDecay === 0) return [apply];
      const shrink = value.mul(learningRate.mul(weightDecay));
      return [{ op: "AssignSubVariableOp", variables: [value], inputs: [shrink] }, apply];
    },
  };
}
