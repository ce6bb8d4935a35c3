// What W2 claims, beside what the authors found: their W2_results.json (seeds 0 to 2, ResNet-18 of width 64, all of CIFAR-10,
// 50 + 80 epochs and 30 after the jump), their table of error by λ, and their further findings.
import { createRandom } from "../../random";
import { mean, wilsonInterval } from "../../stats";
import { type Claim, claimVerdict, type Verdict } from "../claims";
import type { W2Run } from "./experiment";
import { publishedBoundary, publishedRun, publishedSource } from "./published-run";
import { boundaryCurve, criticalLambda } from "./results/boundary";
import { chanceFrom, checkpointTable } from "./results/checkpoint-worth";
import { gapInterval, gapsByTarget, strongGap } from "./results/gaps";
import { type SeedResult, type Stay, sweepsBySpeed } from "./results/seed-result";
import type { History } from "./training/phases";

type ClaimedRun = Pick<W2Run, "results" | "configuration" | "epochs" | "boundary">;

const repository = "HIDEKI-SQ/dual-gradient-learning";
const published = publishedRun();

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const percents = (shares: readonly number[]) => shares.map(percent).join(", ");
const seedsInWords = (count: number) => `${count} ${count === 1 ? "seed" : "seeds"}`;
const untold = (why: string): Pick<Claim, "found" | "verdict" | "why"> => ({
  found: "nothing",
  verdict: "cannot be told here",
  why,
});
const shownIf = (holds: boolean): Verdict => (holds ? "shown" : "not shown");

/**
 * Compares a run with what the authors found, sentence by sentence.
 *
 * @param run a run, finished or not
 * @returns a row a claim: the checkpoints, the gap at each target, and what the arms ask
 * @example
 * import { w2 } from "dolab";
 * const [ordered, collapsed] = w2.claims({ ...w2.publishedRun(), epochs: [], boundary: [] });
 * [ordered.verdict, collapsed.verdict]; // => ["shown", "shown"]
 * ordered.found === ordered.published.value; // => true
 */
export const claims = (run: ClaimedRun): Claim[] => [
  ...(["ordered", "collapse"] as const).map((checkpoint) => checkpointClaim(run, checkpoint)),
  ...run.configuration.targets.map((target) => gapClaim(run, target)),
  restClaim(run),
  longerClaim(run),
  boundaryClaim(run),
  cosineClaim(run),
  loopClaim(run),
  lifetimeClaim(run),
  trapClaim(run),
  speedClaim(run),
];

function checkpointClaim({ results, configuration }: ClaimedRun, checkpoint: "ordered" | "collapse"): Claim {
  const own = checkpointTable(results, configuration).filter((row) => row.checkpoint === checkpoint);
  const threshold = percent(configuration[`${checkpoint}Threshold`]);
  const state = checkpoint === "ordered" ? `ordered, below ${threshold}` : `collapsed, above ${threshold}`;
  const theirs = published.results.map((result) => result[`${checkpoint}_init_error`]);
  const dead = own.filter(({ at_chance }) => at_chance).length;
  const found =
    own.length === 0
      ? untold("no seed is done")
      : {
          found: percents(own.map(({ test_error }) => test_error)),
          verdict: shownIf(own.every(({ worthy }) => worthy)),
        };
  return {
    claim: `Training at λ = ${configuration[`${checkpoint}Lambda`]} ends ${state} test error, for every seed`,
    published: { value: percents(theirs), source: publishedSource },
    ...found,
    ...(dead > 0 ? { why: `${dead} of ${own.length} answer no better than chance` } : {}),
  };
}

function gapClaim({ results, configuration }: ClaimedRun, target: number): Claim {
  const { seed, replicates, level } = configuration;
  const [{ gaps }] = gapsByTarget(results, [target]);
  const [{ gaps: theirs }] = gapsByTarget(published.results, [target]);
  const rng = createRandom(seed).split(`gap ${target}`);
  const { low, high } = gapInterval(gaps, { rng, replicates, level });
  const range = gaps.length > 1 ? ` (${percent(low)} to ${percent(high)})` : "";
  const found =
    gaps.length === 0
      ? untold("no seed is done")
      : {
          found: `${percent(mean(gaps))}${range}, ${seedsInWords(gaps.length)}`,
          ...gapVerdict({ results, configuration }, gaps, { low, high }),
        };
  return {
    claim: `At λ = ${target}, reached by a jump, the network that had collapsed still errs on more than ${percent(strongGap)} more images than the one that was ordered`,
    published:
      theirs.length > 0
        ? { value: `${percent(mean(theirs))}, ${seedsInWords(theirs.length)}`, source: publishedSource }
        : null,
    ...found,
  };
}

