// Causal tracing by activation patching (Meng et al. 2022; the measure of Wang et al. 2023): what of another input's run,
// put into a clean one at one layer and position, brings the other input's answer with it?
import type { Tensor, Tensor2D } from "@tensorflow/tfjs-node";
import { tensorflow } from "../../../tensor";
import { checkGpt2Configuration, type Gpt2Configuration } from "../configuration";
import { advanceGrowing, type Observe } from "../gpt2";
import type { Gpt2Parameters } from "../parameters";
import { tokenTensor } from "./read-activations";

/** Two inputs up to the token whose successor is asked for. */
export interface TracedPair {
  /** The run that is patched. */
  clean: readonly number[];
  /** Where the patches come from, of the same length. */
  other: readonly number[];
  /** The token that the clean input calls for. */
  answer: number;
  /** The token that the other input calls for. */
  rival: number;
}

export interface TraceRow {
  kind: "embedding" | "residual" | "attention" | "mlp";
  /** From 0; that of the embedding is -1. */
  layer: number;
  position: number;
  /**
   * How much of the way from the clean run's logit difference (answer less rival) to the other run's is gone: 0 is no
   * effect, 1 all of it; the ratio of sums over pairs. NaN where the two runs do not differ.
   */
  effect: number;
}

const ROWS = 256; // in one pass

/**
 * Patches the embedding, and each layer's residual stream, attention output and MLP output, at one position at a time.
 *
 * @param parameters those of `createGpt2`, or tensors of the same names and shapes
 * @param pairs clean and other inputs, all of equal length, with the token that each calls for
 * @param configuration the model's sizes
 * @param options.observe intervenes in every run, before the patch
 * @returns one row for each kind, layer and position; its effect is from 0, none, to 1, all of the way to the other answer
 * @throws {RangeError} for no pair, different lengths, or an answer or rival outside the vocabulary
 * @example
 * import { createGpt2, createRandom, traceCausally } from "dolab";
 * const configuration = { vocabulary: 11, positions: 6, width: 8, layers: 1, heads: 2 };
 * const parameters = createGpt2(configuration, { rng: createRandom(1) });
 * const pair = { clean: [1, 2], other: [3, 2], answer: 5, rival: 6 }; // they differ at position 0 alone
 * const rows = await traceCausally(parameters, [pair], configuration);
 * const embedding = rows.filter(({ kind }) => kind === "embedding");
 * embedding.map(({ effect }) => Math.round(effect)); // => [1, 0]
 */
export async function traceCausally(
  parameters: Gpt2Parameters,
  pairs: readonly TracedPair[],
  configuration: Gpt2Configuration,
  { observe }: { observe?: Observe } = {},
): Promise<TraceRow[]> {
  checkGpt2Configuration(configuration);
  const { layers, vocabulary } = configuration;
  for (const token of pairs.flatMap(({ answer, rival }) => [answer, rival])) {
    if (Number.isInteger(token) && token >= 0 && token < vocabulary) continue;
    throw new RangeError(`Cannot trace as answers are tokens from 0 to below ${vocabulary}: got ${token}`);
  }
  const tf = tensorflow();
  const all = tokenTensor(pairs.flatMap(({ clean, other }) => [clean, other])); // [pairs 2, time]
  const time = all.shape[1] as number;
  all.dispose();
  const places: { kind: TraceRow["kind"]; layer: number; name: string }[] = [
    { kind: "embedding", layer: -1, name: "embedding" },
  ];
  for (const [kind, part] of [
    ["residual", "residual"],
    ["attention", "attn.output"],
    ["mlp", "mlp.output"],
  ] as const)
    for (let layer = 0; layer < layers; layer++) places.push({ kind, layer, name: `h.${layer}.${part}` });
  const others: Record<string, Tensor> = {}; // [pairs, time, width]

  /** Logit differences of some pairs' runs. */
  const run = async (
    chosen: readonly TracedPair[],
    side: "clean" | "other",
    see: Observe,
  ): Promise<Float32Array> => {
    const differences = tf.tidy(() => {
      const tokens = tokenTensor(chosen.map((pair) => pair[side]));
      const seen: Observe = (name, activation, first) =>
        see(name, observe ? observe(name, activation, first) : activation, first);
      const { logits } = advanceGrowing(parameters, tokens, configuration, [], seen);
      const [answers, rivals] = (["answer", "rival"] as const).map((which) =>
        tf
          .oneHot(
            tf.tensor1d(
              chosen.map((pair) => pair[which]),
              "int32",
            ),
            vocabulary,
          )
          .cast("float32"),
      ) as Tensor2D[];
      return logits.mul(answers.sub(rivals)).sum(-1);
    });
    const values = (await differences.data<"float32">()).slice();
    differences.dispose();
    return values;
  };
  const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0);

  try {
    const clean = sum(await run(pairs, "clean", (_, activation) => activation));
    const keepNamed: Observe = (name, activation) => {
      if (places.some((place) => place.name === name)) others[name] = tf.keep(activation.clone());
      return activation;
    };
    const whole = clean - sum(await run(pairs, "other", keepNamed));
    const cells = Array.from({ length: time * pairs.length }, (_, i) => ({
      pair: i % pairs.length,
      position: Math.floor(i / pairs.length),
    }));
    const rows: TraceRow[] = [];
    for (const { kind, layer, name: patched } of places) {
      const sums = new Float64Array(time); // of the patched runs, by position
      for (let start = 0; start < cells.length; start += ROWS) {
        const part = cells.slice(start, start + ROWS);
        const patch: Observe = (name, activation) => {
          if (name !== patched) return activation;
          const from = tf.gather(
            others[name],
            tf.tensor1d(
              part.map(({ pair }) => pair),
              "int32",
            ),
          );
          const marks = tf.oneHot(
            tf.tensor1d(
              part.map(({ position }) => position),
              "int32",
            ),
            time,
          );
          return tf.where(marks.expandDims(2).cast("bool"), from, activation);
        };
        const found = await run(
          part.map(({ pair }) => pairs[pair]),
          "clean",
          patch,
        );
        for (const [i, { position }] of part.entries()) sums[position] += found[i];
      }
      for (const [position, patchedSum] of sums.entries()) {
        const effect = whole === 0 ? Number.NaN : (clean - patchedSum) / whole;
        rows.push({ kind, layer, position, effect });
      }
    }
    return rows;
  } finally {
    tf.dispose(others);
  }
}
