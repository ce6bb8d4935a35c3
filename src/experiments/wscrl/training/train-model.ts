// Trains a model of source document 004 on pairs: one compiled step for each phase, all with the same moments of Adam. As in
// the published code, the order of an implicit model's variables may be fixed in mid-training, a step whose loss or gradients are not finite changes nothing, and ten such steps end the training;
// unlike there, the moments of a skipped step decay once, and pairs that fill no batch at the end of an epoch are left out.
import type { NamedTensorMap, Scalar, Tensor, Variable } from "@tensorflow/tfjs-node";
import { shuffledBatches } from "../../../data";
import type { PairedInterventions } from "../../../data/paired-interventions";
import {
  drawNoisePermutations,
  type Ilcm,
  type IlcmPhase,
  implicitGraph,
  type ObservationPair,
} from "../../../models/lcm";
import { createRandom } from "../../../random";
import { type CompiledStep, clipGlobalNorm, compile, createOptimiser, tensorflow } from "../../../tensor";
import { NonFiniteError, type TrainOutcome, train } from "../../../train";
import type { TrainingConfiguration } from "../configuration";
import type { LatentModel } from "./model";
import { trainingSchedule, weightNames } from "./training-schedule";

/** Steps with a loss or gradients that are not finite, until a training gives up. */
const MOST_SKIPPED = 10;

const phases: readonly IlcmPhase[] = ["pretraining", "observational", "interventional", "deterministic"];

/** Steps of a training. */
export const stepsOf = ({ trainPairs, batchSize, epochs }: TrainingConfiguration): number =>
  epochs * Math.floor(trainPairs / batchSize);

export interface TrainModelOptions {
  /** Where checkpoints are kept. */
  folder?: string;
  /** Seed of batches and noise. */
  seed: number;
  signal?: AbortSignal;
  /** Is told how many steps are done, with the newest numbers. */
  onProgress?: (steps: number, values: Record<string, number>) => void;
  /** Computes further points of the learning curves. */
  evaluate?: () => Record<string, number>;
}

/**
 * Trains a model, or goes on with it from the newest checkpoint in the folder.
 *
 * @returns how it ended, with the rows of its learning curves
 * @throws {NonFiniteError} after ten steps that were skipped as their loss or gradients were not finite
 */
export async function trainModel(
  model: LatentModel,
  pairs: PairedInterventions,
  configuration: TrainingConfiguration,
  { folder, seed, signal, onProgress, evaluate }: TrainModelOptions,
): Promise<TrainOutcome> {
  const { batchSize, evaluateEvery, epochs, fixOrderAfter = Number.POSITIVE_INFINITY } = configuration;
  const schedule = trainingSchedule(configuration);
  const rng = createRandom(seed).split("batches");
  const batches = shuffledBatches(pairs.pairs, batchSize, { rng, dropLast: true });
  const steps = lcmSteps(model, configuration);
  const { perEpoch } = batches;
  let skipped = 0;
  let order: number[] | undefined;
  try {
    return await train({
      variables: steps.variables,
      epochs,
      stepsPerEpoch: perEpoch,
      seed,
      folder,
      signal,
      nonFinite: "continue",
      state: {
        save: () => ({ skipped, ...(order ? { order } : {}) }),
        restore: (saved) => {
          skipped = Number(saved.skipped);
          order = saved.order as number[] | undefined;
          if (order) steps.fixOrder(order);
        },
      },
      log: { every: evaluateEvery },
      evaluate: evaluate && { every: evaluateEvery, run: () => evaluate() },
      step({ step, epoch, batch, seed: noiseSeed }) {
        if (batch === 0 && schedule.isRestart(epoch)) steps.forgetMoments();
        if (model.kind === "ilcm" && epoch >= fixOrderAfter && !order) {
          order = orderOf(model, pairs, seed);
          steps.fixOrder(order);
        }
        const rows = batches.at(epoch, batch);
        const weights = schedule.weights(step / perEpoch);
        const { loss, isUsable } = steps.take(schedule.phase(epoch), pairOf(pairs, rows), noiseSeed, weights);
        if (isUsable.dataSync()[0] === 0) {
          skipped += 1;
          if (skipped >= MOST_SKIPPED) throw new NonFiniteError("loss", Number.NaN, step + 1, undefined);
        }
        if (step % 100 === 99) onProgress?.(step + 1, {});
        return { loss };
      },
    });
  } finally {
    steps.dispose();
  }
}

/** Pairs whose noise tells the order. */
const ORDER_PAIRS = 2000;

