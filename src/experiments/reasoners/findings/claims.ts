// What the run claims, beside what the authors of document 001 found on Sudoku-Extreme with networks hundreds of times as large and
// trained to the end. A null is said to be one.
import { createRandom } from "../../../random";
import { bootstrapInterval, median } from "../../../stats";
import { type Claim, claimVerdict } from "../../claims";
import { growthRates } from "../thinking/kick-growth";
import { above, authors, below, type ClaimedRun, interval, number } from "./claim-words";
import { clampClaims } from "./clamp-claims";
import type { Findings } from "./findings";
import { share } from "./share";
import { twinClaims } from "./twin-claims";

const source = authors;
const ACROSS = "The interval reaches across the bound";
const SMALL = "These are networks of some tens of thousands of parameters at the start of their learning";

/**
 * Compares a run with what the authors found, row by row; of networks this small, early in their training.
 *
 * @param run a run, finished or not
 * @example
 * import { reasoners } from "dolab";
 * const { configuration } = reasoners.parameters({ preset: "smoke" });
 * const findings = reasoners.syntheticFindings({ samples: 64 });
 * const claims = reasoners.claims({ findings, configuration });
 * claims[0].verdict; // => "shown"
 */
export function claims(run: ClaimedRun): Claim[] {
  const list = run.findings.filter(({ row }) => !row.noisy).flatMap((one) => claimsOf(one, run));
  return [...list, ...twinClaims(run)].map((claim) =>
    claim.verdict === "cannot be told here" && !claim.why ? { ...claim, why: ACROSS } : claim,
  );
}

