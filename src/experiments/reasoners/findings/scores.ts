// How well a number that is read off a thought tells right answers from wrong ones, as a rank AUC; its interval resamples grids,
// as puzzles of one grid are not independent samples.

import { logLateDrift } from "../../../data";
import type { Random } from "../../../random";
import {
  type BootstrapInterval,
  bootstrapInterval,
  logisticRegression,
  predictLogistic,
  rankAuc,
  stratifiedAuc,
} from "../../../stats";
import type { Thought } from "../thinking/thought-files";

export interface ScoreRow {
  /** What is read off. */
  score: string;
  /** Among which answers, or with what held. */
  among: string;
  estimate: number;
  low: number;
  high: number;
  /** Right and wrong answers that were compared. */
  right: number;
  wrong: number;
}

export interface ResampleOptions {
  rng: Random;
  replicates: number;
  level: number;
}

/** No AUC is given of fewer right or wrong answers. */
const FEWEST = 5;

/** The exponents of a window of the trajectory, largest first: mean growth of its steps, first to last, counted from 1. */
export function windowExponents(
  { growth, samples, steps, exponents }: Thought,
  first: number,
  last: number,
): Float64Array[] {
  return Array.from({ length: samples }, (_, sample) => {
    const means = new Float64Array(exponents);
    for (let time = first - 1; time < last; time++)
      for (let i = 0; i < exponents; i++)
        means[i] += growth[(sample * steps + time) * exponents + i] / (last - first + 1);
    return means.sort().reverse();
  });
}

/** A statistic with its interval over resampled grids. @param statistic of samples, which may stand there several times */
export function overGrids(
  { grids }: Pick<Thought, "grids">,
  statistic: (samples: readonly number[]) => number,
  { rng, replicates, level }: ResampleOptions,
): BootstrapInterval {
  const members = new Map<number, number[]>();
  for (const [sample, grid] of grids.entries()) members.set(grid, [...(members.get(grid) ?? []), sample]);
  const groups = [...members.values()];
  const drawn = (indices: Int32Array) => Array.from(indices).flatMap((group) => groups[group]);
  return bootstrapInterval(groups.length, (indices) => statistic(drawn(indices)), { rng, replicates, level });
}

/** What a thought is asked. */
interface Question {
  score: string;
  among?: string;
  /** Higher means: right. [samples] */
  values: ArrayLike<number>;
  /** Which samples are asked; by default, all. */
  asked?: (sample: number) => boolean;
  /** Within which pairs are compared. [samples] */
  strata?: ArrayLike<unknown>;
}

/**
 * The AUCs of one checkpoint: each exponent and their mean, late drift, the halting logit, early windows of the trajectory, and λ1
 * with drift or difficulty held.
 */
export function scoreTable(thought: Thought, options: ResampleOptions): ScoreRow[] {
  const { samples, steps, exponents, lyapunov, driftHigh, haltLogit, correctAt, correct, clues } = thought;
  const each = (value: (sample: number) => number) =>
    Float64Array.from({ length: samples }, (_, sample) => value(sample));
  const exponent = (i: number) => each((sample) => -lyapunov[sample * exponents + i]);
  const logDrift = logLateDrift(driftHigh, steps);
  const early = Math.max(1, Math.round(steps / 4));
  const earlyExponents = windowExponents(thought, 1, early);
  const wrongEarly = (sample: number) => correctAt[sample * steps + early - 1] === 0;
  const amongWrong = `wrong at step ${early}`;
  const questions: Question[] = [
    ...Array.from({ length: exponents }, (_, i) => ({ score: `−λ${subscript(i + 1)}`, values: exponent(i) })),
    {
      score: "−mean of the spectrum",
      values: each((sample) => -mean(lyapunov.subarray(sample * exponents, (sample + 1) * exponents))),
    },
    { score: "−late drift", values: logDrift.map((value) => -value) },
    { score: "halting logit", values: each((sample) => haltLogit[(sample + 1) * steps - 1]) },
    {
      score: "−λ₁",
      among: "same tenth of late drift",
      values: exponent(0),
      strata: quantileGroups(logDrift, 10),
    },
    { score: "−λ₁", among: "same number of clues", values: exponent(0), strata: clues },
    { score: `−λ₁ of steps 1 to ${early}`, values: each((sample) => -earlyExponents[sample][0]) },
    {
      score: `−λ₁ of steps 1 to ${early}`,
      among: amongWrong,
      asked: wrongEarly,
      values: each((sample) => -earlyExponents[sample][0]),
    },
    { score: `−drift at step ${early}`, values: each((sample) => -driftHigh[sample * steps + early - 1]) },
    {
      score: `−drift at step ${early}`,
      among: amongWrong,
      asked: wrongEarly,
      values: each((sample) => -driftHigh[sample * steps + early - 1]),
    },
  ];
  return questions.map(({ score, among = "all answers", values, asked = () => true, strata }) => {
    const auc = (chosen: readonly number[]) => {
      const some = chosen.filter(asked);
      const own = (list: ArrayLike<number>) => some.map((sample) => list[sample]);
      const labels = own(correct);
      return strata
        ? stratifiedAuc(
            own(values),
            labels,
            some.map((sample) => strata[sample]),
          )
        : rankAuc(own(values), labels);
    };
    const asking = Array.from({ length: samples }, (_, sample) => sample).filter(asked);
    const right = asking.filter((sample) => correct[sample] === 1).length;
    const wrong = asking.length - right;
    const enough = Math.min(right, wrong) >= FEWEST;
    const { estimate, low, high } = enough
      ? overGrids(thought, auc, { ...options, rng: options.rng.split(`${score} ${among}`) })
      : { estimate: Number.NaN, low: Number.NaN, high: Number.NaN };
    return { score, among, estimate, low, high, right, wrong };
  });
}

