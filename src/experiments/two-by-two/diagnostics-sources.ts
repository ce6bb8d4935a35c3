// Where a run's diagnostics come from: a folder with the document's files, or the synthetic generator (the real files
// are not public). Names and tags are those of the document's `main()`.
import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { type Diagnostics, loadDiagnostics, synthesizeDiagnostics } from "../../data";
import type { Checkpoint } from "./analysis/evolution";
import type { TwoByTwoConfiguration } from "./configuration";

/** One file to analyse. */
export interface TaggedFile {
  tag: string;
  path: string;
}

/** The checkpoints of one system's training. */
export interface Series {
  tag: string;
  checkpoints: Checkpoint[];
}

const primaryFiles: [tag: string, file: string][] = [
  ["hrm26040_n8192", "diag_8k.npz"],
  ["trm_singleGPU_step260410_n512", "diag_trm_singleGPU_step260410_512.npz"],
  ["trm_singleGPU_step130205_n512", "diag_trm_singleGPU_step130205_512.npz"],
  ["trm_step13020_n512", "diag_trm_step13020_512.npz"],
];

const seriesFiles: { tag: string; steps: number[]; file: (step: number) => string }[] = [
  {
    tag: "hrm",
    steps: Array.from({ length: 10 }, (_, i) => 2604 * (i + 1)),
    file: (step) => `diag_hrm_step_${step}_512.npz`,
  },
  {
    tag: "trm",
    steps: Array.from({ length: 10 }, (_, i) => 26041 * (i + 1)),
    file: (step) => `diag_trm_singleGPU_step${step}_512.npz`,
  },
];

/** What the document's `main()` reads, and which of it a folder has. */
export interface DocumentFiles {
  primary: TaggedFile[];
  series: { tag: string; files: { step: string; path: string }[] }[];
  absent: string[];
}

/** A further file of the document's naming: its system and training step. */
const furtherFile = /^diag_(.+?)_step_?(\d+)_(\d+)\.npz$/;

/**
 * Looks a folder through for the document's files, and for others that are named like its own, such as those of `dolab reasoners`:
 * each of these is analysed, and those of one system are a series.
 *
 * @param folder where the .npz files lie
 * @throws {RangeError} where there is no such folder, or none of the files in it
 * @example
 * import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { twoByTwo } from "dolab";
 * const folder = mkdtempSync(`${tmpdir()}/diagnostics-`);
 * writeFileSync(`${folder}/diag_mine_step_100_64.npz`, "");
 * const { primary, series } = twoByTwo.documentFiles(folder);
 * primary.map(({ tag }) => tag); // => ["mine_step100_n64"]
 * rmSync(folder, { recursive: true });
 */
export function documentFiles(folder: string): DocumentFiles {
  if (!existsSync(folder))
    throw new RangeError(`Cannot read diagnostics as there is no such folder: got "${folder}"`);
  const names = readdirSync(folder);
  const absent: string[] = [];
  const known = new Set<string>();
  const present = (name: string) => {
    known.add(name);
    if (names.includes(name)) return true;
    absent.push(name);
    return false;
  };
  const at = (name: string) => join(folder, name);
  const primary = primaryFiles
    .filter(([, name]) => present(name))
    .map(([tag, name]) => ({ tag, path: at(name) }));
  const series = seriesFiles.map(({ tag, steps, file }) => ({
    tag,
    files: steps
      .filter((step) => present(file(step)))
      .map((step) => ({ step: String(step), path: at(file(step)) })),
  }));
  const further = names.flatMap((name) => {
    const [, system, step, samples] = furtherFile.exec(name) ?? [];
    const tag = `${system}_step${step}_n${samples}`; // as the document's own tags
    return system === undefined || known.has(name) ? [] : [{ tag, system, step, path: at(name) }];
  });
  further.sort((a, b) =>
    a.system < b.system ? -1 : a.system > b.system ? 1 : Number(a.step) - Number(b.step),
  );
  for (const { tag, system, step, path } of further) {
    const own = series.find((one) => one.tag === system);
    if (own) own.files.push({ step, path });
    else series.push({ tag: system, files: [{ step, path }] });
    primary.push({ tag, path });
  }
  if (primary.length === 0 && series.every(({ files }) => files.length === 0)) {
    throw new RangeError(
      `Cannot read diagnostics as "${folder}" has none of the document's files, such as ${primaryFiles[0][1]}: it holds ` +
        (names.slice(0, 5).join(", ") || "nothing"),
    );
  }
  return { primary, series, absent: further.length > 0 ? absentOf(absent) : absent };
}

