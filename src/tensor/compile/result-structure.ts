// Takes what a step returns, tensors in any nesting of arrays and plain objects, apart into a list, and puts it together again.
import type { Tensor, Variable } from "@tensorflow/tfjs-node";
import { tensorflow } from "../backend";

export type ResultStructure =
  | { tensor: number }
  | { variable: number }
  | { array: readonly ResultStructure[] }
  | { object: readonly (readonly [string, ResultStructure])[] }
  | { value: unknown };

/**
 * Takes a step's result apart.
 *
 * @param variables the step's; a returned one stays the variable itself
 * @param tensors receives the tensors in the order of the structure's numbers
 * @throws {TypeError} where the result holds anything but tensors, arrays, plain objects and primitives
 */
export function takeApart(
  result: unknown,
  variables: readonly Variable[],
  tensors: Tensor[],
): ResultStructure {
  const tf = tensorflow();
  if (result instanceof tf.Tensor) {
    const variable = variables.indexOf(result as Variable);
    return variable >= 0 ? { variable } : { tensor: tensors.push(result) - 1 };
  }
  if (Array.isArray(result)) return { array: result.map((item) => takeApart(item, variables, tensors)) };
  if (typeof result !== "object" && typeof result !== "function") return { value: result };
  if (result === null) return { value: null };
  const prototype = Object.getPrototypeOf(result);
  if (prototype !== Object.prototype && prototype !== null) {
    const type = result instanceof Promise ? "a promise (is the step async?)" : typeName(result);
    throw new TypeError(
      `Cannot compile a step as it must return tensors, or arrays and plain objects of them: got ${type}`,
    );
  }
  const entries = Object.entries(result);
  return { object: entries.map(([key, value]) => [key, takeApart(value, variables, tensors)] as const) };
}

/** Puts a result together from the tensors of one call. */
export function putTogether(
  structure: ResultStructure,
  variables: readonly Variable[],
  tensors: readonly Tensor[],
): unknown {
  if ("tensor" in structure) return tensors[structure.tensor];
  if ("variable" in structure) return variables[structure.variable];
  if ("array" in structure) return structure.array.map((item) => putTogether(item, variables, tensors));
  if ("value" in structure) return structure.value;
  return Object.fromEntries(
    structure.object.map(([key, item]) => [key, putTogether(item, variables, tensors)]),
  );
}

const typeName = (value: object) => `an instance of ${value.constructor?.name ?? "an unnamed class"}`;
