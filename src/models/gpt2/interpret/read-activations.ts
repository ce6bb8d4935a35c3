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

/** The names of all activations in the order of computation, `logits` last; their shapes stand at `gpt2`. */
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
 * @param inputs tokens of equal length for each of them
 * @param options.names which: by default all of `activationNames`
 * @param options.observe intervenes in the pass; what is read is what the model went on with
 * @returns by name, in the order of computation
 * @throws {RangeError} for a name that there is not, or inputs that are none or of different lengths
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
