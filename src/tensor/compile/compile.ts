// How a step becomes a graph: the map of this folder.
//
// TensorFlow.js runs a training step operation by operation, and the host's part of each costs more than small operations do.
// compile() runs the step's own code once with every operation written down, and from then on runs what was written as one
// TensorFlow graph. Nothing of the step is parsed: a step is whatever it calls.
//
// 1. Recording (trace.ts, recorder.ts). The first call of each signature (types and shapes of the arguments) runs the step with
//    the binding wrapped: every kernel still computes, and becomes a node, encoded as TensorFlow's GraphDef (graph-def.ts,
//    wire-format.ts). The attributes that TensorFlow.js leaves out are in op-table.ts (read by op-definitions.ts). Tensors from
//    outside become constants, named by their content (constant-node.ts); results keep their nesting (result-structure.ts).
// 2. Replay (replay.ts). A number of the host cannot be told apart from a constant, so the step's code runs a second time, with
//    stand-ins in the place of computed tensors: what differs then is refused. frozen-numbers.ts does the same at the 2nd, 16th, 128th ...
//    call, since a schedule's counter changes between calls and not within one.
// 3. Variables (residency.ts). While a step is traced, shadows take its assignments. Afterwards a variable's newest value is in
//    the session that ran last or in the tf.Variable, whichever changed it; reading or assigning the tf.Variable goes through an
//    accessor in the place of its `dataId` that fetches the value first. So eager code and several steps see one variable.
// 4. Updates (kernel-takeover.ts, ../update-kernels.ts). An optimiser computes its update op by op, and says which TensorFlow
//    kernels do the same in place; the graph takes these where nothing else assigns to the variables.
// 5. Random numbers (stateless-random.ts, philox.ts) are functions of a seed that is an argument. What draws on the host, reads a
//    value that changes or keeps a state is refused by name (trace-refusals.ts).
// 6. The program (program.ts) is the part of a trace that its results need, ordered so that a call that fails assigns nothing.
// 7. The session (session.ts) holds the graphs of all signatures and the variables. It is loaded as a SavedModel from a folder
//    that lives for the moment (model-folder.ts), with its threads (session-configuration.ts) and XLA (xla.ts) by attributes.
//
// What is patched, and only while a step is traced: `backend.binding` and `backend.getInputTensorIds` (recorder.ts, replay.ts),
// `engine.read`, `engine.readSync` and `Math.random` (trace-refusals.ts); and for good, `dataId` of the variables that a compiled
// step has met (residency.ts). native-backend.ts types what TensorFlow.js keeps to itself. call-report.ts tells `train` which graphs ran.
import type { Tensor, Variable } from "@tensorflow/tfjs-node";
import { requireKnownOptions } from "../../io/known-options";
import { tensorflow } from "../backend";
import { isRehearsing, reportCall } from "./call-report";
import { FrozenNumbers } from "./frozen-numbers";
import { type NativeBackend, nativeBackend } from "./native-backend";
import { type Program, programOf } from "./program";
import { OtherStepError } from "./replay";
import { putTogether, takeApart } from "./result-structure";
import { Session } from "./session";
import { isTracing, sameTrace, type Trace, type TraceOptions, traceStep } from "./trace";
import { xlaAttributes } from "./xla";

export interface CompileOptions {
  /** Every variable that the step reads or assigns, the optimiser's among them. */
  variables: readonly Variable[];
  /** Whether XLA compiles the graph: it helps small dense steps and hurts convolutions. */
  jit?: boolean;
  /**
   * How many threads it may use: by default all cores. With 1 it runs on the calling thread alone, which is several times
   * faster where the operations are small (some thousand numbers each).
   */
  threads?: number;
}

export interface CompiledStep<Arguments extends readonly Tensor[], Result> {
  (...tensors: Arguments): Result;
  /** Brings the newest values to the tf.Variables now; reading a variable does it by itself. */
  pull(): void;
  /** Takes values that were assigned to the tf.Variables into the session now; the next call does it by itself. */
  push(): void;
  /** Frees the session; the variables keep their newest values. */
  dispose(): void;
  /** How many signatures (shapes and dtypes of the arguments) have been traced. */
  readonly signatures: number;
  /** Bytes of the graphs that are loaded, of all signatures together; 0 before the first call and without graphs. */
  readonly graphBytes: number;
}

/** A step that keeps changing is no step: this many traces must bring two equal ones in a row. */
const traceAttempts = 3;

