// Interventions in a forward pass as data (so that they can be listed, saved and sent), and what carries them out: one
// `observe`. Ablation by the mean: Wang et al. 2023, "Interpretability in the wild"; activation patching: Meng et al.
// 2022, "Locating and editing factual associations in GPT". Means and patched values come from passes without
// interventions and are kept on the host, so that a compiled step takes them in as constants.
import type { Tensor } from "@tensorflow/tfjs-node";
import { tensorflow } from "../../../tensor";
import { checkGpt2Configuration, type Gpt2Configuration } from "../configuration";
import type { Observe } from "../gpt2";
import type { Gpt2Parameters } from "../parameters";
import { type Activation, activationNames, readActivations } from "./read-activations";

interface Ablation {
  /** What stands in: zeros, or the mean over the reference inputs at the same position. */
  by: "zero" | "mean";
  /** Where, from 0; by default everywhere. */
  positions?: readonly number[];
}

export type Intervention =
  | ({ kind: "ablate-head"; layer: number; head: number } & Ablation)
  | ({ kind: "ablate-neurons"; layer: number; neurons: readonly number[] } & Ablation)
  /** What a layer's attention, its MLP, or both write to the residual stream, biases included. */
  | ({ kind: "ablate-layer"; layer: number; part: "attention" | "mlp" | "both" } & Ablation)
  /** Puts in what other inputs have there: one for all, or one for each of the batch. */
  | {
      kind: "patch";
      activation: string;
      positions?: readonly number[];
      from: readonly (readonly number[])[];
    };

/** What one intervention does to one activation. */
interface Replacement {
  activation: string;
  positions?: readonly number[];
  /** Along `axis` of the activation; absent: all. */
  chosen?: { axis: 1 | 2; indices: readonly number[] };
  /** Absent: zeros. Its first axis is 1 or the batch. */
  value?: Activation;
}

/**
 * Prepares interventions, in the order in which they are to apply.
 *
 * @param parameters those of the model, from which means and patched values are read
 * @param configuration the model's sizes
 * @param interventions ablations of heads, neurons and layers, and patches of activations from other inputs
 * @param options.reference inputs of equal length, whose means stand in where `by` is "mean"
 * @returns for `gpt2`, `generate` and training steps, compiled or not; it holds no tensor
 * @throws {RangeError} for a layer, head, neuron, position or activation that there is not, or a mean without reference;
 *   in the pass, where it goes beyond the positions of what stands in
 * @example
 * import { createGpt2, createRandom, prepareInterventions, readActivations } from "dolab";
 * const configuration = { vocabulary: 11, positions: 6, width: 8, layers: 1, heads: 2 };
 * const parameters = createGpt2(configuration, { rng: createRandom(1) });
 * const ablation = { kind: "ablate-layer", layer: 0, part: "mlp", by: "zero" } as const;
 * const observe = await prepareInterventions(parameters, configuration, [ablation]);
 * const options = { names: ["h.0.mlp.output"], observe };
 * const read = await readActivations(parameters, [[1, 2, 3]], configuration, options);
 * read.get("h.0.mlp.output").data.every((value) => value === 0); // => true
 */
export async function prepareInterventions(
  parameters: Gpt2Parameters,
  configuration: Gpt2Configuration,
  interventions: readonly Intervention[],
  { reference }: { reference?: readonly ArrayLike<number>[] } = {},
): Promise<Observe> {
  checkGpt2Configuration(configuration);
  const replacements: Replacement[] = [];
  for (const intervention of interventions) {
    checkIntervention(intervention, configuration);
    for (const target of targetsOf(intervention)) {
      const read = async (inputs: readonly ArrayLike<number>[]) =>
        (await readActivations(parameters, inputs, configuration, { names: [target.activation] })).get(
          target.activation,
        ) as Activation;
      if (intervention.kind === "patch") target.value = await read(intervention.from);
      else if (intervention.by === "mean") {
        if (!reference)
          throw new RangeError(
            `Cannot ablate by the mean as it is taken over reference inputs: got none for ${intervention.kind}`,
          );
        target.value = meanOverInputs(await read(reference));
      }
      replacements.push(target);
    }
  }
  return (name, activation, first) => {
    let seen = activation;
    for (const replacement of replacements)
      if (replacement.activation === name) seen = replace(seen, first, replacement);
    return seen;
  };
}

