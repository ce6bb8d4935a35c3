// Traces one eager call of a step into nodes of a graph. Variables and arguments get handles of their own meanwhile, so
// that no two share one; what the call assigns goes to shadows of the variables, which keep their values.
import { createHash } from "node:crypto";
import type { Tensor, Variable } from "@tensorflow/tfjs-node";
import { tensorflow } from "../backend";
import { listeningToUpdates } from "../update-kernels";
import type { Attribute, EncodedNodes } from "./graph-def";
import { KernelTakeover } from "./kernel-takeover";
import { type NativeBackend, withOwnHandle } from "./native-backend";
import { Recorder, type RecorderOptions, sameNode } from "./recorder";
import { standInFor, type TracedOutputs, withStandIns } from "./replay";
import { withShadows } from "./residency";
import { type ResultStructure, takeApart } from "./result-structure";

export interface Trace {
  /** Encoded nodes by name; constants carry names of their content and are shared between traces. */
  nodes: EncodedNodes;
  /** What each op gave, by its node. */
  computed: TracedOutputs;
  constants: Recorder["constants"];
  /** Two steps that do the same have the same, in another process too. */
  fingerprint: string;
  /** Where each output of the step comes from, and its dtype number. */
  outputs: { source: string; dtype: number }[];
  structure: ResultStructure;
  /** What the step assigns: the position of the variable, and where its new value comes from. */
  assignments: { variable: number; source: string }[];
  /** What kernels update in place instead, one after the other. */
  updates: { op: string; variables: number[]; sources: string[]; attributes: Record<string, Attribute> }[];
}

export const argumentNode = (prefix: string, position: number) => `${prefix}argument${position}`;
export const readNode = (prefix: string, variable: number) => `${prefix}read${variable}`;

export interface TraceOptions extends RecorderOptions {
  /** Whether the step is only to be recalled, to see whether it still does what `earlier` says: no variable is read then. */
  recalls?: boolean;
  /** dtype number of each variable, where it recalls. */
  variableTypes?: readonly number[];
}

let tracing = false;

/** Whether a step is being traced now. */
export const isTracing = () => tracing;

/**
 * Traces one call of a step.
 *
 * @throws {Error} where the step reads values, draws unseeded numbers, or uses variables that are not listed
 * @throws {RangeError} where it uses an op that cannot be compiled
 * @throws {TypeError} where it returns something else than tensors
 */
export function traceStep(
  backend: NativeBackend,
  step: (...tensors: Tensor[]) => unknown,
  tensors: readonly Tensor[],
  variables: readonly Variable[],
  options: TraceOptions,
): Trace {
  return withStandIns(backend, () => traceOnce(backend, step, tensors, variables, options));
}

function traceOnce(...[backend, step, tensors, variables, options]: Parameters<typeof traceStep>): Trace {
  const tf = tensorflow();
  const read = (position: number) => readNode(options.prefix, position);
  let trace: Trace | undefined;
  tf.tidy(() => {
    const registered = () => Object.values(tf.engine().registeredVariables);
    const values = new Map<Variable, Tensor>();
    for (const variable of new Set([...variables, ...registered()])) {
      values.set(variable, valueIn(backend, variable, variables, options));
    }
    const unlisted = new Map<number, Variable>();
    for (const [variable, value] of values) {
      if (!variables.includes(variable)) unlisted.set(backend.getInputTensorIds([value])[0], variable);
    }
    const standIns = tensors.map((tensor) => withOwnHandle(backend, tensor)); // an argument may be a variable
    const recorder = new Recorder(backend, unlisted, options);
    tracing = true;
    try {
      withShadows(values, () => {
        for (const [position, variable] of variables.entries()) recorder.declare(variable, read(position));
        for (const [position, standIn] of standIns.entries())
          recorder.declare(standIn, argumentNode(options.prefix, position));
        const fused = new KernelTakeover(variables, recorder, read);
        const result = listeningToUpdates(fused.add, () => recorder.run(() => step(...standIns)));
        if (result instanceof Promise) result.catch(() => {});
        const leaves: Tensor[] = [];
        const structure = takeApart(result, variables, leaves);
        const changed = registered().find(
          (variable) => !variables.includes(variable) && values.get(variable)?.dataId !== variable.dataId,
        );
        if (changed) throw unlistedChange(changed, !values.has(changed));
        const { updates, covered } = fused.taken();
        const assignments = variables
          .map((variable, position) => ({ variable: position, source: recorder.source(variable) }))
          .filter(({ variable, source }) => source !== read(variable) && !covered.has(variable));
        const outputs = leaves.map((leaf) => ({
          source: recorder.source(leaf),
          dtype: recorder.dtype(leaf),
        }));
        const { nodes, computed, constants } = recorder;
        const ends = JSON.stringify([outputs, structure, assignments, updates]);
        const fingerprint = createHash("sha256")
          .update(recorder.digest() + ends.replaceAll(options.prefix, ""))
          .digest("hex")
          .slice(0, 16);
        trace = { nodes, computed, constants, fingerprint, outputs, structure, assignments, updates };
      });
    } finally {
      tracing = false;
      for (const variable of registered()) if (!values.has(variable)) variable.dispose();
    }
  });
  return trace as unknown as Trace;
}

/** What a variable holds while a step is traced: its value under a handle of its own, or no more than shape and type. */
function valueIn(
  backend: NativeBackend,
  variable: Variable,
  listed: readonly Variable[],
  { recalls, variableTypes }: TraceOptions,
): Tensor {
  if (recalls) return standInFor(backend, variable, variableTypes?.[listed.indexOf(variable)] ?? 1);
  return listed.includes(variable) ? withOwnHandle(backend, variable) : variable.clone();
}

function unlistedChange({ name, dtype, shape }: Variable, created: boolean): Error {
  return new Error(
    `Cannot compile a step as it ${created ? "creates" : "assigns to"} the variable ${name} (${dtype} [${shape}]), ` +
      `which is not in variables: ${created ? "create it before the first call and " : ""}list it`,
  );
}

/** Whether two traces are the same graph with the same results. */
export function sameTrace(first: Trace, second: Trace): boolean {
  const rest = ({ outputs, structure, assignments, updates }: Trace) =>
    JSON.stringify([outputs, structure, assignments, updates]);
  if (rest(first) !== rest(second) || first.nodes.size !== second.nodes.size) return false;
  return [...first.nodes.keys()].every((name) => sameNode(first.nodes, second.nodes, name));
}
