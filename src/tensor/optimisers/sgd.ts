// Stochastic gradient descent with momentum, in the order of torch.optim.SGD (no dampening):
// d = gradient + weightDecay value; buffer = momentum buffer + d; value -= learningRate buffer.
// PyTorch's first step sets buffer = d, which momentum 0 + d is, too. Nesterov: d + momentum buffer takes its place.
import { tensorflow } from "../backend";
import type { UpdateRule } from "./update-rule";

export interface SgdOptions {
  kind: "sgd";
  /** From 0 (none, and nothing is kept) to below 1. */
  momentum?: number;
  /** Coupled: added to the gradient, before the momentum. */
  weightDecay?: number;
  nesterov?: boolean;
}

/** @throws {RangeError} for Nesterov's step without momentum */
export function sgd({ momentum = 0, weightDecay = 0, nesterov = false }: SgdOptions): UpdateRule {
  if (nesterov && momentum === 0) {
    throw new RangeError("Cannot take Nesterov's step as it needs a momentum above 0: got 0");
  }
  return {
    slots: momentum === 0 ? [] : ["momentum_buffer"],
    update: ({ value, gradient, slots, learningRate }) => {
      const direction = weightDecay === 0 ? gradient : gradient.add(value.mul(weightDecay));
      if (momentum === 0) return { value: value.sub(direction.mul(learningRate)), slots: [] };
      const buffer = slots[0].mul(momentum).add(direction);
      const taken = nesterov ? direction.add(buffer.mul(momentum)) : buffer;
      return { value: value.sub(taken.mul(learningRate)), slots: [buffer] };
    },
    kernels:
      momentum === 0
        ? undefined
        : ({ value, gradient, slots, learningRate }) => {
            const direction = weightDecay === 0 ? gradient : gradient.add(value.mul(weightDecay));
            const inputs = [learningRate, direction, tensorflow().scalar(momentum)];
            const attributes = { use_nesterov: nesterov };
            return [{ op: "ResourceApplyMomentum", variables: [value, slots[0]], inputs, attributes }];
          },
  };
}