function targetsOf(intervention: Intervention): Replacement[] {
  const { positions } = intervention;
  if (intervention.kind === "patch") return [{ activation: intervention.activation, positions }];
  const prefix = `h.${intervention.layer}`;
  if (intervention.kind === "ablate-head") {
    const chosen = { axis: 1, indices: [intervention.head] } as const;
    return [{ activation: `${prefix}.attn.heads`, positions, chosen }];
  }
  if (intervention.kind === "ablate-neurons") {
    const chosen = { axis: 2, indices: intervention.neurons } as const;
    return [{ activation: `${prefix}.mlp.neurons`, positions, chosen }];
  }
  const parts = { attention: ["attn"], mlp: ["mlp"], both: ["attn", "mlp"] }[intervention.part];
  return parts.map((part) => ({ activation: `${prefix}.${part}.output`, positions }));
}

/** [1, ...] */
function meanOverInputs({ shape, data }: Activation): Activation {
  const [count, ...rest] = shape;
  const size = data.length / count;
  const mean = Float32Array.from({ length: size }, (_, i) => {
    let sum = 0;
    for (let input = 0; input < count; input++) sum += data[input * size + i];
    return sum / count;
  });
  return { shape: [1, ...rest], data: mean };
}

/** Puts the value in the place of what is chosen, and keeps everything else as it is. */
function replace(activation: Tensor, first: number, replacement: Replacement): Tensor {
  const { positions, chosen, value } = replacement;
  const tf = tensorflow();
  const timeAxis = activation.rank - 2; // [batch, time, channels] or [batch, heads, time, channels]
  const time = activation.shape[timeAxis] as number;
  const isAt = (index: number) => !positions || positions.includes(first + index);
  if (!Array.from({ length: time }, (_, index) => index).some(isAt)) return activation;
  const along = (axis: number, isChosen: (index: number) => boolean) => {
    const shape = activation.shape.map((size, i) => (i === axis ? size : 1));
    const marks = Uint8Array.from({ length: shape[axis] as number }, (_, index) => Number(isChosen(index)));
    return tf.tensor(marks, shape, "bool");
  };
  let mask: Tensor = along(timeAxis, isAt);
  if (chosen) mask = mask.logicalAnd(along(chosen.axis, (index) => chosen.indices.includes(index)));
  const put = value ? windowOf(value, activation, first, isAt, replacement.activation) : tf.scalar(0);
  return tf.where(mask, put, activation);
}

/** The part of a value that stands at the activation's positions, where it is asked for. */
function windowOf(
  { shape, data }: Activation,
  activation: Tensor,
  first: number,
  isAt: (index: number) => boolean,
  name: string,
): Tensor {
  const timeAxis = activation.rank - 2;
  const [batch, time, channels] = [0, timeAxis, timeAxis + 1].map((axis) => activation.shape[axis] as number);
  const [inputs, positions, given] = [shape[0], shape[timeAxis], shape[timeAxis + 1]]; // a pattern's columns may differ
  if (inputs !== 1 && inputs !== batch)
    throw new RangeError(`Cannot put values in "${name}" as they are of 1 or ${batch} inputs: got ${inputs}`);
  const outer = shape.slice(0, timeAxis).reduce((product, size) => product * size, 1);
  const values = new Float32Array(outer * time * channels);
  for (let index = 0; index < time; index++) {
    if (!isAt(index)) continue;
    const position = first + index;
    if (position >= positions)
      throw new RangeError(
        `Cannot put values in "${name}" as they are of ${positions} positions: got position ${position}`,
      );
    for (let i = 0; i < outer; i++) {
      const start = (i * positions + position) * given;
      const row = data.subarray(start, start + Math.min(given, channels));
      values.set(row, (i * time + index) * channels);
    }
  }
  return tensorflow().tensor(values, [...shape.slice(0, timeAxis), time, channels]);
}

function checkIntervention(intervention: Intervention, configuration: Gpt2Configuration): void {
  const { layers, heads, width, positions } = configuration;
  const check = (what: string, indices: readonly number[], size: number) => {
    const bad = indices.find((index) => !(Number.isInteger(index) && index >= 0 && index < size));
    if (bad === undefined) return;
    throw new RangeError(`Cannot ${intervention.kind} as a ${what} is from 0 to below ${size}: got ${bad}`);
  };
  check("position", intervention.positions ?? [], positions);
  if (intervention.kind === "patch") {
    const known = activationNames(configuration).filter((name) => name !== "logits");
    if (known.includes(intervention.activation)) return;
    throw new RangeError(
      `Cannot patch as the activations are ${known.join(", ")}: got "${intervention.activation}"`,
    );
  }
  check("layer", [intervention.layer], layers);
  if (intervention.kind === "ablate-head") check("head", [intervention.head], heads);
  if (intervention.kind === "ablate-neurons") check("neuron", intervention.neurons, 4 * width);
}
