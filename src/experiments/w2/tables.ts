// The run as tables: what is left of the gap at each target, what was run, and a committed reference run beside it.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { inProject } from "../../environment/paths.mjs";
import { createRandom } from "../../random";
import { mean } from "../../stats";
import { worthInShort } from "./checkpoint-worth";
import type { ShownRun } from "./figure-parts";
import { gapInterval, gapsByTarget, numpyDeviation, numpyMean, type Verdict, verdictOf } from "./gaps";
import { fileNames, loadRun, type W2Run } from "./saved-run";

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

/** One row a target that has results. */
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
        ...{ target, seeds: gaps.length },
        ordered: mean(interventions.map(({ ordered }) => ordered.final_error)),
        collapse: mean(interventions.map(({ collapse }) => collapse.final_error)),
        control: mean(controls.map(({ final_error }) => final_error)),
        ...{ gap: numpyMean(gaps), deviation: numpyDeviation(gaps) },
        ...gapInterval(gaps, { rng, replicates, level }),
        ...{ verdict: verdictOf(numpyMean(gaps)), checkpoints },
      };
    });
}

/** What was run, and how long it took. */
export function factTable(run: W2Run) {
  const { configuration, results, epochs, environment, dataSource, folder } = run;
  const { width, images, batchSize, testImages, preset } = configuration;
  const seconds = results.reduce((sum, result) => sum + result.time_seconds, 0);
  const facts: [string, string][] = [
    ["preset", preset],
    ["data", dataSource],
    ["network", `ResNet-18 of width ${width}`],
    ["images", `${images} for training in batches of ${batchSize}, ${testImages} for testing`],
    ["seeds done", `${results.length} of ${configuration.seeds}`],
    ["training time, seeds added up", `${(seconds / 60).toFixed(1)} minutes`],
    [
      "share of it waiting for images",
      `${(100 * mean(epochs.map(({ data_share }) => data_share))).toFixed(1)} %`,
    ],
    [
      "computed by",
      [environment.backend, environment.device, environment.machine].filter(Boolean).join(", "),
    ],
    ["last seed done", dateOf(run)],
    ["results in", folder],
  ];
  return facts.map(([fact, value]) => ({ fact, value }));
}

const dateOf = ({ results, environment }: W2Run) =>
  String(results[results.length - 1]?.date || environment.date || "no date").slice(0, 10);

/** A run that is committed under results/reference, if there is one of the preset with a seed that is done. */
export function referenceRun(preset: "standard" | "paper"): W2Run | undefined {
  const folder = inProject("results", "reference", `w2-${preset}`);
  const run = existsSync(join(folder, fileNames.checkpoint)) ? loadRun(folder) : undefined;
  return run && run.results.length > 0 ? run : undefined;
}

/** The reference run of preset standard, where it is committed and another one than the run shown. */
export function referenceBeside(run: W2Run): W2Run | undefined {
  const reference = referenceRun("standard");
  return reference && resolve(reference.folder) !== resolve(run.folder) ? reference : undefined;
}

/** This run's gaps with those of the reference run beside it. */
export function referenceTable(run: W2Run) {
  const reference = referenceBeside(run);
  const rows = (name: string, { results, configuration }: W2Run) => {
    const data = configuration.data === "cifar10" ? "CIFAR-10" : "generated";
    return targetTable({ results, configuration }).map((row) => ({ run: name, data, ...row }));
  };
  return [...rows(run.configuration.preset, run), ...(reference ? rows("reference", reference) : [])];
}