/** What λ1 adds to late drift and halting logit. */
export interface Deflation {
  /** AUC of the probability that late drift and halting logit give, cross-validated over grids. */
  without: number;
  /** The same with λ1 as a third feature. */
  with: number;
  /** The difference, with its interval over resampled grids; the models stay as they were fitted. */
  gain: BootstrapInterval;
}

const FOLDS = 5;

/** @returns undefined where a fold lacks right or wrong answers to learn from */
export function deflation(thought: Thought, options: ResampleOptions): Deflation | undefined {
  const { samples, steps, exponents, lyapunov, driftHigh, haltLogit, correct, grids } = thought;
  const logDrift = logLateDrift(driftHigh, steps);
  const features = (sample: number) => [
    logDrift[sample],
    haltLogit[(sample + 1) * steps - 1],
    lyapunov[sample * exponents],
  ];
  const known = [...new Set(grids)];
  const order = options.rng.split("folds").permutation(known.length);
  const foldOf = new Map(known.map((grid, i) => [grid, order[i] % FOLDS]));
  const all = Array.from({ length: samples }, (_, sample) => sample);
  const predictions = (size: number): Float64Array | undefined => {
    const predicted = new Float64Array(samples);
    for (let fold = 0; fold < FOLDS; fold++) {
      const [held, others] = [
        all.filter((i) => foldOf.get(grids[i]) === fold),
        all.filter((i) => foldOf.get(grids[i]) !== fold),
      ];
      const labels = others.map((i) => correct[i]);
      if (new Set(labels).size < 2) return undefined;
      const model = logisticRegression(
        others.map((i) => features(i).slice(0, size)),
        labels,
      );
      for (const i of held) predicted[i] = predictLogistic(model, features(i).slice(0, size));
    }
    return predicted;
  };
  const [two, three] = [predictions(2), predictions(3)];
  if (!two || !three) return undefined;
  const auc = (values: Float64Array, chosen: readonly number[]) =>
    rankAuc(
      chosen.map((i) => values[i]),
      chosen.map((i) => correct[i]),
    );
  const gain = overGrids(thought, (chosen) => auc(three, chosen) - auc(two, chosen), {
    ...options,
    rng: options.rng.split("gain"),
  });
  return { without: auc(two, all), with: auc(three, all), gain };
}

const mean = (values: Float64Array) => values.reduce((a, b) => a + b, 0) / values.length;
const subscript = (number: number) => String(number).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]);

/** Which of `count` groups of equal size a value is in, from low to high. */
function quantileGroups(values: ArrayLike<number>, count: number): Int32Array {
  const order = Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a] - values[b]);
  const groups = new Int32Array(values.length);
  for (const [rank, place] of order.entries()) groups[place] = Math.floor((rank * count) / values.length);
  return groups;
}
