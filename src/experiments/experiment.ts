// What an experiment is: a declaration and its science. Three concepts carry it. A *unit* is a piece of work that can be done
// by itself, here, in another process or on another machine: a seed, a training, a file. A *run* is a configuration, the rows
// that its units found, and the folder that keeps them (run-experiment.ts, saved-run.ts). A *claim* is a sentence that a run
// can contradict (claims.ts). The command line (src/cli/experiment-command.ts), notebooks and reports know no more than this.
import type { z } from "zod";
import type { PlainObject, ProgressMetrics, ProgressReporter } from "../io";
import type { Claim } from "./claims";
import type { ConfigurationSource, PresetName } from "./configuration";
import type { Picture, TextFile } from "./result-file";

/** The keys that the skeleton itself reads; an experiment's schema may leave out the optional ones. */
export interface CommonConfiguration {
  preset: PresetName;
  seed: number;
  /** Units at once, each in a process of its own. */
  processes?: number;
  /** Where the run is logged beside its folder. */
  track?: "none" | "mlflow";
  /** A folder of saved results to show instead of a run. */
  load?: string;
}

/** What a run works on. */
export interface RunData {
  /** Where the data come from, in a sentence for the first line of notebook, report and index. */
  dataSource: string;
  /** Whether a generator stands in for the published data. */
  synthetic: boolean;
}

/** A piece of work that can be done by itself. */
export interface Unit {
  /** Its name among the run's units, also as a file's name: letters, digits and . _ = + - alone. */
  key: string;
  /** Its name in a sentence, such as "seed 2". */
  title: string;
  /** How much work it is, in what the experiment counts. */
  cost: number;
}

export interface UnitContext {
  /** The run's folder; a unit keeps its checkpoints in a folder of its own under `checkpoints`. */
  folder: string;
  /** Asks the unit to pause when it aborts. */
  signal?: AbortSignal;
  /** Is told how much of the unit's cost is done, and the latest numbers. */
  onProgress: (done: number, metrics?: ProgressMetrics) => void;
}

/** Does units one after the other, and keeps what they share, such as a network and its compiled graphs. */
export interface UnitWorker<Row> {
  /** Does a unit, or goes on with it where it was paused. @returns its row, or undefined where the signal paused it */
  run(unit: Unit, context: UnitContext): Promise<Row | undefined>;
  dispose(): void;
}

/** A run as its folder keeps it. */
export interface SavedRun<Configuration, Row> {
  folder: string;
  /** Where figures and tables go: the folder itself, or `dolab` in a folder of the document's own files, which stay as they are. */
  output: string;
  /** What config.json says; where an older version wrote it, it lacks the keys that came later. */
  recorded: PlainObject;
  /** Deciding keys that config.json lacks: `configuration` has their defaults. */
  assumed: readonly string[];
  /** What config.json says, with defaults for `assumed` and for keys that decide nothing. */
  configuration: Configuration;
  dataSource: string;
  synthetic: boolean;
  /** How it was made: versions, backend, device, date. */
  environment: PlainObject;
  units: readonly Unit[];
  /** The rows of the units that are done, in the order of the units. */
  rows: Row[];
}

/**
 * The declaration of an experiment.
 *
 * @typeParam Configuration what its schema yields
 * @typeParam Data what its units work on
 * @typeParam Row what a unit finds: plain data, in which any number may be NaN or infinite
 * @typeParam Outcome what figures, tables and claims are made of
 */
export interface Experiment<
  Configuration extends CommonConfiguration = CommonConfiguration,
  Data extends RunData = RunData,
  Row = unknown,
  Outcome = unknown,
> extends ConfigurationSource<z.ZodRawShape> {
  /** Its title as a sentence, for reports. */
  title: string;
  /** The source document that it mirrors. */
  document: { number: string; title: string; link: string };
  /** The file under notebooks, without .ipynb. */
  notebook: string;
  /** One line for `--help`. */
  description: string;
  /** What its progress bar is called; by default `name`. */
  label?: string;
  /** Its name in a folder's config.json; by default `name`. */
  record?: string;
  /** The folder under results/reference that holds the committed run of preset standard. */
  reference?: string;
  /** Keys of the configuration that change how a run is computed or shown, and no number of it. */
  undeciding: readonly string[];
  /** What costs count, in the plural: "steps". */
  counts: string;
  /** Whether units need the gradient of convolution filters, which WebAssembly lacks. */
  trainsConvolutions?: boolean;
  /** How many units are done at once where neither `processes` nor a flag says so; by default one. */
  usualProcesses?(configuration: Configuration): number;

  /** Loads the data. @throws where they cannot be had, or the configuration does not allow what stands in for them */
  load(
    configuration: Configuration,
    options: { progress: ProgressReporter; signal?: AbortSignal },
  ): Data | Promise<Data>;
  /** The units, in their order. */
  units(configuration: Configuration): Unit[];
  /** How much of a unit's cost its checkpoints hold. */
  costDone?(unit: Unit, configuration: Configuration, folder: string): number;
  /** Makes what the units of a process share. */
  begin(configuration: Configuration, data: Data): UnitWorker<Row>;

  /** The numbers of a row that its tracking shows, by name; by default all that are not in lists. */
  foundNumbers?(row: Row): Record<string, number>;
  /** Puts rows together. */
  outcome(run: SavedRun<Configuration, Row>): Outcome;
  /**
   * Says what to assume of a folder without a record of ours that holds the document's own result files: the keys of the
   * configuration that these tell, and a sentence on where the data come from. Undefined where it holds none.
   *
   * @throws {SyntaxError} naming a damaged file
   */
  readDocumentFolder?(
    folder: string,
  ): { configuration: Partial<Configuration>; dataSource: string } | undefined;
  /** Reads the rows of a folder that this skeleton did not write, by unit. @throws {SyntaxError} naming a damaged file */
  readRows?(folder: string, configuration: Configuration): ReadonlyMap<string, Row>;
  /** Files that are written before the first unit. */
  startFiles?(configuration: Configuration, data: Data): TextFile[];
  /** Files that are rewritten after each unit. */
  progressFiles?(outcome: Outcome): TextFile[];
  /** Files that are written when all units are done. */
  resultFiles(outcome: Outcome): TextFile[];
  /** Figures to be drawn beside them. */
  pictures(outcome: Outcome): Picture[];
  /** Formats of the pictures; by default PNG alone. */
  pictureFormats?: readonly ("png" | "pdf" | "svg")[];
  /** What the command line prints at the end. */
  summary(outcome: Outcome): string;
  claims(outcome: Outcome): Claim[];
}

/** The shape of a unit's key: it is a file's name. */
export const unitKeyPattern = /^[A-Za-z0-9][\w.=+-]{0,150}$/;
