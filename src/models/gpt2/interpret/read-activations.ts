// What a pass computes on its way, brought to the host as plain numbers.
import type { Tensor } from "@tensorflow/tfjs-node";
import { tensorflow } from "../../../tensor";
import type { Gpt2Configuration } from "../configuration";
import { gpt2, type Observe } from "../gpt2";
import type { Gpt2Parameters } from "../parameters";

export interface Activation {
  shape: number[];
  data: Float32Array;
}

/**
 * Names all activations in the order of computation, `logits` last; their shapes stand at `Gpt2Options`.
 *
 * @param configuration the model's sizes, of which the number of layers counts
 * @returns such as `embedding`, `h.0.attn.pattern` and `h.0.residual`
 * @example
 * import { activationNames } from "dolab";
 * const names = activationNames({ vocabulary: 11, positions: 6, width: 8, layers: 1, heads: 2 });
 * names.slice(-3); // => ["h.0.residual", "ln_f", "logits"]
 */
export const activationNames = ({ layers }: Gpt2Configuration): string[] => [
  "embedding",
  ...Array.from({ length: layers }, (_, layer) =>
    ["attn.pattern", "attn.heads", "attn.output", "mlp.neurons", "mlp.output", "residual"].map(
      (name) => `h.${layer}.${name}`,
    ),
  ).flat(),
  "ln_f",
  "logits",
];

/**
 * Reads activations of one pass.
 *
 * @param parameters those of `createGpt2`, or tensors of the same names and shapes
 * @param inputs tokens of equal length for each of them
 * @param configuration the model's sizes
 * @param options.names which: by default all of `activationNames`
 * @param options.observe intervenes in the pass; what is read is what the model went on with
 * @returns by name, in the order of computation; the first axis of each is the input
 * @throws {RangeError} for a name that there is not, or inputs that are none or of different lengths
 * @example
 * import { createGpt2, createRandom, readActivations } from "dolab";
 * const configuration = { vocabulary: 11, positions: 6, width: 8, layers: 1, heads: 2 };
 * const parameters = createGpt2(configuration, { rng: createRandom(1) });
 * const read = await readActivations(parameters, [[1, 2, 3]], configuration, { names: ["h.0.attn.pattern"] });
 * const { shape, data } = read.get("h.0.attn.pattern"); // [inputs, heads, time, time]
 * shape; // => [1, 2, 3, 3]
 * data.slice(0, 3); // => [1, 0, 0]
 */
export async function readActivations(
  parameters: Gpt2Parameters,
  inputs: readonly ArrayLike<number>[],
  configuration: Gpt2Configuration,
  { names = activationNames(configuration), observe }: { names?: readonly string[]; observe?: Observe } = {},
): Promise<Map<string, Activation>> {
  const known = activationNames(configuration);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new RangeError(`Cannot read activations as they are ${known.join(", ")}: got "${unknown}"`);
  const tf = tensorflow();
  const kept: Record<string, Tensor> = {};
  tf.tidy(() => {
    const see: Observe = (name, activation, first) => {
      const seen = observe ? observe(name, activation, first) : activation;
      if (names.includes(name)) kept[name] = tf.keep(seen.clone());
      return seen;
    };
    see("logits", gpt2(parameters, tokenTensor(inputs), configuration, { observe: see }), 0);
  });
  try {
    const read = new Map<string, Activation>();
    for (const [name, tensor] of Object.entries(kept))
      read.set(name, { shape: tensor.shape.slice(), data: (await tensor.data<"float32">()).slice() });
    return read;
  } finally {
    tf.dispose(kept);
  }
}

/**
 * Inputs of equal length as a tensor.
 *
 * @returns int32 [inputs, time]
 * @throws {RangeError} for none, empty ones, or different lengths
 */
export function tokenTensor(inputs: readonly ArrayLike<number>[]): Tensor {
  const lengths = [...new Set(inputs.map(({ length }) => length))];
  if (lengths.length !== 1 || lengths[0] === 0) {
    const rule = "inputs must be of one length, at least one token each";
    throw new RangeError(`Cannot read inputs as ${rule}: got lengths ${lengths.join(", ") || "of no input"}`);
  }
  const values = Int32Array.from(inputs.flatMap((input) => Array.from(input)));
  return tensorflow().tensor2d(values, [inputs.length, lengths[0]], "int32");
}
