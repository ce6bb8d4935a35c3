// An update rule says how a parameter and its moments follow from a gradient; one optimiser differs from another in it. Rules are pure and
// made of TensorFlow.js operations only, so that a step with them can be traced.
import type { Scalar, Tensor, Variable } from "@tensorflow/tfjs-node";
import { tensorflow } from "../backend";
import type { UpdateKernel } from "../update-kernels";

/** What a rule takes; the tensors but `learningRate` and `step` have the parameter's shape. */
export interface RuleInput {
  value: Variable;
  gradient: Tensor;
  /** The rule's `slots`, in their order; zeros before the first step. */
  slots: readonly Variable[];
  learningRate: Scalar;
  /** The number of this step, from 1, as float32. */
  step: Scalar;
}

export interface UpdateRule {
  /** Names of what is kept for each parameter, as PyTorch's `state_dict` has them. */
  slots: readonly string[];
  update(input: RuleInput): { value: Tensor; slots: readonly Tensor[] };
  /** What does the same in place, where TensorFlow has kernels for it. */
  kernels?(input: RuleInput): readonly UpdateKernel[];
}

/** a + (b - a) weight */
export const interpolate = (a: Tensor, b: Tensor, weight: number): Tensor => a.add(b.sub(a).mul(weight));

/**
 * 1 - beta^step, by which a moment that began at zero is too small.
 *
 * As -expm1(step ln beta), since 1 - beta^step in float32 is wrong from the fifth digit on for beta = 0.999.
 */
export const biasCorrection = (beta: number, step: Scalar): Tensor =>
  tensorflow()
    .expm1(step.mul(Math.log(beta)))
    .neg();

/** The value after decoupled decay, value (1 - learningRate weightDecay). */
export const decay = (value: Tensor, learningRate: Scalar, weightDecay: number): Tensor =>
  weightDecay === 0 ? value : value.mul(tensorflow().sub(1, learningRate.mul(weightDecay)));