function claimsOf(one: Findings, { configuration }: ClaimedRun): Claim[] {
  const { title, row, scores, chosen } = one;
  const { level } = configuration;
  const unreached = row.reached
    ? undefined
    : `No checkpoint had ${configuration.threshold} of the validation puzzles right`;
  const scored = (
    score: string,
    among: string,
    claim: string,
    claimed: [number, number],
    published: string | null,
  ): Claim => {
    const found = scores.find((entry) => entry.score === score && entry.among === among);
    const known = found !== undefined && Number.isFinite(found.estimate);
    return {
      claim: `${title}: ${claim}`,
      published: published === null ? null : { value: published, source },
      found: known
        ? `AUC ${number(found.estimate)} ${interval(found.low, found.high)}, ${found.right} right and ${found.wrong} wrong answers`
        : "too few right or wrong answers",
      verdict: known && row.reached ? claimVerdict(found.low, found.high, claimed) : "cannot be told here",
      why: unreached ?? SMALL,
    };
  };
  const early = Math.max(1, Math.round(chosen.steps / 4));
  const amongWrong = `wrong at step ${early}`;
  const list = [
    scored(
      "−λ₁",
      "all answers",
      "a lower λ₁ tells right answers from wrong ones (AUC above 0.5)",
      above(0.5),
      "0.984 (HRM), 0.993 (TRM)",
    ),
    scored(
      "−mean of the spectrum",
      "all answers",
      "so does the mean of the eight exponents (AUC above 0.5)",
      above(0.5),
      "0.991 to 0.995",
    ),
    scored(
      "−late drift",
      "all answers",
      "so does late drift (AUC above 0.5)",
      above(0.5),
      "late drift and the halting logit say the same",
    ),
    scored(
      "halting logit",
      "all answers",
      "so does the halting logit (AUC above 0.5)",
      above(0.5),
      "late drift and the halting logit say the same",
    ),
    scored(
      "−λ₁",
      "same tenth of late drift",
      "λ₁ tells right from wrong at the same late drift (AUC above 0.5)",
      above(0.5),
      "0.879 among unsettled answers, within deciles of drift",
    ),
    scored(
      "−λ₁",
      "same number of clues",
      "λ₁ tells right from wrong at the same number of clues (AUC above 0.5)",
      above(0.5),
      "0.982",
    ),
    scored(
      `−λ₁ of steps 1 to ${early}`,
      amongWrong,
      `among answers still wrong at step ${early}, the first steps' λ₁ tells which will be right (AUC above 0.5)`,
      above(0.5),
      "early windows do not tell",
    ),
  ];
  if (!row.further) return list;
  const { runOn, restarts, swap, kicks } = row.further;
  const wrong = Array.from(chosen.correct.keys()).filter((sample) => chosen.correct[sample] === 0);
  // Puzzles that were left out of the npz have no place among its samples.
  const placeOf = (sample: number) => chosen.index?.[sample] ?? sample;
  const escaped = share(
    wrong.filter((sample) => runOn.right[placeOf(sample)].at(-1) === 1).length,
    wrong.length,
    level,
  );
  const steps = runOn.at.at(-1);
  const published =
    row.system === "trm" ? "over 96 % solved with enough steps" : "HRM's failures mostly stay";
  const shareClaim = (
    claim: string,
    { count, of, low, high }: typeof escaped,
    claimed: [number, number],
    value: string | null,
  ): Claim => ({
    claim: `${title}: ${claim}`,
    published: value === null ? null : { value, source },
    found: of === 0 ? "no wrong answer" : `${count} of ${of} ${interval(low, high)}`,
    verdict: of === 0 || !row.reached ? "cannot be told here" : claimVerdict(low, high, claimed),
    why: unreached ?? SMALL,
  });
  list.push(
    row.system === "trm"
      ? shareClaim(
          `most wrong answers become right when thoughts run on to ${steps} ACT steps`,
          escaped,
          above(0.5),
          published,
        )
      : shareClaim(
          `most wrong answers stay wrong when thoughts run on to ${steps} ACT steps`,
          escaped,
          below(0.5),
          published,
        ),
  );
  const largest = restarts[restarts.length - 1];
  const solved = share(
    wrong.filter((sample) => largest.solved[placeOf(sample)] > 0).length,
    wrong.length,
    level,
  );
  list.push(
    shareClaim(
      `most wrong answers are found right by one of ${largest.count} restarts from states perturbed by ${largest.size}`,
      solved,
      above(0.5),
      row.system === "trm" ? "restarts free most of TRM's failures" : null,
    ),
  );
  const solvedOnes = Array.from(chosen.correct.keys()).filter((sample) => chosen.correct[sample] === 1);
  const kept = share(
    solvedOnes.filter((sample) => swap.right[placeOf(sample)] === 1).length,
    solvedOnes.length,
    level,
  );
  list.push({
    ...shareClaim(
      "the answer follows the puzzle, not the state: most right answers are right from another puzzle's last state too",
      kept,
      above(0.5),
      null,
    ),
    found: kept.of === 0 ? "no right answer" : `${kept.count} of ${kept.of} ${interval(kept.low, kept.high)}`,
  });
  if (one.settling)
    list.push(
      shareClaim(
        "wrong answers wander: few move less than the median right answer (less than 5 %)",
        one.settling.slow,
        below(0.05),
        row.system === "trm"
          ? "0 of 254 failures settle; the slowest moves faster than 96.5 % of the successes"
          : "21 of 3,894 failures settle",
      ),
    );
  if (one.deflation) {
    const { without, gain } = one.deflation;
    list.push({
      claim: `${title}: λ₁ adds nothing to late drift and halting logit (cross-validated AUC, gain below 0.02)`,
      published: { value: "the signal reduces to detecting convergence", source },
      found: `${number(without)} without λ₁, with it ${number(one.deflation.with)}; gain ${gain.estimate.toFixed(3)} (${gain.low.toFixed(3)} to ${gain.high.toFixed(3)})`,
      verdict: claimVerdict(gain.low, gain.high, below(0.02)),
      why: unreached ?? SMALL,
    });
  }
  const small = kicks.kicks.find(
    ({ direction, size }) => direction === "most unstable" && size === Math.min(...configuration.kickSizes),
  );
  if (small) {
    const differences = growthRates(small, kicks)
      .map((rate, i) => rate - kicks.exponent[i])
      .filter(Number.isFinite);
    const rng = createRandom(configuration.seed).split(`kicks ${title}`);
    const { estimate, low, high } = bootstrapInterval(
      differences.length,
      (chosenOnes) => median(Float64Array.from(chosenOnes, (i) => differences[i])),
      { rng, replicates: configuration.replicates, level },
    );
    list.push({
      claim: `${title}: a kick of ${small.size} along the most unstable direction grows or fades as exp(λ₁ t) says (median rate within 0.1 per ACT step)`,
      published: null,
      found: `rate less exponent: median ${estimate.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)}), ${differences.length} puzzles`,
      verdict: row.reached ? claimVerdict(low, high, [-0.1, 0.1]) : "cannot be told here",
      why: unreached,
    });
  }
  const held = clampClaims(one, configuration).map((claim) =>
    unreached ? ({ ...claim, verdict: "cannot be told here", why: unreached } as const) : claim,
  );
  return [...list, ...held];
}
