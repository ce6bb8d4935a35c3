// Forward-mode differentiation, which TensorFlow.js lacks: tangents are computed beside the values, kernel by kernel, for
// several directions at once. It costs about one evaluation a direction whatever the number of outputs; no tape is kept. Inside
// a compiled step the tangents' operations become part of the graph.
// The engine's method that runs kernels is wrapped while the function runs; what a function computes within `tf.customGrad` is
// pushed through as it is computed, with no regard to the gradient given there.
import type { Tensor } from "@tensorflow/tfjs-node";
import { tensorflow } from "../backend";
import { type KernelCall, multiplyOut, type Term, tangentRules } from "./tangent-rules";

interface KernelInvocation {
  kernelName?: string;
  inputs: Record<string, Tensor>;
  attrs?: Record<string, unknown>;
  forwardFunc?: (backend: unknown, save: (tensors: Tensor[]) => void) => Tensor | Tensor[];
}

interface Engine {
  runKernelFunc(invocation: KernelInvocation): Tensor | Tensor[];
  tidy<T>(body: () => T): T;
  keep<T extends Tensor>(tensor: T): T;
  readonly backend: unknown;
}

export interface PushedForward {
  values: Tensor[];
  /** d value along each direction, [directions, ...shape]; zeros where a value does not depend on the inputs. */
  tangents: Tensor[];
}

/**
 * Computes a function and its Jacobian-vector products along several directions.
 *
 * @param compute made of TensorFlow.js operations on float32 tensors
 * @param inputs where it is computed
 * @param tangents for each input, the directions in which it moves. [directions, ...shape of the input]
 * @returns what `compute` returns, and how it moves
 * @throws {TypeError} where a tangent has not the shape of its input with the directions in front
 * @throws {RangeError} for an operation that has no rule (see tangent-rules.ts)
 * @example
 * import { pushForward, tensorflow } from "dolab";
 * const tf = tensorflow();
 * const at = tf.tensor1d([1, 2]);
 * const directions = tf.tensor2d([[1, 0], [0, 1]]);
 * const { tangents } = pushForward((x) => [x.square().sum()], [at], [directions]);
 * tangents[0].dataSync(); // => [2, 4]
 */
export function pushForward<Inputs extends Tensor[]>(
  compute: (...inputs: Inputs) => Tensor[],
  inputs: readonly [...Inputs],
  tangents: readonly Tensor[],
): PushedForward {
  const tf = tensorflow();
  const directions = tangents[0]?.shape[0] ?? 0;
  for (const [i, input] of inputs.entries()) {
    const expected = [directions, ...input.shape];
    if (tangents[i]?.shape.join() === expected.join() && directions > 0) continue;
    const rule = `input ${i} of shape [${input.shape}] moves in directions of shape [directions, ${input.shape}]`;
    throw new TypeError(`Cannot push tangents forward as ${rule}: got [${tangents[i]?.shape}]`);
  }
  let pushed: PushedForward | undefined;
  tf.tidy(() => {
    const push = new Push(directions);
    try {
      // Copies, so that an input that is also used as a constant elsewhere stays one.
      const moving = inputs.map((input) => input.clone()) as Inputs;
      for (const [i, input] of moving.entries()) push.set(input, [{ base: tangents[i] }]);
      const values = push.run(() => compute(...moving));
      pushed = {
        values: values.map((value) => value.clone()),
        tangents: values.map((value) => push.get(value)?.clone() ?? tf.zeros([directions, ...value.shape])),
      };
    } finally {
      push.dispose();
    }
    return [...(pushed?.values ?? []), ...(pushed?.tangents ?? [])];
  });
  return pushed as unknown as PushedForward;
}

class Push {
  /** Tangents are kept by tensor, not by data: a reshaped tensor shares its data with the one that it was. */
  private readonly tangents = new Map<number, readonly Term[]>();
  /** What the terms are made of, which inner tidies must not dispose of. */
  private readonly kept = new Set<Tensor>();
  /** Whether a kernel or a rule is running, whose own operations are not to be pushed through. */
  private within = false;

  constructor(private readonly directions: number) {}

  /** The tangent of a tensor, multiplied out once; undefined where it is constant. */
  get(tensor: Tensor): Tensor | undefined {
    const terms = this.tangents.get(tensor.id);
    if (!terms) return undefined;
    const shape = [this.directions, ...tensor.shape].join();
    if (terms.length > 1 || terms[0].factor || terms[0].base.shape.join() !== shape)
      this.set(tensor, [{ base: multiplyOut(terms, tensor.shape) }]);
    return this.tangents.get(tensor.id)?.[0].base;
  }

  set(tensor: Tensor, terms: readonly Term[]): void {
    const keep = (part: Tensor) => {
      if (this.kept.has(part)) return part;
      const own = tensorflow().keep(part.clone());
      this.kept.add(own);
      return own;
    };
    const own = terms.map(({ base, factor }) => ({ base: keep(base), factor: factor && keep(factor) }));
    this.tangents.set(tensor.id, own);
  }

  run<T>(body: () => T): T {
    const engine = tensorflow().engine() as unknown as Engine;
    const original = engine.runKernelFunc;
    const own = Object.hasOwn(engine, "runKernelFunc");
    engine.runKernelFunc = (invocation) => {
      const run = () => original.call(engine, invocation);
      if (this.within || !Object.values(invocation.inputs ?? {}).some((input) => this.isMoving(input)))
        return run();
      const { kernelName, forwardFunc } = invocation;
      if (forwardFunc && kernelName === undefined) {
        const result = engine.tidy(() => forwardFunc(engine.backend, () => {}));
        for (const output of [result].flat())
          if (output.dtype === "float32" && !this.isMoving(output))
            throw noRule("an operation with a gradient of its own");
        return result;
      }
      const result = this.quietly(run);
      this.apply(invocation, [result].flat());
      return result;
    };
    try {
      return body();
    } finally {
      if (own) engine.runKernelFunc = original;
      else delete (engine as Partial<Engine>).runKernelFunc;
    }
  }

  dispose(): void {
    tensorflow().dispose([...this.kept]);
  }

  private isMoving(tensor: Tensor | undefined): boolean {
    return tensor !== undefined && this.tangents.has(tensor.id);
  }

  private apply({ kernelName = "", inputs, attrs = {} }: KernelInvocation, outputs: Tensor[]): void {
    if (outputs.every(({ dtype }) => dtype !== "float32")) return; // comparisons, argmax: constant almost everywhere
    const rule = tangentRules[kernelName];
    if (!rule) throw noRule(`the operation ${kernelName}`);
    const call: KernelCall = {
      inputs,
      attributes: attrs,
      outputs,
      directions: this.directions,
      tangent: (name) => this.get(inputs[name]),
      terms: (name) => this.tangents.get(inputs[name].id) ?? [],
    };
    this.quietly(() =>
      tensorflow().tidy(() => {
        for (const [i, tangent] of rule(call).entries())
          if (tangent) this.set(outputs[i], "length" in tangent ? tangent : [{ base: tangent }]);
      }),
    );
  }

  private quietly<T>(body: () => T): T {
    this.within = true;
    try {
      return body();
    } finally {
      this.within = false;
    }
  }
}

const noRule = (what: string) =>
  new RangeError(
    `Cannot push tangents forward as tangent-rules.ts must have a rule for each operation: got ${what}`,
  );
