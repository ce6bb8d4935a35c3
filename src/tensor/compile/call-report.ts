// Which graphs a piece of code runs, for who wants to know whether it still does what it did (see `train/evidence.ts`). In a
// rehearsal compiled steps are traced and run operation by operation on copies of all variables, so that nothing changes.
import type { Tensor, Variable } from "@tensorflow/tfjs-node";
import { tensorflow } from "../backend";
import { withShadows } from "./residency";
import type { Trace } from "./trace";

export interface CompiledCall {
  /** Types and shapes of the arguments, and how many variables and results there are: what tells steps apart. */
  step: string;
  /** The same for the same computation, in another process too. */
  fingerprint: string;
  /** The single numbers in the graph, in the order of their first use. */
  numbers: readonly string[];
  /** The arguments of this call. */
  tensors: readonly Tensor[];
}

type Reporter = (call: CompiledCall) => void;

let reporter: Reporter | undefined;
let rehearsing = false;

export const isRehearsing = () => rehearsing;

export function reportCall(signature: string, tensors: readonly Tensor[], trace: Trace): void {
  if (!reporter) return;
  const known = described.get(trace) ?? describe(signature, trace);
  described.set(trace, known);
  reporter({ ...known, tensors });
}

const described = new WeakMap<Trace, Omit<CompiledCall, "tensors">>();

function describe(signature: string, trace: Trace): Omit<CompiledCall, "tensors"> {
  const { fingerprint, constants, outputs, assignments, updates } = trace;
  const changed = new Set([
    ...assignments.map(({ variable }) => variable),
    ...updates.flatMap(({ variables }) => variables),
  ]);
  const step = `(${signature}) with ${changed.size} assigned variables and ${outputs.length} results`;
  return { step, fingerprint, numbers: Array.from(new Set(constants.values())) };
}

/** Runs `body`, and hands each call of a compiled step in it to `report`. */
export function reportingCalls<T>(report: Reporter, body: () => T): T {
  const before = reporter;
  reporter = report;
  try {
    return body();
  } finally {
    reporter = before;
  }
}

/** Runs `body` without a change of any variable; compiled steps in it are traced anew. */
export function rehearsed(body: () => void): void {
  const tf = tensorflow();
  const all: Variable[] = Object.values(tf.engine().registeredVariables);
  tf.tidy(() => {
    const copies = new Map(all.map((variable) => [variable, variable.clone() as Tensor]));
    rehearsing = true;
    try {
      withShadows(copies, body);
    } finally {
      rehearsing = false;
    }
  });
}
