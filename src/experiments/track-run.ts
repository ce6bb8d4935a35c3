// How an experiment's run is tracked (`track: "mlflow"`): the MLflow experiment is named after ours, the run as a whole has an
// MLflow run, and each unit one below it, with what decides it as parameters, its trainings' rows as metrics (train.loss), what
// it found as metrics (eval.score) and whole as row.json. A run of one unit is one MLflow run. Under a sweep, which has
// described the run's folder before, the units hang under the sweep's run.
import process from "node:process";
import { makeTrackingPython } from "../environment/tracking-python.mjs";
import { versions } from "../environment/versions";
import {
  createTracker,
  openTrackedRun,
  type RunFacts,
  readTrackedFolder,
  type TrackingEnd,
  type TrackingStore,
  trackingTarget,
} from "../tracking";
import type { CommonConfiguration, Experiment, RunData, Unit, UnitWorker } from "./experiment";
import { decidingPart } from "./saved-run";

/** What is tracked otherwise than usual. */
export interface TrackingOptions {
  /** MLflow's experiment; by default the experiment's name. */
  experiment?: string;
  /** The run's name in MLflow. */
  title?: string;
  /** By default what decides the run. */
  parameters?: Readonly<Record<string, unknown>>;
  /** The SQLite file where MLFLOW_TRACKING_URI names nothing else. */
  store?: TrackingStore;
  /** Whether it is sent while the run goes; otherwise it waits for `dolab mlflow sync`. By default it is sent. */
  isSent?: boolean;
  /** Whether this process does a unit among others that know nothing of each other: the run as a whole is not its to end. */
  isPart?: boolean;
}

type Declaration = Pick<Experiment, "name" | "title" | "document" | "undeciding">;

/** A run that is tracked. */
export interface RunTracking {
  /** Keeps files of the run's folder as artefacts. */
  files(names: readonly string[]): void;
  /** Sends what is left. @returns what came of it; undefined where another process sends */
  end(status: "FINISHED" | "FAILED" | "KILLED"): Promise<TrackingEnd | undefined>;
}

/**
 * Begins to track a run, where its configuration says so. Where MLflow has to be installed for that, it is, before the run;
 * where that cannot be, the reason is said, and what is tracked waits in the folder.
 */
export async function trackRun<Configuration extends CommonConfiguration>(
  experiment: Declaration & Pick<Experiment<Configuration, RunData, unknown, unknown>, "units">,
  configuration: Configuration,
  folder: string,
  options: TrackingOptions = {},
): Promise<RunTracking | undefined> {
  if (configuration.track !== "mlflow") return undefined;
  const about = readTrackedFolder(folder);
  if (about && !about.whole) return { files() {}, end: async () => undefined }; // a sweep's: it has the run and the sending
  const units = experiment.units(configuration);
  const tracker = createTracker({
    folder,
    experiment: options.experiment ?? experiment.name,
    store: options.store,
    whole: units.length === 1 ? units[0].key : undefined,
    sends: (options.isSent ?? true) && (await canSend(options.store)),
  });
  const title =
    options.title ?? (units.length === 1 ? units[0].title : `${experiment.name} ${configuration.preset}`);
  const begin = () => tracker.run(factsOf(experiment, configuration, title, options.parameters));
  const run = options.isPart && about ? undefined : begin(); // the first of many begins it, and who has all rows ends it
  return {
    files(names) {
      for (const name of names) run?.file(name);
    },
    async end(status) {
      if (!options.isPart) run?.end(status);
      return tracker.close();
    },
  };
}

/** Whether a server can be reached or started; MLflow is installed where it has to be. */
export async function canSend(store: TrackingStore | undefined): Promise<boolean> {
  if ("server" in trackingTarget(store)) return true;
  try {
    await makeTrackingPython();
    return true;
  } catch (error) {
    process.stderr.write(
      `${(error as Error).message}; the run goes on, and what is tracked waits in its folder\n`,
    );
    return false;
  }
}

/** The worker, with each of its units tracked where the configuration says so. */
export function trackUnits<Configuration extends CommonConfiguration, Row>(
  experiment: Declaration & Pick<Experiment<Configuration, RunData, Row, unknown>, "foundNumbers">,
  configuration: Configuration,
  worker: UnitWorker<Row>,
): UnitWorker<Row> {
  if (configuration.track !== "mlflow") return worker;
  return {
    async run(unit, context) {
      const about = readTrackedFolder(context.folder);
      if (!about) return worker.run(unit, context);
      const facts = factsOf(experiment, configuration, unit.title);
      const run = openTrackedRun(context.folder, unit.key, withUnit(facts, unit), about);
      try {
        const row = await run.watch(() => worker.run(unit, context));
        if (row !== undefined) {
          const found = experiment.foundNumbers?.(row) ?? row;
          run.metrics(numbersOf(found, "eval"));
          run.text("row.json", `${JSON.stringify(row)}\n`);
        }
        run.end(row === undefined ? "KILLED" : "FINISHED");
        return row;
      } catch (error) {
        run.tags({ "dolab.error": (error as Error).message });
        run.end("FAILED");
        throw error;
      }
    },
    dispose: () => worker.dispose(),
  };
}

function factsOf(
  experiment: Declaration,
  configuration: CommonConfiguration,
  title: string,
  parameters: Readonly<Record<string, unknown>> = decidingPart(experiment, configuration),
): RunFacts {
  const { dolab, node, platform, machine } = versions();
  const { number, link } = experiment.document;
  const tags = {
    "dolab.experiment": experiment.name,
    "dolab.preset": configuration.preset,
    "dolab.document": `${number} ${link}`,
    "dolab.version": dolab,
    "dolab.machine": `${platform}, ${machine}, Node.js ${node}`,
  };
  return { title, parameters, tags };
}

/** What a unit's row says of it beside its key stands among its parameters: those of its keys that are also in a unit. */
const withUnit = (facts: RunFacts, { key, cost: _, title: __, ...place }: Unit): RunFacts => ({
  ...facts,
  parameters: { ...facts.parameters, unit: { key, ...place } },
});

/** Numbers beyond these are in the row's own file. */
const MOST_NUMBERS = 200;

/** The numbers of a row under dotted names; lists of more than a few are curves or data, and left to its file. */
export function numbersOf(row: unknown, prefix: string): Record<string, number> {
  const found: [string, number][] = [];
  const collect = (value: unknown, name: string) => {
    if (typeof value === "number") found.push([name, value]);
    else if (typeof value === "boolean") found.push([name, Number(value)]);
    else if (
      value !== null &&
      typeof value === "object" &&
      !Array.isArray(value) &&
      !ArrayBuffer.isView(value)
    )
      for (const [key, inner] of Object.entries(value)) collect(inner, `${name}.${key}`);
  };
  collect(row, prefix);
  return Object.fromEntries(found.slice(0, MOST_NUMBERS));
}

/** Says in a line what came of tracking the run in `folder`. */
export function trackingLine(
  { target, waiting, reason, refused, refusal }: TrackingEnd,
  folder: string,
): string {
  if (waiting > 0)
    return `MLflow: ${waiting} ${waiting === 1 ? "run waits" : "runs wait"} in ${folder}/tracking as ${reason}; "dolab mlflow sync ${folder}" sends what is left`;
  const not = refused > 0 ? `, without ${refused} that it did not take: ${refusal}` : "";
  return `MLflow: tracked at ${target}${not}; "dolab mlflow ${folder}" shows it`;
}