/**
 * Compiles a step into one TensorFlow graph for each signature (shapes and dtypes) of its arguments.
 *
 * Calls mean what the eager calls mean, and every call runs in the graph, the first one too. Each signature is traced at
 * its first call, which runs the step's host code two or three times and undoes what it assigned. It is run again, without
 * computing anything, at the 2nd, 16th, 128th ... call, to see whether it still does the same (see `frozen-numbers.ts`). Results are
 * new tensors. Variables stay readable and assignable between calls: a
 * read fetches the newest values, an assignment is taken in by the next call, and several compiled steps may share
 * variables. Tensors that the step captures become constants: they may be disposed of afterwards. A call that fails leaves the variables as they were.
 * Every further signature loads the graphs of all anew: pad batches to few shapes, and pass as an argument what changes.
 * On backends without graphs (WebAssembly, plain JavaScript) the step runs eagerly. Inside another step's trace it is
 * traced as a part of that one. Gradients are taken inside the step, not through a compiled one.
 *
 * @param step a synchronous function of tensors that returns tensors, or arrays and plain objects of them; it must do
 *   the same in each call, draw random numbers by stateless ops only and read no values
 * @param options its variables, and how it runs: see `CompileOptions`
 * @returns the compiled step, to be disposed of after use
 * @throws {RangeError} where `threads` is not a whole number from 1
 * @throws {TypeError} at a call, where an argument is no tensor or the step returns anything else
 * @throws {RangeError} at a call, where the step uses an op that no graph of ours can hold
 * @throws {Error} at a call, where the step reads values, draws unseeded numbers, uses variables that are not listed,
 *   or does not do the same in each call, as where a host's counter sets a learning rate; on other backends, where they lack a kernel that it needs
 * @example
 * import { compile, tensorflow } from "dolab";
 * const tf = tensorflow();
 * const weight = tf.variable(tf.scalar(1));
 * const step = compile(
 *   (x) => {
 *     const { value, grads } = tf.variableGrads(() => weight.mul(x).square().asScalar(), [weight]);
 *     weight.assign(weight.sub(grads[weight.name].mul(0.25)));
 *     return value;
 *   },
 *   { variables: [weight] },
 * );
 * const loss = step(tf.scalar(1));
 * const before = loss.dataSync()[0]; // => 1
 * const after = weight.dataSync()[0]; // => 0.5
 * step.dispose();
 */
export function compile<Arguments extends readonly Tensor[], Result>(
  step: (...tensors: Arguments) => Result,
  options: CompileOptions,
): CompiledStep<Arguments, Result> {
  requireKnownOptions("compile a step", options, ["variables", "jit", "threads"]);
  const { variables, jit = false, threads } = options;
  requireVariables(variables);
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1))
    throw new RangeError(
      `Cannot compile a step as its threads must be a whole number from 1: got ${threads}`,
    );
  const compiled = new Compiled(step as unknown as AnyStep, [...new Set(variables)], { jit, threads });
  const call = (...tensors: Arguments) => compiled.call(tensors) as Result;
  const methods = {
    pull: () => compiled.session?.pull(),
    push: () => compiled.session?.push(),
    dispose: () => compiled.dispose(),
  };
  return Object.defineProperties(Object.assign(call, methods), {
    signatures: { get: () => compiled.programs.size },
    graphBytes: { get: () => compiled.session?.graphBytes ?? 0 },
  }) as unknown as CompiledStep<Arguments, Result>;
}

function requireVariables(variables: readonly Variable[]): void {
  const tf = tensorflow();
  const wrong = Array.isArray(variables) ? variables.findIndex((each) => !(each instanceof tf.Variable)) : -2;
  if (wrong === -1) return;
  const got = wrong < 0 ? String(variables) : `${variables[wrong]} at position ${wrong}`;
  throw new TypeError(
    `Cannot compile a step as variables must be a list of tf.Variables (Object.values of a record): got ${got}`,
  );
}

type AnyStep = (...tensors: Tensor[]) => unknown;

interface KnownProgram extends Program {
  /** Its place among the signatures. */
  number: number;
  frozen: FrozenNumbers;
}

class Compiled {
  readonly programs = new Map<string, KnownProgram>();
  session: Session | undefined;
  private disposed = false;

  constructor(
    private readonly step: AnyStep,
    private readonly variables: readonly Variable[],
    private readonly settings: { jit: boolean; threads?: number },
  ) {}

  call(tensors: readonly Tensor[]): unknown {
    this.check(tensors);
    if (isTracing()) return this.step(...tensors);
    const backend = nativeBackend();
    if (!backend) return this.callEagerly(tensors);
    const signature = tensors.map(({ dtype, shape }) => `${dtype}[${shape.join()}]`).join(" ");
    if (isRehearsing()) {
      reportCall(signature, tensors, this.trace(backend, this.programs.size, tensors, {}));
      return this.callEagerly(tensors);
    }
    const known = this.programs.get(signature);
    known?.frozen.beforeCall(known.trace, (options) => this.trace(backend, known.number, tensors, options));
    const program = known ?? this.addSignature(backend, signature, tensors);
    reportCall(signature, tensors, program.trace);
    const session = this.session as Session;
    const outputs = session.run(tensors, program.feeds, program.fetches, program.assigned);
    const results = outputs.slice(0, program.outputCount).map((output) => backend.createOutputTensor(output));
    for (const { id } of outputs.slice(program.outputCount)) backend.binding.deleteTensor(id);
    return putTogether(program.structure, this.variables, results);
  }