function gapVerdict(
  { results, configuration }: Pick<ClaimedRun, "results" | "configuration">,
  gaps: readonly number[],
  { low, high }: { low: number; high: number },
): Pick<Claim, "verdict" | "why"> {
  const unworthy = checkpointTable(results, configuration).filter(({ worthy }) => !worthy).length;
  if (unworthy > 0)
    return {
      verdict: "cannot be told here",
      why: `${unworthy} checkpoints are not in the state that they are named after`,
    };
  if (gaps.length === 1)
    return { verdict: shownIf(gaps[0] > strongGap), why: "a single seed, which has no interval" };
  const verdict = claimVerdict(low, high, [strongGap, Number.POSITIVE_INFINITY]);
  const why = verdict === "cannot be told here" ? { why: "the interval holds the threshold" } : {};
  return { verdict, ...why };
}

/** How much an error may still move over the second half of an intervention and count as at rest. */
const RESTLESS = 0.01;

/** The change of the error over the second half of a trajectory. */
function lateChange({ trajectory }: Stay): number {
  const last = trajectory[trajectory.length - 1];
  const half = trajectory.find(({ epoch }) => epoch >= last.epoch / 2) ?? last;
  return last.error - half.error;
}

const lateChanges = (results: readonly SeedResult[]) =>
  results.flatMap(({ interventions }) => interventions.map(({ collapse }) => lateChange(collapse)));

function restClaim({ results }: ClaimedRun): Claim {
  const changes = lateChanges(results);
  const atRest = (all: readonly number[]) => all.filter((change) => Math.abs(change) < RESTLESS).length;
  const theirs = lateChanges(published.results);
  const inWords = (all: readonly number[]) =>
    `${atRest(all)} of ${all.length} at rest; mean change ${percent(mean(all))}`;
  return {
    claim: `Collapse branches are at rest by the end: over the second half of the intervention their error moves by less than ${percent(RESTLESS)}`,
    published: { value: inWords(theirs), source: publishedSource },
    ...(changes.length === 0
      ? untold("no seed is done")
      : { found: inWords(changes), verdict: shownIf(atRest(changes) === changes.length) }),
  };
}

function longerClaim({ results }: ClaimedRun): Claim {
  const branches = results.flatMap(({ longer }) => longer.filter(({ source }) => source === "collapse"));
  const falling = (changes: readonly number[]) => changes.filter((change) => change < -RESTLESS).length;
  const inWords = (changes: readonly number[]) =>
    `${falling(changes)} of ${changes.length} fall; changes ${percents(changes)}`;
  const changes = branches.map(lateChange);
  return {
    claim: `Collapse branches that are trained four times as long are still falling: by more than ${percent(RESTLESS)} over their second half`,
    published: {
      value: `${inWords(lateChanges(published.results))} (epochs 15 to 30)`,
      source: publishedSource,
    },
    ...(changes.length === 0
      ? untold("no branch was trained for longer: `longerTargets` lists the λs")
      : { found: inWords(changes), verdict: shownIf(falling(changes) === changes.length) }),
  };
}

function boundaryClaim({ boundary, configuration }: ClaimedRun): Claim {
  const { orderedLambda, collapseLambda, collapseThreshold } = configuration;
  const inWords = (critical: number) =>
    Number.isNaN(critical)
      ? `no crossing of ${percent(collapseThreshold)}`
      : `${percent(collapseThreshold)} is crossed at λ = ${critical.toFixed(2)}`;
  const critical = criticalLambda(boundaryCurve(boundary), collapseThreshold);
  return {
    claim: `A fresh network collapses at a λ between those of the two checkpoints, ${orderedLambda} and ${collapseLambda}`,
    published: {
      value: inWords(criticalLambda(publishedBoundary, collapseThreshold)),
      source: `${repository}, error after 100 epochs by λ`,
    },
    ...(boundary.length === 0
      ? untold("no network of the boundary was trained: `boundary` lists the λs")
      : {
          found: `${inWords(critical)}, ${boundary.length} networks`,
          verdict: shownIf(critical > orderedLambda && critical < collapseLambda),
        }),
  };
}

function cosineClaim({ epochs }: ClaimedRun): Claim {
  const cosines = (history: History) =>
    epochs.filter((row) => row.kind === "checkpoint" && row.history === history).map(({ cosine }) => cosine);
  const [ordered, collapse] = (["ordered", "collapse"] as const).map(cosines);
  const means = [ordered, collapse].map((all) => mean(all));
  return {
    claim:
      "While the checkpoints are made, the two gradients point against each other in the ordered network, less so in the other",
    published: { value: "-0.16 at λ 0.35, rising to 0 where the network collapses", source: repository },
    ...(ordered.length === 0 || collapse.length === 0
      ? untold("no epoch of a checkpoint is recorded")
      : {
          found: `mean cosine ${means[0].toFixed(3)} (ordered), ${means[1].toFixed(3)} (collapse)`,
          verdict: shownIf(means[0] < 0 && means[1] > means[0]),
        }),
  };
}

