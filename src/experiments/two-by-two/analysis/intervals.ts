// How sure are the contrasts and AUCs? Percentile bootstrap intervals over samples; not in the document. The split is
// held at the sample's own tau. Contrasts resample within each of their two groups, AUCs over all samples asked.
import type { Random } from "../../../random";
import { type BootstrapInterval, bootstrapAuc, bootstrapInterval, median } from "../../../stats";
import type { Analysis } from "./analyze";
import {
  type AucName,
  aucNames,
  type Contrast,
  type ContrastName,
  contrastNames,
  contrasts,
  questionTitles,
  scoredQuestions,
} from "./questions";

export interface IntervalRow {
  kind: "contrast" | "auc";
  name: ContrastName | AucName;
  question: string;
  estimate: number;
  low: number;
  high: number;
}

/**
 * Gives bootstrap intervals of the four contrasts and five AUCs.
 *
 * @param analysis what `analyze` gave of one checkpoint
 * @param options.rng drawn from through one stream a question, so that questions do not disturb each other
 * @param options.replicates resamples a question
 * @param options.level coverage, between 0 and 1
 * @returns nine rows; low and high are NaN where the estimate is
 * @example
 * import { createRandom, synthesizeDiagnostics, twoByTwo } from "dolab";
 * const diagnostics = synthesizeDiagnostics({ seed: 1, samples: 64 });
 * const analysis = twoByTwo.analyze(diagnostics, { source: "synthetic" });
 * const intervals = twoByTwo.bootstrapIntervals(analysis, { rng: createRandom(0), replicates: 20 });
 * [intervals[4].name, intervals.length]; // => ["neg_lam1_predicts_correct_overall", 9]
 */
export function bootstrapIntervals(
  analysis: Analysis,
  { rng, replicates = 1000, level = 0.95 }: { rng: Random; replicates?: number; level?: number },
): IntervalRow[] {
  const { diagnostics, split } = analysis;
  const groups = contrasts(diagnostics, split);
  const questions = scoredQuestions(diagnostics, split);
  const options = (name: string) => ({ rng: rng.split(name), replicates, level });
  const row = (
    kind: IntervalRow["kind"],
    name: ContrastName | AucName,
    { estimate, low, high }: BootstrapInterval,
  ) => ({
    kind,
    name,
    question: questionTitles[name],
    estimate,
    low,
    high,
  });
  return [
    ...contrastNames.map((name) => row("contrast", name, bootstrapContrast(groups[name], options(name)))),
    ...aucNames.map((name) => {
      const { scores, labels } = questions[name];
      return row("auc", name, bootstrapAuc(scores, labels, options(name)));
    }),
  ];
}

function bootstrapContrast(
  { left, right }: Contrast,
  options: { rng: Random; replicates: number; level: number },
): BootstrapInterval {
  const values = Float64Array.of(...left, ...right);
  const groups = Uint8Array.from(values, (_, i) => Number(i >= left.length));
  const statistic = (indices: Int32Array) => {
    const drawn = [indices.filter((i) => !groups[i]), indices.filter((i) => groups[i])];
    const [leftMedian, rightMedian] = drawn.map((members) =>
      median(Float64Array.from(members, (i) => values[i])),
    );
    return leftMedian - rightMedian;
  };
  return bootstrapInterval(values.length, statistic, { ...options, groups });
}