/** A folder of other systems alone lacks nothing; one that has some of the document's files lacks the others. */
function absentOf(absent: string[]): string[] {
  const documents = primaryFiles.length + seriesFiles.reduce((sum, { steps }) => sum + steps.length, 0);
  return absent.length === documents ? [] : absent;
}

/** What a run works on. */
export interface TwoByTwoData {
  /** Checkpoints to analyse one by one, by tag. */
  primary: { tag: string; source: string; diagnostics: Diagnostics }[];
  series: Series[];
  /** Where the data comes from, in a sentence for the first line of notebook, report and index. */
  dataSource: string;
  synthetic: boolean;
}

const isSynthetic = ({ data }: Pick<TwoByTwoConfiguration, "data">) =>
  data === "auto" || data === "synthetic";

/**
 * Loads the folder that `data` names, or makes synthetic diagnostics.
 *
 * @throws {RangeError} where `data` is "auto" and the generator may not stand in for files
 */
export function loadRunData(configuration: TwoByTwoConfiguration): TwoByTwoData {
  const { data, preset, standIn } = configuration;
  if (!isSynthetic(configuration)) return loadFolder(data);
  if (data === "auto" && !standIn) {
    throw new RangeError(
      `Cannot run two-by-two at preset "${preset}" as it must be told its data: set data to a folder of the document's ` +
        '.npz files, or to "synthetic" to use the generator knowingly',
    );
  }
  return synthesizeRun(configuration);
}

/** The tags of what a run works on, without loading it. */
export function dataTags(configuration: TwoByTwoConfiguration): { primary: string[]; series: string[] } {
  if (isSynthetic(configuration)) {
    const systems = seriesFiles.map((_, system) => syntheticSteps(configuration, system));
    return {
      primary: systems.map((steps, system) => syntheticTag(seriesFiles[system].tag, steps)),
      series: seriesFiles.map(({ tag }) => tag),
    };
  }
  const { primary, series } = filesToAnalyse(configuration.data);
  return { primary: primary.map(({ tag }) => tag), series: series.map(({ tag }) => tag) };
}

/** The files of a folder: the document's checkpoints or, where it has none of them, the last one of each series. */
function filesToAnalyse(folder: string) {
  const { primary, series, absent } = documentFiles(folder);
  const lastCheckpoints = series.flatMap(({ tag, files }) =>
    files.slice(-1).map(({ step, path }) => ({ tag: `${tag}_step${step}`, path })),
  );
  return {
    primary: primary.length > 0 ? primary : lastCheckpoints,
    series: series.filter(({ files }) => files.length > 0),
    absent,
  };
}

function loadFolder(folder: string): TwoByTwoData {
  const { primary, series, absent } = filesToAnalyse(folder);
  return {
    primary: primary.map(({ tag, path }) => ({ tag, source: path, diagnostics: loadDiagnostics(path) })),
    series: series.map(({ tag, files }) => ({
      tag,
      checkpoints: files.map(({ step, path }) => ({ step, diagnostics: loadDiagnostics(path) })),
    })),
    dataSource: `diagnostics files of the folder ${basename(folder)}${absent.length > 0 ? ` (${absent.length} of the document's files absent)` : ""}`,
    synthetic: false,
  };
}

/** The training steps of a synthetic system's checkpoints. */
function syntheticSteps({ checkpoints }: TwoByTwoConfiguration, system: number): string[] {
  const { steps } = seriesFiles[system];
  const last = steps[steps.length - 1];
  return Array.from({ length: checkpoints }, (_, i) => String(Math.round((last * (i + 1)) / checkpoints)));
}

/** The checkpoint of a system that is analysed by itself is the one in the middle. */
const syntheticTag = (tag: string, steps: readonly string[]) =>
  `${tag}_step${steps[Math.floor(steps.length / 2)]}_synthetic`;

function synthesizeRun(configuration: TwoByTwoConfiguration): TwoByTwoData {
  const { seed, samples, checkpoints } = configuration;
  const series = seriesFiles.map(({ tag }, system) => ({
    tag,
    checkpoints: syntheticSteps(configuration, system).map((step, i) => {
      const maturity = i / (checkpoints - 1);
      return {
        step,
        diagnostics: synthesizeDiagnostics({ seed: seed + 1000 * system + i, samples, maturity }),
      };
    }),
  }));
  const primary = series.map(({ tag, checkpoints: made }) => {
    const steps = made.map(({ step }) => step);
    const { diagnostics } = made[Math.floor(made.length / 2)];
    return { tag: syntheticTag(tag, steps), source: `synthetic, seed ${seed}`, diagnostics };
  });
  return { primary, series, dataSource: `synthetic diagnostics of seed ${seed}`, synthetic: true };
}
