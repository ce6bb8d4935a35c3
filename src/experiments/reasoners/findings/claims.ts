// What the run claims, beside what the authors of document 001 found on Sudoku-Extreme with networks hundreds of times as large and
// trained to the end. A null is said to be one.
import { createRandom } from "../../../random";
import { bootstrapInterval, median } from "../../../stats";
import { type Claim, claimVerdict } from "../../claims";
import type { ReasonersRun } from "../experiment";
import { growthRates } from "../thinking/kick-growth";
import { type Findings, medianExponents, share } from "./findings";
import { overGrids } from "./scores";

const source = "the authors' pages on recursive-reasoning dynamics";
const above = (least: number): [number, number] => [least, Number.POSITIVE_INFINITY];
const below = (most: number): [number, number] => [Number.NEGATIVE_INFINITY, most];
const number = (value: number) => value.toFixed(2);
const interval = (low: number, high: number) => `(${number(low)} to ${number(high)})`;
const ACROSS = "The interval reaches across the bound";
const SMALL = "These are networks of some twenty thousand parameters at the start of their learning";

export function claims(run: ReasonersRun): Claim[] {
  const list = run.findings.filter(({ row }) => !row.noisy).flatMap((one) => claimsOf(one, run));
  return [...list, ...twinClaims(run)].map((claim) =>
    claim.verdict === "cannot be told here" && !claim.why ? { ...claim, why: ACROSS } : claim,
  );
}

function claimsOf(one: Findings, { configuration }: ReasonersRun): Claim[] {
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
      "0.879 within deciles of drift",
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
    value: string,
  ): Claim => ({
    claim: `${title}: ${claim}`,
    published: { value, source },
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
      "restarts free most of TRM's failures",
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
      "",
    ),
    published: null,
    found: kept.of === 0 ? "no right answer" : `${kept.count} of ${kept.of} ${interval(kept.low, kept.high)}`,
  });
  if (one.settledWrong && one.settledWrong.of > 0)
    list.push(
      shareClaim(
        "few wrong answers have settled (less than 5 %)",
        one.settledWrong,
        below(0.05),
        "TRM 0 of 254; HRM 21 of 3,894",
      ),
    );
  else if (one.noSplit)
    list.push({
      claim: `${title}: few wrong answers have settled (less than 5 %)`,
      published: { value: "TRM 0 of 254; HRM 21 of 3,894", source },
      found: one.noSplit,
      verdict: "cannot be told here",
    });
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
      verdict: claimVerdict(low, high, [-0.1, 0.1]),
      why: unreached,
    });
  }
  return list;
}

/** Noise in training against the same training without. */
function twinClaims({ findings, configuration }: ReasonersRun): Claim[] {
  return findings
    .filter(({ row }) => row.noisy)
    .flatMap((twin): Claim[] => {
      const plain = findings.find(
        ({ row }) => !row.noisy && row.system === twin.row.system && row.seed === twin.row.seed,
      );
      if (!plain) return [];
      const [one, other] = [twin, plain].map(({ thoughts }) => thoughts[thoughts.length - 1].thought);
      const title = `${twin.row.system.toUpperCase()} of seed ${twin.row.seed}`;
      const shares = [one, other].map(({ correct, samples }) => correct.reduce((a, b) => a + b, 0) / samples);
      const places = new Map(Array.from(other.index ?? []).map((place, sample) => [place, sample]));
      const pairs = Array.from(one.index ?? []).flatMap((place, sample) => {
        const same = places.get(place);
        return same === undefined ? [] : [{ sample, same }];
      });
      const rng = createRandom(configuration.seed).split(`twin ${title}`);
      const { low, high, estimate } = overGrids(
        { grids: Float64Array.from(pairs, ({ sample }) => one.grids[sample]) },
        (chosen) =>
          chosen.reduce((sum, i) => sum + one.correct[pairs[i].sample] - other.correct[pairs[i].same], 0) /
          chosen.length,
        { rng, replicates: configuration.replicates, level: configuration.level },
      );
      const exponents = [one, other].map((thought) => medianExponents(thought).right);
      return [
        {
          claim: `${title}: noise on the states in training makes more answers right at the last checkpoint`,
          published: { value: "TRM .869 → .897 exact; λ₁ of right answers +.018 → +.011", source },
          found: `${number(shares[1])} → ${number(shares[0])}, difference ${estimate.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)}); median λ₁ of right answers ${number(exponents[1])} → ${number(exponents[0])}`,
          verdict: claimVerdict(low, high, above(0)),
          why: "One training each: the interval is over puzzles, not over trainings",
        },
      ];
    });
}
