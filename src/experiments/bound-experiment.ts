// What notebook and code call of an experiment, bound to its declaration: parameters, data, run, saved and reference runs.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { inProject } from "../environment/paths.mjs";
import { type ProgressReporter, silentProgress } from "../io";
import { environmentOverrides, type Resolved, resolveConfiguration } from "./configuration";
import { describeRun, type RunDescription } from "./describe-run";
import type { CommonConfiguration, Experiment, RunData, SavedRun } from "./experiment";
import { type RunOptions, runExperiment } from "./run-experiment";
import { assumedInWords, readRun, readShownRun } from "./saved-run";

/** The data of a run, or the saved run that its configuration's `load` names. */
export type LoadedData<Data extends RunData, Configuration, Row> =
  | { data: Data; saved?: undefined; dataSource: string; synthetic: boolean }
  | { data?: undefined; saved: SavedRun<Configuration, Row>; dataSource: string; synthetic: boolean };

/** The functions of an experiment. */
export interface BoundExperiment<
  Configuration extends CommonConfiguration,
  Data extends RunData,
  Row,
  Outcome,
> {
  /**
   * The parameters of one run, checked; in a headless run its `--set` values win over what is given here.
   *
   * @param given any keys of the schema; the rest comes from the preset, by default "quick"
   * @throws {RangeError} for an unknown key, with the nearest, or a value out of range
   */
  parameters(given?: Partial<Configuration>): Resolved<Configuration>;
  /**
   * Loads the data of a run, or the saved run that `load` names.
   *
   * @throws {RangeError} where the configuration does not allow what would stand in for the data
   */
  load(
    configuration: Configuration,
    options?: { progress?: ProgressReporter; signal?: AbortSignal },
  ): Promise<LoadedData<Data, Configuration, Row>>;
  /** Describes a run for `announceRun`: a saved one as it was made. */
  describe(
    resolved: Resolved<Configuration>,
    loaded: LoadedData<Data, Configuration, Row>,
  ): Promise<RunDescription>;
  /**
   * Runs the experiment, goes on with it, or shows the saved run that was loaded.
   *
   * @returns what figures, tables and claims are made of
   * @throws {RunPausedError} where the signal stopped it before its end
   */
  run(
    resolved: Resolved<Configuration>,
    loaded: LoadedData<Data, Configuration, Row>,
    options?: RunOptions,
  ): Promise<Outcome>;
  /** Reads a run from its folder, finished or not. @throws {RangeError} where it is no folder of such a run */
  loadRun(folder: string): Outcome;
  /** Reads a run of which something is to be shown. @throws {RangeError} as `loadRun` does, and where nothing of it is done */
  loadShownRun(folder: string): Outcome;
  /** The committed run of preset standard; undefined where there is none, or where it is the run in `folder`. */
  referenceRun(folder?: string): Outcome | undefined;
}

/**
 * Binds the functions that every experiment has to its declaration.
 *
 * @param experiment the declaration
 * @returns what a notebook calls, in the order in which it does
 * @example
 * import { bindExperiment, experimentNamed } from "dolab";
 * const { parameters, load } = bindExperiment(experimentNamed("two-by-two"));
 * const { configuration } = parameters({ preset: "smoke", samples: 16, checkpoints: 2 });
 * const { dataSource, synthetic } = await load(configuration);
 * dataSource; // => "synthetic diagnostics of seed 0"
 * synthetic; // => true
 */
export function bindExperiment<Configuration extends CommonConfiguration, Data extends RunData, Row, Outcome>(
  experiment: Experiment<Configuration, Data, Row, Outcome>,
): BoundExperiment<Configuration, Data, Row, Outcome> {
  return {
    parameters: (given = {}) =>
      resolveConfiguration(
        experiment,
        given,
        environmentOverrides(),
      ) as Resolved<never> as Resolved<Configuration>,
    async load(configuration, { progress = silentProgress, signal } = {}) {
      if (configuration.load) {
        const saved = readShownRun(experiment, configuration.load);
        const place = [`results saved in ${configuration.load}`, assumedInWords(saved)].filter(Boolean);
        const dataSource = `${saved.dataSource} (${place.join("; ")})`;
        return { saved, dataSource, synthetic: saved.synthetic };
      }
      const data = await experiment.load(configuration, { progress, signal });
      return { data, dataSource: data.dataSource, synthetic: data.synthetic };
    },
    async describe({ configuration, overrides }, { saved, dataSource, synthetic }) {
      const shown = saved ? { ...configuration, ...saved.configuration } : configuration;
      const described = await describeRun(
        experiment.title,
        { configuration: shown, overrides },
        { dataSource, synthetic },
      );
      const { backend, device } = saved?.environment ?? {};
      return typeof backend === "string" && typeof device === "string"
        ? { ...described, backend, device }
        : described;
    },
    async run(resolved, { data, saved }, options = {}) {
      return experiment.outcome(saved ?? (await runExperiment(experiment, resolved, data as Data, options)));
    },
    loadRun: (folder) => experiment.outcome(readRun(experiment, folder)),
    loadShownRun: (folder) => experiment.outcome(readShownRun(experiment, folder)),
    referenceRun(folder) {
      const place = inProject("results", "reference", experiment.reference ?? "");
      if (!experiment.reference || !existsSync(place) || (folder && resolve(folder) === resolve(place)))
        return undefined;
      const run = readRun(experiment, place);
      return run.rows.length > 0 ? experiment.outcome(run) : undefined;
    },
  };
}
