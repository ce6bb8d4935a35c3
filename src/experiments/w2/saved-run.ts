// A run as its folder keeps it: read back without training anything.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type CsvType, parseCsv, readJson } from "../../io";
import { isPlainObject, type PlainObject } from "../../io/plain-data";
import { resolveConfiguration } from "../configuration";
import { type DecidingConfiguration, decidingConfiguration, w2Source } from "./configuration";
import type { LabelNoiseExample } from "./label-noise-examples";
import type { EpochRow, SeedResult } from "./results";

/** A run and what it found so far. */
export interface W2Run {
  folder: string;
  configuration: DecidingConfiguration;
  dataSource: string;
  synthetic: boolean;
  /** How it was made: versions, backend, device, date. */
  environment: PlainObject;
  examples: LabelNoiseExample[];
  /** In the order of the seeds; fewer than the configuration's where the run has not ended. */
  results: SeedResult[];
  epochs: EpochRow[];
}

export const runName = "w2";
export const fileNames = {
  /** The document's: rewritten after each seed. */
  checkpoint: "W2_checkpoint.json",
  results: "W2_results.json",
  summaryTable: "W2_summary.csv",
  /** Ours: the text summary, the measurements of every epoch, and the pictures of noisy labels. */
  summary: "W2_summary.txt",
  epochs: "W2_epochs.csv",
  examples: "W2_label_noise.json",
} as const;

/** The configuration that a folder holds results of. @throws {RangeError} where it is no folder of a run of W2 */
export function savedConfiguration(folder: string): DecidingConfiguration {
  const { configuration } = savedRecord(folder);
  return configuration;
}

function savedRecord(folder: string) {
  const file = join(folder, "config.json");
  const refuse = (found: string) =>
    new RangeError(
      `Cannot read "${folder}" as it must be the folder of a W2 run (dolab w2 run --out): got ${found}`,
    );
  if (!existsSync(folder)) throw refuse("no such folder");
  if (!existsSync(file)) throw refuse("no config.json in it");
  const recorded = readJson(file);
  const given = isPlainObject(recorded) ? recorded[runName] : undefined;
  if (!isPlainObject(given)) throw refuse("a config.json of other runs");
  const { configuration } = resolveConfiguration(w2Source, given);
  const data = configuration.data === "cifar10" ? "cifar10" : "generated";
  const environments = readJson(join(folder, "environment.json")) as Record<string, PlainObject>;
  return {
    configuration: decidingConfiguration(configuration, data),
    environment: environments[runName] ?? {},
  };
}

/**
 * Reads a run, finished or not.
 *
 * @param folder what `--out` named
 * @throws {RangeError} where it is no folder of such a run; {SyntaxError} naming a file that is damaged
 */
export function loadRun(folder: string): W2Run {
  const { configuration, environment } = savedRecord(folder);
  return {
    ...{ folder, configuration, environment, ...savedResults(folder) },
    dataSource: String(environment.dataSource ?? "unknown"),
    synthetic: environment.synthetic === true,
    examples: existsSync(join(folder, fileNames.examples))
      ? (readJson(join(folder, fileNames.examples)) as LabelNoiseExample[])
      : [],
  };
}

/**
 * Reads a run of which something is to be shown.
 *
 * @throws {RangeError} as `loadRun` does, and where no seed is done
 */
export function loadShownRun(folder: string): W2Run {
  const run = loadRun(folder);
  if (run.results.length > 0) return run;
  throw new RangeError(
    `Cannot show "${folder}" as no seed of it is done: "dolab w2 resume ${folder}" goes on with it`,
  );
}

/** The seeds that are done: results and epochs. @throws {SyntaxError} naming a damaged file */
export function savedResults(folder: string): { results: SeedResult[]; epochs: EpochRow[] } {
  const [checkpoint, epochs] = [fileNames.checkpoint, fileNames.epochs].map((name) => join(folder, name));
  return {
    results: existsSync(checkpoint) ? readResults(checkpoint) : [],
    epochs: existsSync(epochs) ? readEpochs(epochs) : [],
  };
}

/** Fields of ours, which the document's own files do not have. */
const absent = { control: [], hysteresis: [], preset: "", data_source: "", date: "" };

/** Reads a W2_results.json or W2_checkpoint.json, of ours or of the document. @throws {SyntaxError} for anything else */
export function readResults(file: string): SeedResult[] {
  const results = readJson(file);
  if (!Array.isArray(results) || !results.every(isSeedResult))
    throw new SyntaxError(
      `Cannot read ${file} as it must hold a list of seeds, each with its interventions: remove it to train them again`,
    );
  return results.map(
    ({
      seed,
      interventions,
      ordered_init_error,
      collapse_init_error,
      time_seconds,
      experiment_id,
      ...ours
    }) => ({
      ...{ seed, interventions, ordered_init_error, collapse_init_error, time_seconds, experiment_id },
      ...{ ...absent, ...ours },
    }),
  );
}

const isSeedResult = (value: unknown): value is SeedResult =>
  isPlainObject(value) &&
  typeof value.seed === "number" &&
  Array.isArray(value.interventions) &&
  value.interventions.every(
    (one: unknown) =>
      isPlainObject(one) &&
      typeof one.target_lambda === "number" &&
      typeof one.final_gap === "number" &&
      isPlainObject(one.ordered) &&
      isPlainObject(one.collapse),
  );

/** Columns of W2_epochs.csv. */
export const epochColumns = {
  ...{ seed: "number", phase: "string", lambda: "number", epoch: "number", learning_rate: "number" },
  ...{ loss: "number", cosine: "number", noisy_norm: "number", clean_norm: "number", test_error: "number" },
  data_share: "number",
} as const satisfies Record<keyof EpochRow, CsvType>;

const readEpochs = (file: string) =>
  parseCsv(readFileSync(file, "utf8"), epochColumns).rows as unknown as EpochRow[];
