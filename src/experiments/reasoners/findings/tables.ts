// Tables of the recursive reasoners.

import { mean, median } from "../../../stats";
import { growthRates } from "../thinking/kick-growth";
import { type Findings, medianExponents } from "./findings";
import { share } from "./share";

const percent = (count: number, of: number) => (of > 0 ? count / of : Number.NaN);

/**
 * Lists every checkpoint: how many answers are right, the cells, and the exponents of right and wrong answers.
 *
 * @param findings what each training's thoughts say, as a run has them
 * @example
 * import { reasoners } from "dolab";
 * const findings = reasoners.syntheticFindings({ samples: 64 });
 * const [first] = reasoners.checkpointTable(findings);
 * [first.checkpoint, first.step, first.puzzles]; // => ["early", 100, 64]
 */
export function checkpointTable(findings: readonly Findings[]) {
  return findings.flatMap(({ title, row, thoughts, evolution }) =>
    thoughts.map(({ step, thought, leftOut }) => {
      const cells = evolution.find((each) => each.step === String(step));
      const { right, wrong } = medianExponents(thought);
      const role = row.checkpoints.find((checkpoint) => checkpoint.step === step)?.role ?? "";
      const count = (part: number | undefined) =>
        part === undefined ? "" : Math.round(part * thought.samples);
      return {
        training: title,
        checkpoint: role,
        step,
        puzzles: thought.samples,
        "left out": leftOut,
        right: percent(
          thought.correct.reduce((a, b) => a + b, 0),
          thought.samples,
        ),
        A: count(cells?.fA),
        B: count(cells?.fB),
        C: count(cells?.fC),
        D: count(cells?.fD),
        "λ₁ right": right,
        "λ₁ wrong": wrong,
      };
    }),
  );
}

/**
 * Gives the median λ1 per ACT step and per update of a state, as the document's authors give it.
 *
 * @param findings what each training's thoughts say, as a run has them
 * @example
 * import { reasoners } from "dolab";
 * const findings = reasoners.syntheticFindings({ samples: 64 });
 * const [first] = reasoners.unitTable(findings);
 * first["right, per ACT step"] / first["right, per update"]; // => 6
 */
export function unitTable(findings: readonly Findings[]) {
  return findings
    .filter(({ row }) => !row.noisy)
    .map(({ title, chosen }) => {
      const { right, wrong } = medianExponents(chosen);
      const updates = 6; // two cycles of two low updates and a high one
      return {
        training: title,
        "right, per ACT step": right,
        "wrong, per ACT step": wrong,
        "right, per update": right / updates,
        "wrong, per update": wrong / updates,
      };
    });
}

/**
 * Says what becomes of wrong and right answers as thoughts run on and begin anew.
 *
 * @param findings what each training's thoughts say, as a run has them
 * @param level coverage of the intervals, between 0 and 1
 * @example
 * import { reasoners } from "dolab";
 * const findings = reasoners.syntheticFindings({ samples: 64 });
 * const [first] = reasoners.furtherTable(findings, 0.95);
 * [first.answers, first.what]; // => ["wrong", "right at step 32"]
 */
export function furtherTable(findings: readonly Findings[], level: number) {
  return findings.flatMap(({ title, row, chosen }) => {
    if (!row.further) return [];
    const { runOn, restarts, swap } = row.further;
    const place = (sample: number) => chosen.index?.[sample] ?? sample;
    const samples = (label: number) =>
      Array.from(chosen.correct.keys()).filter((sample) => chosen.correct[sample] === label);
    return [0, 1].flatMap((label) => {
      const own = samples(label);
      const entry = (what: string, count: number) => {
        const { low, high } = share(count, own.length, level);
        return {
          training: title,
          answers: label ? "right" : "wrong",
          what,
          right: count,
          of: own.length,
          low,
          high,
        };
      };
      return [
        ...runOn.at
          .slice(1)
          .map((step, i) =>
            entry(
              `right at step ${step}`,
              own.filter((sample) => runOn.right[place(sample)][i + 1] === 1).length,
            ),
          ),
        entry(
          "right from another puzzle's last state",
          own.filter((sample) => swap.right[place(sample)] === 1).length,
        ),
        ...restarts.map(({ size, count, solved }) =>
          entry(
            `right in any of ${count} restarts of size ${size}`,
            own.filter((sample) => solved[place(sample)] > 0).length,
          ),
        ),
      ];
    });
  });
}

/**
 * Says how fast kicks grow, against the exponent, and whether answers survive them.
 *
 * @param findings what each training's thoughts say, as a run has them
 * @example
 * import { reasoners } from "dolab";
 * const findings = reasoners.syntheticFindings({ samples: 64 });
 * const [first] = reasoners.kickTable(findings);
 * [first.direction, first["same answer"]]; // => ["most unstable", 1]
 */
export function kickTable(findings: readonly Findings[]) {
  return findings.flatMap(({ title, row }) => {
    const kicks = row.further?.kicks;
    if (!kicks) return [];
    return kicks.kicks.map((kick) => {
      const rates = growthRates(kick, kicks).filter(Number.isFinite);
      const kept = kick.right.filter((right, i) => right === kicks.right[i]).length;
      return {
        training: title,
        direction: kick.direction,
        size: kick.size,
        "median rate": rates.length > 0 ? median(Float64Array.from(rates)) : Number.NaN,
        "median λ₁ from there": median(Float64Array.from(kicks.exponent)),
        "same answer": percent(kept, kick.right.length),
      };
    });
  });
}

/**
 * Gives the mean share of the other blank cells that are right before, while and after a cell is held.
 *
 * @param findings what each training's thoughts say, as a run has them
 * @example
 * import { reasoners } from "dolab";
 * const findings = reasoners.syntheticFindings({ samples: 64 });
 * const [first] = reasoners.clampTable(findings);
 * [first.kind, first.before, first.held, first.after]; // => ["free", 0.5, 0.75, 0.625]
 */
export function clampTable(findings: readonly Findings[]) {
  return findings.flatMap(({ title, row }) =>
    (row.further?.clamps ?? [])
      .filter(({ index }) => index.length > 0)
      .map(({ kind, index, before, held, after }) => ({
        training: title,
        answers: kind === "lie" ? "right" : "wrong",
        kind,
        puzzles: index.length,
        before: mean(before),
        held: mean(held),
        after: mean(after),
      })),
  );
}

/**
 * Says whether wrong answers wander, without a threshold.
 *
 * @param findings what each training's thoughts say, as a run has them
 * @example
 * import { reasoners } from "dolab";
 * const findings = reasoners.syntheticFindings({ samples: 64 });
 * const [first] = reasoners.settlingTable(findings);
 * first.training; // => "TRM of seed 0"
 */
export function settlingTable(findings: readonly Findings[]) {
  return findings.flatMap(({ title, row, settling }) => {
    if (row.noisy || !settling) return [];
    const { slow, slowestAbove, slowing, restedLater } = settling;
    return [
      {
        training: title,
        wrong: slow.of,
        "slower than the median right answer": slow.count,
        "right answers slower than the slowest wrong one": slowestAbove,
        "wrong, slowing down": percent(slowing.wrong.count, slowing.wrong.of),
        "right, slowing down": percent(slowing.right.count, slowing.right.of),
        "wrong at the end of running on": restedLater?.of ?? 0,
        "of these at rest": restedLater?.count ?? 0,
      },
    ];
  });
}
