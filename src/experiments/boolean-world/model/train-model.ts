// Training a GPT-2 on a world's examples: one compiled step, checkpoints and metrics as `train` keeps them. A dataset holds
// each of a few states many times, so that tokens are made once for each distinct example.
import { createHash } from "node:crypto";
import type { Scalar, Tensor } from "@tensorflow/tfjs-node";
import {
  type BooleanRules,
  parseState,
  type State,
  shuffledBatches,
  type WorldExample,
  worldExample,
} from "../../../data";
import type { ProgressReporter } from "../../../io";
import type { SavedGpt2 } from "../../../models";
import { createRandom } from "../../../random";
import { createSchedule, startBackend, tensorflow } from "../../../tensor";
import { type Resume, type TrainOutcome, train } from "../../../train";
import type { TrainingConfiguration } from "../configuration";
import { worldTokens } from "./world-texts";
import { createWorldTrainer, type WorldTrainer } from "./world-trainer";

/** A model and the world that it was trained on. */
export interface WorldModel extends SavedGpt2 {
  rules: BooleanRules;
  /** States that it never read. */
  excluded: readonly State[];
}

export interface WorldExamples {
  rules: BooleanRules;
  excluded: readonly State[];
  train: readonly WorldExample[];
  /** What the loss is measured on after each epoch. */
  valid: readonly WorldExample[];
}

export interface TrainModelOptions {
  /** Where checkpoints and metrics are kept, and found again. */
  folder?: string;
  resume?: Resume;
  replace?: boolean;
  progress?: ProgressReporter;
  label?: string;
  signal?: AbortSignal;
  /** A trainer of the same rules and settings, which is begun anew: the model is then its network, until it is begun again. */
  trainer?: WorldTrainer;
}

export interface TrainedModel {
  model: WorldModel;
  outcome: TrainOutcome;
}

/**
 * Trains a model on a world's examples.
 *
 * @param world the rules, the states that must not be read, and the examples
 * @param configuration sizes, learning rate, epochs and the seed of weights and order
 * @param options where checkpoints are kept, and who is told of progress
 * @returns the model, and whether the training finished or the signal stopped it
 * @throws {RangeError} where an example is not what the rules say, or shows an excluded state
 * @throws {CheckpointError} where the folder's checkpoint is damaged or of another run
 */
export async function trainModel(
  world: WorldExamples,
  configuration: TrainingConfiguration,
  { folder, resume, replace, progress, label = "GPT-2", signal, trainer: given }: TrainModelOptions = {},
): Promise<TrainedModel> {
  const { rules, excluded, train: examples, valid } = world;
  await startBackend();
  for (const part of [examples, valid]) requireRules(part, rules, excluded);
  const rng = createRandom(configuration.seed);
  const { loss, epochs, batchSize } = configuration;
  const batches = shuffledBatches(examples.length, Math.min(batchSize, examples.length), {
    rng: rng.split("order"),
    dropLast: true,
  });
  const total = epochs * batches.perEpoch;
  const trainer = given ?? createWorldTrainer(rules, configuration, total);
  const { parameters, sizes, tokenizer } = trainer;
  const time = sizes.positions;
  const [training, validation] = [examples, valid].map((part) => {
    const { distinct, places, counts } = distinctExamples(part);
    return { ...worldTokens(distinct, tokenizer, { time, loss }), places, counts };
  });
  const tf = tensorflow();
  try {
    const { schedule, learningRate } = configuration;
    trainer.begin(rng.split("weights"), createSchedule(schedule, learningRate, { totalSteps: total }));
    const outcome = await train({
      folder,
      resume,
      replace,
      progress,
      label,
      signal,
      epochs,
      seed: configuration.seed,
      variables: trainer.variables,
      stepsPerEpoch: batches.perEpoch,
      log: { every: 25 },
      config: { ...configuration, rules: rules.text, examples: digestOf(examples) },
      step({ epoch, batch, seed }) {
        const rows = Array.from(batches.at(epoch, batch), (index) => training.places[index]);
        const cut = <Kind extends Int32Array | Uint8Array>(values: Kind) =>
          Float32Array.from(rows.flatMap((row) => Array.from(values.subarray(row * time, (row + 1) * time))));
        const tokens = tf.tensor2d(Int32Array.from(cut(training.tokens)), [rows.length, time], "int32");
        const targets = tf.tensor2d(cut(training.targets), [rows.length, time]);
        return { loss: trainer.step(tokens, targets, tf.tensor1d(seed, "int32")) };
      },
      evaluate: {
        every: batches.perEpoch,
        run: () => ({ validLoss: weightedLoss(trainer.loss, validation, time, batchSize) }),
      },
    });
    const model = { parameters, configuration: sizes, tokenizer, rules, excluded };
    return { model, outcome };
  } catch (error) {
    if (!given) tf.dispose(Object.values(parameters));
    throw error;
  } finally {
    if (!given) trainer.dispose();
  }
}

