// What the 2x2 analysis claims, beside what the document's authors found on Sudoku-Extreme with 16 ACT steps: HRM of 8,192
// puzzles, TRM of 2,048. Their exponents are per sub-update of the latent state, those of the diagnostics per ACT step: sign and
// order can be compared, sizes cannot.
import { type Claim, claimVerdict } from "../claims";
import type { AucName, ContrastName } from "./analysis/questions";
import type { TwoByTwoRun } from "./experiment";

const source = "the authors' pages on recursive-reasoning dynamics";
const above = (least: number): [number, number] => [least, Number.POSITIVE_INFINITY];

interface Question {
  claim: string;
  name: AucName | ContrastName;
  published: string | null;
  claimed: [number, number];
}

const questions: Question[] = [
  {
    claim: "A lower λ₁ tells right answers from wrong ones: AUC above 0.5",
    name: "neg_lam1_predicts_correct_overall",
    published: "0.984 (HRM), 0.993 (TRM)",
    claimed: above(0.5),
  },
  {
    claim: "It does so among answers that are still moving: AUC above 0.5",
    name: "neg_lam1_predicts_correct_within_nonconv",
    published: "0.879 among unsettled answers, within deciles of drift",
    claimed: above(0.5),
  },
  {
    claim: "A smaller late drift tells right answers from wrong ones: AUC above 0.5",
    name: "neg_logdrift_predicts_correct",
    published: "late drift and the halting logit say the same as λ₁",
    claimed: above(0.5),
  },
  {
    claim: "Right answers have the lower median λ₁",
    name: "dlam1_correct_minus_wrong_overall",
    published: "-0.152 against +0.032 (HRM), +0.012 against +0.103 (TRM)",
    claimed: [Number.NEGATIVE_INFINITY, 0],
  },
];

/**
 * Compares a run with what the authors found, a row for each question and checkpoint.
 *
 * @param run its checkpoints with their intervals; of synthetic diagnostics nothing can be told
 * @example
 * import { createRandom, synthesizeDiagnostics, twoByTwo } from "dolab";
 * const diagnostics = synthesizeDiagnostics({ seed: 1, samples: 64 });
 * const analysis = twoByTwo.analyze(diagnostics, { source: "synthetic" });
 * const intervals = twoByTwo.bootstrapIntervals(analysis, { rng: createRandom(0), replicates: 20 });
 * const checkpoint = { tag: "hrm", results: analysis.results, intervals, files: [] };
 * const [first] = twoByTwo.claims({ checkpoints: [checkpoint], synthetic: true });
 * first.verdict; // => "cannot be told here"
 */
export function claims(run: Pick<TwoByTwoRun, "checkpoints" | "synthetic">): Claim[] {
  const { checkpoints, synthetic } = run;
  return checkpoints.flatMap(({ tag, intervals, results }) =>
    questions.map(({ claim, name, published, claimed }): Claim => {
      const { estimate, low, high } = intervals.find((row) => row.name === name)!;
      return {
        claim: `${tag}: ${claim}`,
        published: published === null ? null : { value: published, source },
        found: `${estimate.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)}), ${results.n} samples`,
        verdict: synthetic ? "cannot be told here" : claimVerdict(low, high, claimed),
        why: synthetic ? "The diagnostics are synthetic: every number describes their generator" : undefined,
      };
    }),
  );
}