/** The variables of an implicit model from first cause to last effect, as its solution functions have them now. */
function orderOf(
  { ilcm, encodeNoise, latents }: LatentModel,
  { before, pairs, variables, features = variables }: PairedInterventions,
  seed: number,
): number[] {
  const tf = tensorflow();
  const rows = Math.min(pairs, ORDER_PAIRS);
  const permutations = drawNoisePermutations(rows, latents, createRandom(seed).split("fixed order"));
  const { order } = tf.tidy(() => {
    const noise = encodeNoise(tf.tensor2d(before.subarray(0, rows * features), [rows, features]));
    return implicitGraph((ilcm as Ilcm).solutionFunctions, noise, permutations) as never;
  }) as ReturnType<typeof implicitGraph>;
  return order;
}

/** @param rows which pairs @returns both [rows, features] */
export function pairOf(
  { variables, features = variables, before, after }: PairedInterventions,
  rows: Int32Array,
): ObservationPair {
  const take = (all: Float32Array) => {
    const taken = new Float32Array(rows.length * features);
    for (let i = 0; i < rows.length; i++)
      taken.set(all.subarray(rows[i] * features, (rows[i] + 1) * features), i * features);
    return tensorflow().tensor2d(taken, [rows.length, features]);
  };
  return { before: take(before), after: take(after) };
}

/** Compiled steps, one a phase, made when they are first needed. */
function lcmSteps(model: LatentModel, { clipNorm, pretrainingBeta }: TrainingConfiguration) {
  const tf = tensorflow();
  const groups = model.groups.map((group) => ({
    ...group,
    adam: createOptimiser(group.variables, { kind: "adam" }),
  }));
  const moments = Object.assign(
    {},
    ...groups.map(({ name, adam }) =>
      Object.fromEntries(Array.from(adam.state, ([key, variable]) => [`adam/${name}/${key}`, variable])),
    ),
  ) as Record<string, Variable>;
  const variables = { ...model.parameters, ...moments };
  const body = (phase: IlcmPhase) => (before: Tensor, after: Tensor, seed: Tensor, padded: Tensor) => {
    const weights = padded.slice([0], [weightNames.length]);
    const [learningRate, beta, noiseRegularisation, consistency, entropy, offset] = tf.unstack(
      weights,
    ) as Scalar[];
    const reached = groups.filter((group) => group.isReached(phase));
    const trained = reached.flatMap((group) => Object.values(group.variables));
    const pair = { before, after } as ObservationPair;
    const options = { phase, beta, pretrainingBeta, noiseRegularisation, consistency, entropy, offset };
    const { value, grads } = tf.variableGrads(() => model.loss(pair, seed, options).loss, trained);
    const { gradients, norm } = clipGlobalNorm(grads, clipNorm);
    const isUsable = tf.logicalAnd(tf.isFinite(norm), tf.isFinite(value)).cast("float32") as Scalar;
    const kept = keepFinite(gradients, isUsable);
    for (const { adam } of reached) adam.apply(kept, learningRate.mul(isUsable) as Scalar);
    return { loss: value, isUsable };
  };
  type Step = CompiledStep<[Tensor, Tensor, Tensor, Tensor], ReturnType<ReturnType<typeof body>>>;
  const compiled = new Map<IlcmPhase, Step>();
  const disposeSteps = () => {
    for (const step of compiled.values()) step.dispose();
    compiled.clear();
  };
  let isOrdered = false;
  return {
    variables,
    /** Lets solution functions see what comes earlier alone: steps are compiled anew. */
    fixOrder(order: readonly number[]) {
      (model.ilcm as Ilcm).solutionFunctions.ancestors = order;
      isOrdered = true;
      disposeSteps();
    },
    take(
      phase: IlcmPhase,
      { before, after }: ObservationPair,
      seed: readonly number[],
      weights: Readonly<Record<(typeof weightNames)[number], number>>,
    ) {
      const step =
        compiled.get(phase) ?? compile(body(phase), { variables: Object.values(variables), threads: 1 });
      compiled.set(phase, step);
      // As many zeros as there are steps before this one: checkpoints tell steps apart by the shapes that they take.
      const padding = new Array<number>(phases.indexOf(phase) + (isOrdered ? phases.length : 0)).fill(0);
      const values = tf.tensor1d([...weightNames.map((name) => weights[name]), ...padding]);
      return step(before, after, tf.tensor1d(seed.slice(), "int32"), values);
    },
    forgetMoments() {
      for (const variable of Object.values(moments)) variable.assign(tf.zerosLike(variable));
    },
    dispose() {
      disposeSteps();
      for (const { adam } of groups) adam.dispose();
    },
  };
}

/** Gradients, or zeros throughout where `isUsable` is 0. */
function keepFinite(gradients: NamedTensorMap, isUsable: Scalar): NamedTensorMap {
  const tf = tensorflow();
  const shown = isUsable.cast("bool");
  return Object.fromEntries(
    Object.entries(gradients).map(([name, gradient]) => [
      name,
      tf.where(shown, gradient, tf.zerosLike(gradient)),
    ]),
  );
}
