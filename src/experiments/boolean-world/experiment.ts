// The boolean world: does a tiny GPT-2 that learns causal rules from examples answer for states that it never read? Source
// document 003. A unit is a training that holds some states out; the sweep over their number asks where generalisation breaks.
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type ProgressReporter, readJson } from "../../io";
import type { Experiment, SavedRun } from "../experiment";
import { claims, type ModelFindings } from "./claims";
import { type BooleanWorldConfiguration, booleanWorldSource } from "./configuration";
import { pictures, resultFiles, sweepFile } from "./result-files";
import { sweepTable } from "./sweep/sweep-table";
import {
  createTrialTrainers,
  plannedTrials,
  runTrial,
  statesOf,
  sweepTrials,
  type Trial,
  type TrialRow,
  type TrialWorld,
  trialKey,
} from "./sweep/trials";

/** What a sweep works on. */
export interface BooleanWorldData {
  dataSource: string;
  synthetic: boolean;
  /** The trainings with their held-out states, by key. */
  trials: ReadonlyMap<string, Trial>;
}

/** A sweep and what it found so far. */
export interface BooleanWorldRun extends Omit<SavedRun<BooleanWorldConfiguration, TrialRow>, "units"> {
  /** What was found at a model of its own, which the notebook trains; claims about it need it. */
  model?: ModelFindings;
}

/** How many steps make a training worth a process of its own, and how many processes there are at most. */
const [FEWEST_STEPS_APART, MOST_PROCESSES] = [250, 8];

/** The settings of the sweep's trainings in a world. */
const settingsOf = (configuration: BooleanWorldConfiguration, world: TrialWorld) => {
  const { sweepEpochs, harderEpochs = sweepEpochs } = configuration;
  return { ...configuration, epochs: world === "harder" ? harderEpochs : sweepEpochs };
};

const stepsOf = (configuration: BooleanWorldConfiguration, world: TrialWorld): number => {
  const { epochs, trainExamples, batchSize } = settingsOf(configuration, world);
  return epochs * Math.floor(trainExamples / Math.min(batchSize, trainExamples));
};

export const booleanWorld: Experiment<
  BooleanWorldConfiguration,
  BooleanWorldData,
  TrialRow,
  BooleanWorldRun
> = {
  ...booleanWorldSource,
  title: "Boolean world: a tiny language model learns causal rules",
  document: {
    number: "003",
    title: "Causal Reasoning Experiment",
    link: "https://github.com/pyros-projects",
  },
  notebook: "boolean-world",
  description:
    "where does generalisation break as more states of a boolean world are held-out? (document 003)",
  label: "sweep",
  record: "boolean-world sweep",
  reference: "boolean-sweep",
  undeciding: ["preset", "processes", "load"],
  counts: "steps",
  usualProcesses: (configuration) =>
    stepsOf(configuration, "harder") >= FEWEST_STEPS_APART
      ? Math.min(MOST_PROCESSES, availableParallelism())
      : 1,

  load(configuration) {
    const trials = sweepTrials(configuration);
    const keyed = trials.map((trial): [string, Trial] => [
      trialKey({ ...trial, excluded: trial.excluded.length }),
      trial,
    ]);
    return {
      dataSource: `Examples made by the rules, as the document's are (seed ${configuration.seed})`,
      synthetic: false, // nothing stands in for real data: the document's are made in the same way
      trials: new Map(keyed),
    };
  },
  units: (configuration) =>
    plannedTrials(configuration).map((planned) => ({
      key: trialKey(planned),
      title: `the training of seed ${planned.seed} in the ${planned.world} world without ${planned.excluded} of ${statesOf(planned.world)} states`,
      cost: stepsOf(configuration, planned.world),
    })),
  begin(configuration, { trials }) {
    const trainers = createTrialTrainers((world) => settingsOf(configuration, world));
    return {
      run({ key }, { signal, onProgress }) {
        const trial = trials.get(key);
        if (!trial) throw new RangeError(`Cannot do unit "${key}" as the sweep has no such training`);
        const progress: ProgressReporter = () => ({ update: onProgress, finish() {}, fail() {} });
        return runTrial(trial, settingsOf(configuration, trial.world), { trainers, signal, progress });
      },
      dispose: trainers.dispose,
    };
  },

  outcome: ({ units: _, ...run }) => run,
  readRows(folder) {
    const file = join(folder, sweepFile);
    const rows = existsSync(file) ? (readJson(file) as TrialRow[]) : [];
    return new Map(rows.map((row) => [trialKey(row), row]));
  },
  progressFiles: ({ rows }) => resultFiles(rows),
  resultFiles: ({ rows }) => resultFiles(rows),
  pictures: ({ rows, configuration }) => pictures(rows, configuration),
  summary: ({ rows, configuration }) =>
    sweepTable(rows, configuration)
      .map(({ world, states, excluded, trainings, seen_exact, excluded_exact, low, high }) => {
        const interval = Number.isNaN(low) ? "" : ` (${percent(low)} to ${percent(high)})`;
        return `${world}, ${excluded} of ${states} held-out: ${percent(excluded_exact)}${interval} answered exactly, ${percent(seen_exact)} of those read; ${trainings} ${trainings === 1 ? "training" : "trainings"}`;
      })
      .join("\n"),
  claims,
};

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
