// Do wrong answers wander, or have they settled? Asked without a threshold: a wrong answer has settled if it moves less than right
// answers do. The authors' own form of it ranks the slowest wrong answer among the right ones. Whether a thought that runs on comes
// to rest in the end is told by float32 alone, whose rounding moves a state at rest by less than 10^-4.5.
import { logLateDrift } from "../../../data";
import { median } from "../../../stats";
import type { FurtherThought } from "../thinking/further-thought";
import type { Thought } from "../thinking/thought-files";
import { type Share, share } from "./share";

export interface Settling {
  /** The wrong answers that move less than the median right answer, over the last four steps. */
  slow: Share;
  /** The share of right answers that move less than the slowest wrong one. */
  slowestAbove: number;
  /** Wrong, and right, answers that move less in the last four steps than in the four before. */
  slowing: { wrong: Share; right: Share };
  /** The share that has come to rest, of the answers that are wrong when thoughts have run on. */
  restedLater?: Share;
}

/** log10 of drift below which float32 states move by rounding alone: a cut there separates noise. */
export const roundingLogDrift = -4.5;

/** Steps at the end of a thought whose drift is late. */
const LATE = 4;

/** @returns undefined where no answer is right, or none wrong */
export function settlingOf(
  thought: Thought,
  level: number,
  further?: Pick<FurtherThought, "runOn">,
): Settling | undefined {
  const { samples, steps, driftHigh, correct, index } = thought;
  const drifts = logLateDrift(driftHigh, steps);
  const all = Array.from({ length: samples }, (_, sample) => sample);
  const [wrong, right] = [0, 1].map((label) => all.filter((sample) => correct[sample] === label));
  if (wrong.length === 0 || right.length === 0) return undefined;
  const own = (group: readonly number[]) => Float64Array.from(group, (sample) => drifts[sample]);
  const usual = median(own(right));
  const slowest = own(wrong).reduce((least, drift) => Math.min(least, drift));
  const mean = (sample: number, first: number) => {
    let sum = 0;
    for (let time = first; time < first + LATE; time++) sum += driftHigh[sample * steps + time];
    return sum / LATE;
  };
  const slowing = (group: readonly number[]) =>
    share(
      group.filter((sample) => mean(sample, steps - LATE) < mean(sample, steps - 2 * LATE)).length,
      group.length,
      level,
    );
  const count = (group: readonly number[], test: (sample: number) => boolean) => group.filter(test).length;
  const settling: Settling = {
    slow: share(
      count(wrong, (sample) => drifts[sample] < usual),
      wrong.length,
      level,
    ),
    slowestAbove: count(right, (sample) => drifts[sample] < slowest) / right.length,
    slowing: { wrong: slowing(wrong), right: slowing(right) },
  };
  if (!further) return settling;
  const { right: rightLater, lastDrift } = further.runOn;
  const places = all.map((sample) => index?.[sample] ?? sample);
  const wrongLater = places.filter((place) => rightLater[place].at(-1) === 0);
  const rested = count(wrongLater, (place) => lastDrift[place] < roundingLogDrift);
  return { ...settling, restedLater: share(rested, wrongLater.length, level) };
}
