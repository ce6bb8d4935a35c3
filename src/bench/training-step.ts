// A training step to be timed, and the same in three ways: op by op, as one graph, as one graph compiled by XLA.
import type { Scalar, Tensor, Variable } from "@tensorflow/tfjs-node";

export interface TrainingStep {
  /** Every variable that the step reads or assigns, the optimiser's among them. */
  variables: readonly Variable[];
  /** Forward, gradients and update; the last argument is a seed, int32 [2], where `seeded`. @returns the loss */
  step(...tensors: Tensor[]): Scalar;
  /** The arguments of every call, without the seed. */
  inputs: readonly Tensor[];
  /** Whether a call takes a seed, another one each time. */
  seeded?: boolean;
  /** Threads of the compiled modes; by default all cores. */
  threads?: number;
  /** Whether the step is compiled in itself, as a trainer's is. */
  ownGraph?: boolean;
}

export type Mode = "eager" | "compiled" | "jit";
