// Traces one eager call of a step into nodes of a graph. Variables and arguments get handles of their own meanwhile, so
// that no two share one; whatever the call assigns is undone, so that tracing leaves the variables as they were.
import type { Tensor, Variable } from "@tensorflow/tfjs-node";
import { tensorflow } from "../backend";
import { listeningToUpdates } from "../fused-update";
import { FusedUpdates } from "./fused-updates";
import type { Attribute, EncodedNodes } from "./graph-def";
import { type NativeBackend, withOwnHandle } from "./native-backend";
import { Recorder, type RecorderOptions, sameNode } from "./recorder";
import { type TracedOutputs, withStandIns } from "./replay";
import { type ResultStructure, takeApart } from "./result-structure";

export interface Trace {
  /** Encoded nodes by name; constants carry names of their content and are shared between traces. */
  nodes: EncodedNodes;
  /** What each op gave, by its node. */
  computed: TracedOutputs;
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
  options: RecorderOptions,
): Trace {
  return withStandIns(backend, () => traceOnce(backend, step, tensors, variables, options));
}

function traceOnce(...[backend, step, tensors, variables, options]: Parameters<typeof traceStep>): Trace {
  const tf = tensorflow();
  let trace: Trace | undefined;
  tf.tidy(() => {
    const registered = () => Object.values(tf.engine().registeredVariables);
    const originals = new Map(registered().map((variable) => [variable, variable.clone()]));
    for (const variable of variables) originals.set(variable, variable.clone());
    const unlisted = new Map<number, Variable>();
    for (const variable of originals.keys()) {
      if (!variables.includes(variable)) unlisted.set(backend.getInputTensorIds([variable])[0], variable);
    }
    const recorder = new Recorder(backend, unlisted, options);
    tracing = true;
    try {
      for (const [position, variable] of variables.entries()) {
        variable.assign(withOwnHandle(backend, variable));
        recorder.declare(variable, readNode(options.prefix, position));
      }
      const standIns = tensors.map((tensor, position) => {
        const standIn = withOwnHandle(backend, tensor);
        recorder.declare(standIn, argumentNode(options.prefix, position));
        return standIn;
      });
      const fused = new FusedUpdates(variables, recorder, (position) => readNode(options.prefix, position));
      const result = listeningToUpdates(fused.add, () => recorder.run(() => step(...standIns)));
      if (result instanceof Promise) result.catch(() => {});
      const leaves: Tensor[] = [];
      const structure = takeApart(result, variables, leaves);
      const changed = registered().find(
        (variable) => !variables.includes(variable) && originals.get(variable)?.dataId !== variable.dataId,
      );
      if (changed) {
        const created = !originals.has(changed);
        throw new Error(
          `Cannot compile a step as it ${created ? "creates" : "assigns to"} the variable ${changed.name} ` +
            `(${changed.dtype} [${changed.shape}]), which is not in variables: ${created ? "create it before the first call and " : ""}list it`,
        );
      }
      const { updates, covered } = fused.taken();
      const assignments = variables
        .map((variable, position) => ({ variable: position, source: recorder.source(variable) }))
        .filter(
          ({ variable, source }) => source !== readNode(options.prefix, variable) && !covered.has(variable),
        );
      const outputs = leaves.map((leaf) => ({ source: recorder.source(leaf), dtype: recorder.dtype(leaf) }));
      trace = {
        nodes: recorder.nodes,
        computed: recorder.computed,
        outputs,
        structure,
        assignments,
        updates,
      };
    } finally {
      tracing = false;
      for (const variable of registered()) if (!originals.has(variable)) variable.dispose();
      for (const [variable, original] of originals) {
        if (!variable.isDisposed && variable.dataId !== original.dataId) variable.assign(original);
      }
    }
  });
  return trace as unknown as Trace;
}

/** Whether two traces are the same graph with the same results. */
export function sameTrace(first: Trace, second: Trace): boolean {
  const rest = ({ outputs, structure, assignments, updates }: Trace) =>
    JSON.stringify([outputs, structure, assignments, updates]);
  if (rest(first) !== rest(second) || first.nodes.size !== second.nodes.size) return false;
  return [...first.nodes.keys()].every((name) => sameNode(first.nodes, second.nodes, name));
}