  dispose(): void {
    this.disposed = true;
    this.session?.close();
    this.session = undefined;
    this.programs.clear();
  }

  private check(tensors: readonly unknown[]): void {
    if (this.disposed) throw new Error("Cannot run the compiled step as it has been disposed");
    for (const { isDisposed, name } of this.variables) {
      if (isDisposed) {
        throw new Error(`Cannot run the compiled step as its variable ${name} has been disposed`);
      }
    }
    const tf = tensorflow();
    for (const [position, tensor] of tensors.entries()) {
      if (tensor instanceof tf.Tensor && !tensor.isDisposed) continue;
      const got = tensor instanceof tf.Tensor ? "a disposed tensor" : `${typeof tensor} ${tensor}`;
      throw new TypeError(
        `Cannot run a compiled step as its arguments must be tensors (tf.scalar for a number): got ${got} at position ${position}`,
      );
    }
  }

  private callEagerly(tensors: readonly Tensor[]): unknown {
    const tf = tensorflow();
    let result: unknown;
    tf.tidy(() => {
      const leaves: Tensor[] = [];
      const structure = takeApart(
        namingMissingKernels(() => this.step(...tensors)),
        this.variables,
        leaves,
      );
      const results = leaves.map((leaf) => leaf.clone());
      result = putTogether(structure, this.variables, results);
      return results;
    });
    return result;
  }

  private trace(
    backend: NativeBackend,
    number: number,
    tensors: readonly Tensor[],
    options: Pick<TraceOptions, "earlier" | "recalls">,
  ): Trace {
    const extraAttributes = this.settings.jit ? xlaAttributes(backend, `step${number}`) : {};
    return traceStep(backend, this.step, tensors, this.variables, {
      prefix: `signature${number}/`,
      extraAttributes,
      variableTypes: this.session?.types,
      ...options,
    });
  }

  private addSignature(backend: NativeBackend, signature: string, tensors: readonly Tensor[]): KnownProgram {
    const number = this.programs.size;
    const trace = traceTwice((earlier) => this.trace(backend, number, tensors, { earlier }));
    const types = this.variables.map((variable) => backend.tensorMap.get(variable.dataId).dtype);
    const extra = this.settings.jit ? xlaAttributes(backend, `step${number}`) : {};
    const program = programOf(backend, trace, tensors, types, `signature${number}/`, extra);
    const nodes = new Map<string, Uint8Array>();
    for (const { nodes: some } of [...this.programs.values(), program]) {
      for (const [name, { bytes }] of some) nodes.set(name, bytes);
    }
    const session = new Session(backend, this.variables, types, nodes.values(), this.settings);
    this.session?.close();
    this.session = session;
    const known = { ...program, number, frozen: new FrozenNumbers() };
    this.programs.set(signature, known);
    return known;
  }
}

/** Says what to do where a backend lacks a kernel, as WebAssembly lacks the gradient of convolution filters. */
function namingMissingKernels<T>(body: () => T): T {
  try {
    return body();
  } catch (error) {
    const [, kernel, backend] = /Kernel '(\w+)' not registered for backend '(\w+)'/.exec(String(error)) ?? [];
    if (!kernel) throw error;
    const what = kernel === "Conv2DBackpropFilter" ? " (the gradient of a convolution's filter)" : "";
    const cure =
      "npm run doctor says how to get native TensorFlow; DOLAB_BACKEND=cpu computes it, very slowly";
    throw new Error(`Cannot run the step on the backend ${backend} as it has no ${kernel}${what}: ${cure}`, {
      cause: error,
    });
  }
}

/** Traces until two traces in a row are the same: a step may fill its caches in the first one. */
function traceTwice(once: (earlier?: Trace) => Trace): Trace {
  const again = (earlier: Trace): Trace => {
    try {
      return once(earlier);
    } catch (error) {
      if (error instanceof OtherStepError) return once();
      throw error;
    }
  };
  let trace = once();
  for (let attempt = 1; attempt < traceAttempts; attempt++) {
    const next = again(trace);
    if (sameTrace(trace, next)) return next;
    trace = next;
  }
  throw new Error(
    "Cannot compile a step as it does not do the same in each call: something made on the host differs (a counter, a " +
      "schedule, numbers of a generator): pass it as an argument",
  );
}
