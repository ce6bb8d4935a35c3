// What document 001 asks of the four cells: four contrasts of the largest Lyapunov exponent and five rank AUCs. Each is
// a pair of groups or a scored yes-no question, so that its value and its bootstrap interval come from one definition.
import type { Diagnostics } from "../../../data";
import { median, rankAuc } from "../../../stats";
import type { Split } from "./cells";

export const contrastNames = [
  "dlam1_correct_minus_wrong_overall",
  "dlam1_within_converged",
  "dlam1_within_nonconverged",
  "dlam1_wrong_conv_minus_wrong_nonconv",
] as const;
export type ContrastName = (typeof contrastNames)[number];

export const aucNames = [
  "neg_lam1_predicts_correct_overall",
  "neg_lam1_predicts_correct_within_conv",
  "neg_lam1_predicts_correct_within_nonconv",
  "neg_logdrift_predicts_correct",
  "neg_lam1_predicts_converged",
] as const;
export type AucName = (typeof aucNames)[number];

/** Each question in words. */
export const questionTitles: Record<ContrastName | AucName, string> = {
  dlam1_correct_minus_wrong_overall: "correct − wrong",
  dlam1_within_converged: "correct − wrong, converged only (A − B)",
  dlam1_within_nonconverged: "correct − wrong, moving only (C − D)",
  dlam1_wrong_conv_minus_wrong_nonconv: "wrong: converged − moving (B − D)",
  neg_lam1_predicts_correct_overall: "−λ₁ → correct",
  neg_lam1_predicts_correct_within_conv: "−λ₁ → correct, converged only",
  neg_lam1_predicts_correct_within_nonconv: "−λ₁ → correct, moving only",
  neg_logdrift_predicts_correct: "−log d_late → correct",
  neg_lam1_predicts_converged: "−λ₁ → converged",
};

/** Two groups of values whose medians are compared: left minus right. */
export interface Contrast {
  left: Float64Array;
  right: Float64Array;
}

/** Does a higher score mean yes? [samples asked] */
export interface ScoredQuestion {
  scores: Float64Array;
  labels: Uint8Array;
}

/** The largest exponent of each sample. [samples] */
export const largestExponents = ({ lyapunov, exponents, samples }: Diagnostics) =>
  Float64Array.from({ length: samples }, (_, sample) => lyapunov[sample * exponents]);

/** The values of some samples. @param members indices into values */
export const gather = (values: Float64Array, members: Iterable<number>) =>
  Float64Array.from(members, (i) => values[i]);

/** The groups that each contrast compares. */
export function contrasts(diagnostics: Diagnostics, { cells }: Split): Record<ContrastName, Contrast> {
  const lam1 = largestExponents(diagnostics);
  const [a, b, c, d] = Object.values(cells);
  const compare = (left: number[], right: number[]) => ({
    left: gather(lam1, left),
    right: gather(lam1, right),
  });
  return {
    dlam1_correct_minus_wrong_overall: compare([...a, ...c], [...b, ...d]),
    dlam1_within_converged: compare([...a], [...b]),
    dlam1_within_nonconverged: compare([...c], [...d]),
    dlam1_wrong_conv_minus_wrong_nonconv: compare([...b], [...d]),
  };
}

/** The samples, scores and labels that each AUC ranks. */
export function scoredQuestions(diagnostics: Diagnostics, split: Split): Record<AucName, ScoredQuestion> {
  const stability = largestExponents(diagnostics).map((value) => -value);
  const stillness = split.logDrift.map((value) => -value);
  const correct = Uint8Array.from(diagnostics.correct);
  const among = (state: number): ScoredQuestion => {
    const asked = (_: number, sample: number) => split.converged[sample] === state;
    return { scores: stability.filter(asked), labels: correct.filter(asked) };
  };
  return {
    neg_lam1_predicts_correct_overall: { scores: stability, labels: correct },
    neg_lam1_predicts_correct_within_conv: among(1),
    neg_lam1_predicts_correct_within_nonconv: among(0),
    neg_logdrift_predicts_correct: { scores: stillness, labels: correct },
    neg_lam1_predicts_converged: { scores: stability, labels: split.converged },
  };
}

/** @returns NaN where a group is empty */
export const contrastValue = ({ left, right }: Contrast) => median(left) - median(right);

/** @returns NaN where one answer is missing */
export const questionAuc = ({ scores, labels }: ScoredQuestion) => rankAuc(scores, labels);