interface Distinct {
  distinct: WorldExample[];
  /** For each example, its place among the distinct ones. */
  places: Int32Array;
  /** How often each occurs. */
  counts: number[];
}

function distinctExamples(examples: readonly WorldExample[]): Distinct {
  const byPrompt = new Map<string, number>();
  const distinct: WorldExample[] = [];
  const counts: number[] = [];
  const places = Int32Array.from(examples, (example) => {
    let place = byPrompt.get(example.prompt);
    if (place === undefined) {
      place = distinct.push(example) - 1;
      byPrompt.set(example.prompt, place);
      counts.push(0);
    }
    counts[place] += 1;
    return place;
  });
  return { distinct, places, counts };
}

type PartTokens = ReturnType<typeof worldTokens> & Pick<Distinct, "counts">;

/** The mean loss of a part's tokens, each distinct example computed once. */
function weightedLoss(
  lossOf: (tokens: Tensor, targets: Tensor) => Scalar,
  { tokens, targets, counts }: PartTokens,
  time: number,
  rows: number,
): number {
  const tf = tensorflow();
  let [sum, weight] = [0, 0];
  for (let first = 0; first < counts.length; first += rows) {
    const some = counts.slice(first, first + rows);
    const cut = (values: Int32Array | Uint8Array) =>
      values.subarray(first * time, (first + some.length) * time);
    const weights = Float32Array.from(cut(targets), (target, i) => target * some[Math.floor(i / time)]);
    const total = weights.reduce((a, b) => a + b, 0);
    const loss = tf.tidy(() => {
      const shape: [number, number] = [some.length, time];
      return lossOf(tf.tensor2d(Int32Array.from(cut(tokens)), shape, "int32"), tf.tensor2d(weights, shape));
    });
    sum += loss.dataSync()[0] * total;
    weight += total;
    loss.dispose();
  }
  return sum / weight;
}

function requireRules(
  examples: readonly WorldExample[],
  rules: BooleanRules,
  excluded: readonly State[],
): void {
  const refuse = (rule: string, got: string) =>
    new RangeError(`Cannot train on the examples as ${rule}: got ${got}`);
  if (examples.length === 0) throw refuse("there must be one", "none");
  const held = new Set(excluded.map((state) => worldExample(rules, state).prompt));
  const seen = new Map<string, string>();
  for (const { prompt, completion } of examples) {
    if (held.has(prompt)) throw refuse("excluded states are not among them", `"${prompt}"`);
    let said = seen.get(prompt);
    if (said === undefined) {
      said = worldExample(rules, parseState(rules, prompt)).completion;
      seen.set(prompt, said);
    }
    if (said !== completion)
      throw refuse(
        `"${prompt}" is completed with ${JSON.stringify(said)} by the rules`,
        `${JSON.stringify(completion)}; generate the dataset anew or give its rules (--rules)`,
      );
  }
}

const digestOf = (examples: readonly WorldExample[]) =>
  createHash("sha256").update(JSON.stringify(examples)).digest("hex").slice(0, 16);
