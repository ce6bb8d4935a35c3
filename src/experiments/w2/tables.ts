// The run as tables: what is left of the gap at each target, what was run, and a committed reference run beside it.
import { createRandom } from "../../random";
import { mean } from "../../stats";
import type { DecidingConfiguration } from "./configuration";
import type { W2Run } from "./experiment";
import type { ShownRun } from "./figures/figure-parts";
import { publishedRun } from "./published-run";
import { worthInShort } from "./results/checkpoint-worth";
import {
  gapInterval,
  gapsByTarget,
  numpyDeviation,
  numpyMean,
  type Verdict,
  verdictOf,
} from "./results/gaps";
import { learningRateOf } from "./training/learning-rate";

export interface TargetRow {
  target: number;
  seeds: number;
  /** Means over seeds of the errors at the end. */
  ordered: number;
  collapse: number;
  /** NaN without a control arm. */
  control: number;
  gap: number;
  /** Population standard deviation over seeds. */
  deviation: number;
  /** Bootstrap interval over seeds, see `gapInterval`: NaN with a single one, the range of the gaps with a few. */
  low: number;
  high: number;
  verdict: Verdict;
  /** Whether all checkpoints behind it deserve their names: "as named", else what is wrong with some. */
  checkpoints: string;
}

/**
 * Sums a run up, a row for each target that has results.
 *
 * @param run a run, finished or not
 * @example
 * import { w2 } from "dolab";
 * const [first] = w2.targetTable(w2.publishedRun());
 * [first.target, first.seeds, first.verdict]; // => [0.4, 3, "strong"]
 */
export function targetTable(run: ShownRun): TargetRow[] {
  const { results, configuration } = run;
  const { seed, replicates, level } = configuration;
  const checkpoints = worthInShort(results, configuration);
  return gapsByTarget(results, configuration.targets)
    .filter(({ gaps }) => gaps.length > 0)
    .map(({ target, gaps }) => {
      const at = <Row extends { target_lambda: number }>(rows: readonly Row[]) =>
        rows.filter(({ target_lambda }) => target_lambda === target);
      const interventions = at(results.flatMap((result) => result.interventions));
      const controls = at(results.flatMap(({ control }) => control));
      const rng = createRandom(seed).split(`gap ${target}`);
      return {
        target,
        seeds: gaps.length,
        ordered: mean(interventions.map(({ ordered }) => ordered.final_error)),
        collapse: mean(interventions.map(({ collapse }) => collapse.final_error)),
        control: mean(controls.map(({ final_error }) => final_error)),
        gap: numpyMean(gaps),
        deviation: numpyDeviation(gaps),
        ...gapInterval(gaps, { rng, replicates, level }),
        verdict: verdictOf(numpyMean(gaps)),
        checkpoints,
      };
    });
}

/**
 * Says what was run, and how long it took, a fact a row.
 *
 * @param run a run, finished or not
 * @example
 * import { w2 } from "dolab";
 * const run = w2.loadRun("results/reference/w2-generated");
 * w2.factTable(run)[0]; // => { fact: "preset", value: "quick" }
 */
export function factTable(run: W2Run) {
  const { configuration, results, epochs, environment, dataSource, folder } = run;
  const { width, images, batchSize, testImages, preset, imageSide: side } = configuration;
  const seconds = results.reduce((sum, result) => sum + result.time_seconds, 0);
  const computedBy = [environment.backend, environment.device, environment.machine]
    .filter(Boolean)
    .join(", ");
  const waiting =
    epochs.length === 0
      ? "not recorded"
      : `${(100 * mean(epochs.map(({ data_share }) => data_share))).toFixed(1)} %`;
  const facts: [string, string][] = [
    ["preset", preset],
    ["data", dataSource],
    ["network", `ResNet-18 of width ${width}`],
    ["learning rate", rateInWords(configuration)],
    [
      "images",
      `${images} for training in batches of ${batchSize}, ${testImages} for testing, ${side} x ${side} pixels`,
    ],
    ["seeds done", `${results.length} of ${configuration.seeds}`],
    ["training time, seeds added up", `${(seconds / 60).toFixed(1)} minutes`],
    ["share of it waiting for images", waiting],
    ["computed by", computedBy || "not recorded"],
    ["last seed done", dateOf(run)],
    ["results in", folder],
  ];
  return facts.map(([fact, value]) => ({ fact, value }));
}

function rateInWords({ learningRate, width }: DecidingConfiguration): string {
  const rate = learningRateOf({ learningRate, width }).toPrecision(3);
  const usual = learningRateOf({ learningRate: "auto", width }).toPrecision(3);
  return learningRate === "auto"
    ? `${rate}, which is 0.1 · √(${width} / 64)`
    : `${rate}, as asked for; "auto" is ${usual} at this width`;
}

const dateOf = ({ results, environment }: W2Run) =>
  String(results[results.length - 1]?.date || environment.date || "no date").slice(0, 10);

/**
 * Puts the gaps of a run beside those of a reference run and the authors', a row for each run and target.
 *
 * @param run the run at hand
 * @param reference undefined where there is none, or it is the run itself
 * @example
 * import { w2 } from "dolab";
 * const run = w2.loadRun("results/reference/w2-generated");
 * w2.referenceTable(run, undefined).map(({ run, target }) => `${run} ${target}`)[3]; // => "published 0.4"
 */
export function referenceTable(run: ShownRun, reference: ShownRun | undefined) {
  const rows = (name: string, shown: ShownRun) => {
    const data = shown.configuration.data === "cifar10" ? "CIFAR-10" : "generated";
    return targetTable(shown).map((row) => ({ run: name, data, ...row }));
  };
  return [
    ...rows(run.configuration.preset, run),
    ...(reference ? rows("reference", reference) : []),
    ...rows("published", publishedRun()),
  ];
}
