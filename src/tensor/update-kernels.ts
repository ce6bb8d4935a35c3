// An optimiser's update as TensorFlow's own kernels do it: one pass over a parameter and its moments, in place. Eager code
// has no such kernels, as TensorFlow.js' variables are not TensorFlow's; a step that is being compiled takes them instead
// of the operations that the optimiser has computed with, where nothing has changed the variables since.
import type { Tensor, Variable } from "@tensorflow/tfjs-node";

/** A kernel whose first inputs are the variables that it updates. */
export interface UpdateKernel {
  op: "ResourceApplyAdam" | "ResourceApplyMomentum" | "AssignSubVariableOp";
  variables: readonly Variable[];
  /** The kernel's further inputs, float32. */
  inputs: readonly Tensor[];
  attributes?: Readonly<Record<string, boolean>>;
}

export interface FusedUpdate {
  /** Every variable that the kernels update, with the value that it gets, computed op by op. */
  values: ReadonlyMap<Variable, Tensor>;
  /** What does the same, one kernel after the other. */
  kernels: readonly UpdateKernel[];
}

type Listener = (update: FusedUpdate) => void;

let listener: Listener | undefined;

/** Whether anyone would take a fused update; only then is it worth making. */
export const wantsKernels = () => listener !== undefined;

/** Says that kernels could do what is going to be assigned. */
export const announceUpdate = (update: FusedUpdate) => listener?.(update);

/** Runs `body`, and hands what it announces to `next`. */
export function listeningToUpdates<Result>(next: Listener, body: () => Result): Result {
  const before = listener;
  listener = next;
  try {
    return body();
  } finally {
    listener = before;
  }
}