/** The greatest distance between the two legs of a loop, over the λs that both have. */
const loopWidth = (points: readonly { error: number }[]) => {
  const turn = (points.length - 1) / 2;
  return Math.max(
    ...Array.from({ length: turn }, (_, i) => Math.abs(points[i].error - points[2 * turn - i].error)),
  );
};

function loopClaim({ results }: ClaimedRun): Claim {
  const widths = results.flatMap(({ hysteresis }) =>
    hysteresis.filter(({ points }) => points.length > 1).map(({ points }) => loopWidth(points)),
  );
  return {
    claim: `As λ is swept there and back, the two legs of a network's loop part by more than ${percent(strongGap)} somewhere`,
    published: {
      value: "58.6 % against 13.9 % at λ 0.22, 52.7 % against 32.2 % at λ 0.50",
      source: repository,
    },
    ...(widths.length === 0
      ? untold("no sweep was run: `hysteresis` lists the λs")
      : { found: percents(widths), verdict: shownIf(widths.every((width) => width > strongGap)) }),
  };
}

function lifetimeClaim({ results, configuration }: ClaimedRun): Claim {
  const { orderedThreshold, lifetimeLambda } = configuration;
  const stays = results.flatMap(({ lifetime }) => lifetime);
  const survives = ({ trajectory }: Stay) => trajectory.every(({ error }) => error < orderedThreshold);
  return {
    claim: `An ordered network that is left at λ = ${lifetimeLambda} stays below ${percent(orderedThreshold)} test error`,
    published: { value: "49 of 49 survive 300 epochs at λ 0.54", source: repository },
    ...(stays.length === 0
      ? untold("no network was left there: `lifetimeEpochs` says for how long")
      : {
          found: stays
            .map(({ trajectory, final_error }) => {
              const end = trajectory[trajectory.length - 1].epoch;
              return `${percent(final_error)} after ${end} epochs`;
            })
            .join(", "),
          verdict: shownIf(stays.every(survives)),
        }),
  };
}

function trapClaim({ results, configuration: { testImages, level } }: ClaimedRun): Claim {
  const attempts = results.flatMap(({ escapes }) => escapes);
  const trapped = attempts.filter(({ init_error }) => init_error >= chanceFrom);
  const freed = trapped.filter(({ final_error }) => final_error < chanceFrom).length;
  const claim = "A network at chance is freed neither by a low λ nor by a tenfold learning rate";
  const theirs = { value: "0 of 18 attempts free one", source: repository };
  if (attempts.length === 0)
    return {
      claim,
      published: theirs,
      ...untold("no such attempt was made: `escapeEpochs` says how long each is"),
    };
  if (trapped.length === 0)
    return { claim, published: theirs, ...untold("the network that was to be freed was not at chance") };
  const least = Math.min(...trapped.map(({ final_error }) => final_error));
  const { low, high } = wilsonInterval(Math.round(least * testImages), testImages, { level });
  const verdict = claimVerdict(low, high, [chanceFrom, 1]);
  return {
    claim,
    published: theirs,
    found: `${freed} of ${trapped.length} attempts end below ${percent(chanceFrom)}: ${percents(trapped.map(({ final_error }) => final_error))}`,
    verdict,
    ...(verdict === "cannot be told here"
      ? {
          why: `on ${testImages} test images the interval of the best attempt, ${percent(low)} to ${percent(high)}, holds the bound`,
        }
      : {}),
  };
}

function speedClaim({ results, configuration }: ClaimedRun): Claim {
  const sweeps = results.flatMap((result) => sweepsBySpeed(result, configuration));
  const widths = sweeps
    .filter(({ points }) => points.length > 1)
    .map(({ hold, points }) => ({ hold, width: loopWidth(points) }))
    .sort((a, b) => a.hold - b.hold);
  return {
    claim: "The loop of the slowest sweep is narrower than that of the fastest",
    published: { value: "45 % at a hold of 1 epoch, 22 % at 5", source: repository },
    ...(widths.length < 2
      ? untold("no sweep was run at two speeds: `speedHolds` lists the epochs at each λ")
      : {
          found: widths.map(({ hold, width }) => `${percent(width)} at a hold of ${hold}`).join(", "),
          verdict: shownIf(widths[widths.length - 1].width < widths[0].width),
        }),
  };
}
