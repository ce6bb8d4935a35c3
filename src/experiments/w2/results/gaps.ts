// The gaps of source document 000 and what it says of them: gap = collapse error - ordered error at the end, its mean and
// population standard deviation over seeds, and thresholds that a mean must exceed strictly. Sums are numpy's, term by term:
// its mean of [0.1, 0.1, 0.1] is 0.10000000000000002, which exceeds 0.10, and the mean of `stats` is 0.1, which does not.
import type { Random } from "../../../random";
import { bootstrapInterval } from "../../../stats";
import type { SeedResult } from "./seed-result";

export type Verdict = "strong" | "moderate" | "weak";

/** Means above it are strong evidence. */
export const strongGap = 0.1;
const moderateGap = 0.05;

/** Says what a mean gap is worth by the document's thresholds. */
export function verdictOf(meanGap: number): Verdict {
  if (meanGap > strongGap) return "strong";
  return meanGap > moderateGap ? "moderate" : "weak";
}

/** Gives the final gaps of each target, in the order of the targets, seed by seed. */
export function gapsByTarget(
  results: readonly SeedResult[],
  targets: readonly number[],
): { target: number; gaps: number[] }[] {
  return targets.map((target) => ({
    target,
    gaps: results.flatMap(({ interventions }) =>
      interventions.filter(({ target_lambda }) => target_lambda === target).map(({ final_gap }) => final_gap),
    ),
  }));
}

/** numpy's mean; NaN of nothing. */
export const numpyMean = (values: readonly number[]): number => pairwiseSum(values) / values.length;

/** numpy's standard deviation of a population (ddof 0); NaN of nothing. */
export function numpyDeviation(values: readonly number[]): number {
  const middle = numpyMean(values);
  return Math.sqrt(numpyMean(values.map((value) => (value - middle) ** 2)));
}

/** Takes the mean of all gaps of all targets: what the conclusion is drawn from; 0 where there are none, as in the document. */
export function overallGap(gaps: readonly { gaps: readonly number[] }[]): number {
  const all = gaps.flatMap((target) => target.gaps);
  return all.length === 0 ? 0 : numpyMean(all);
}

/**
 * Gives the percentile bootstrap interval of the mean gap over seeds; NaN with fewer than two of them, which tell nothing of a spread.
 *
 * With a few seeds it covers less than its level: of three, 1 resample in 27 is three times the smallest gap, so that the
 * interval of level 0.95 is smallest to largest, which holds the true mean of a symmetric law about three times in four.
 */
export function gapInterval(
  gaps: readonly number[],
  options: { rng: Random; replicates: number; level: number },
): { low: number; high: number } {
  if (gaps.length < 2) return { low: NaN, high: NaN };
  const meanOf = (indices: Int32Array) => numpyMean(Array.from(indices, (index) => gaps[index]));
  const { low, high } = bootstrapInterval(gaps.length, meanOf, options);
  return { low, high };
}

const LANES = 8;
const BLOCK = 128;

/** numpy's pairwise summation: eight running sums in blocks of up to 128, and halves of what is longer. */
function pairwiseSum(values: readonly number[]): number {
  const count = values.length;
  if (count > BLOCK) {
    const half = Math.floor(count / 2 / LANES) * LANES;
    return pairwiseSum(values.slice(0, half)) + pairwiseSum(values.slice(half));
  }
  const add = (sum: number, value: number) => sum + value;
  if (count < LANES) return values.reduce(add, 0);
  const whole = count - (count % LANES);
  const lane = (index: number) =>
    values
      .slice(0, whole)
      .filter((_, i) => i % LANES === index)
      .reduce(add);
  const [a, b, c, d, e, f, g, h] = Array.from({ length: LANES }, (_, index) => lane(index));
  return values.slice(whole).reduce(add, a + b + (c + d) + (e + f + (g + h)));
}
