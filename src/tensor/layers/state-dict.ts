// A model's variables under the names that PyTorch's `state_dict` gives them, in PyTorch's layout, so that a checkpoint
// can come and go (see `readSafetensors`). Only convolution weights have another layout here; they are known by their
// four axes, as no other layer of ours has any.
import type { Variable } from "@tensorflow/tfjs-node";
import { tensorflow } from "../backend";
import { fromPyTorchWeight, toPyTorchWeight } from "./convolution";

/** Numbers and their shape, as tensors in files have them. */
export interface StoredTensor {
  shape: readonly number[];
  data: ArrayLike<number>;
}

/**
 * Puts a prefix before the names of a layer's parameters, as PyTorch's modules do, and leaves out absent ones.
 *
 * @param prefix what goes before each name, with a full stop between
 * @param parameters what a layer holds, by name
 * @returns the variables under their longer names
 * @example
 * import { createDense, createRandom, prefixNames } from "dolab";
 * const head = createDense(3, 2, { rng: createRandom(1) });
 * Object.keys(prefixNames("head", head)); // => ["head.weight", "head.bias"]
 */
export function prefixNames<Parameters extends object>(
  prefix: string,
  parameters: Parameters,
): Record<string, Variable> {
  if (typeof prefix !== "string" || typeof parameters !== "object")
    throw new TypeError(
      `Cannot prefix names as the prefix comes first, then the parameters: got ${typeof prefix}`,
    );
  const present = Object.entries(parameters).filter(([, variable]) => variable !== undefined);
  return Object.fromEntries(present.map(([name, variable]) => [`${prefix}.${name}`, variable]));
}

/**
 * Reads variables into memory, in PyTorch's layout.
 *
 * @param variables by name; they stay as they are
 * @returns what `writeSafetensors` takes
 * @example
 * import { createDense, createRandom, prefixNames, toStateDict } from "dolab";
 * const head = createDense(2, 1, { rng: createRandom(1) });
 * toStateDict(prefixNames("head", head)).get("head.weight").shape; // => [1, 2]
 */
export function toStateDict(
  variables: Readonly<Record<string, Variable>>,
): Map<string, { shape: number[]; data: Float32Array | Int32Array }> {
  const state = new Map<string, { shape: number[]; data: Float32Array | Int32Array }>();
  for (const [name, variable] of Object.entries(variables)) {
    const tensor = variable.rank === 4 ? toPyTorchWeight(variable) : variable.clone();
    state.set(name, { shape: tensor.shape.slice(), data: tensor.dataSync<"float32" | "int32">().slice() });
    tensor.dispose();
  }
  return state;
}

/**
 * Assigns a checkpoint's values to variables: all of them or, where one does not fit, none.
 *
 * @param variables what to fill, by PyTorch's names
 * @param state tensors in PyTorch's layout; `num_batches_tracked`, which nothing depends on, is passed over
 * @throws {RangeError} where a name is missing or left over; {TypeError} where a shape differs
 * @example
 * import { createDense, createRandom, loadStateDict, prefixNames } from "dolab";
 * const head = createDense(2, 1, { rng: createRandom(1), bias: false });
 * loadStateDict(prefixNames("head", head), new Map([["head.weight", { shape: [1, 2], data: [3, 4] }]]));
 * head.weight.dataSync(); // => [3, 4]
 */
export function loadStateDict(
  variables: Readonly<Record<string, Variable>>,
  state: ReadonlyMap<string, StoredTensor>,
): void {
  const missing = Object.keys(variables).filter((name) => !state.has(name));
  if (missing.length > 0)
    throw new RangeError(`Cannot load a state as it must hold every variable: got no ${missing.join(", ")}`);
  const counted = /(^|\.)num_batches_tracked$/;
  const left = Array.from(state.keys()).filter(
    (name) => !Object.hasOwn(variables, name) && !counted.test(name),
  );
  if (left.length > 0)
    throw new RangeError(`Cannot load a state as the model must know every tensor: got ${left.join(", ")}`);
  for (const [name, { shape }] of Object.entries(variables)) {
    const expected = shape.length === 4 ? [shape[3], shape[2], shape[0], shape[1]] : shape;
    const found = (state.get(name) as StoredTensor).shape;
    if (found.join() === expected.join()) continue;
    throw new TypeError(`Cannot load a state as "${name}" must be of shape [${expected}]: got [${found}]`);
  }
  const tf = tensorflow();
  tf.tidy(() => {
    for (const [name, variable] of Object.entries(variables)) {
      const { shape, data } = state.get(name) as StoredTensor;
      const typed = variable.dtype === "int32" ? Int32Array.from(data) : Float32Array.from(data);
      const tensor = tf.tensor(typed, shape.slice(), variable.dtype);
      variable.assign(shape.length === 4 ? fromPyTorchWeight(tensor) : tensor);
    }
  });
}
