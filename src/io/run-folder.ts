// A run folder holds results and knows what made them. config.json holds the configuration of each run in it, environment.json
// how and when each was made and which files it wrote; both change in one step with the results (write-together.ts).
// Several runs may share a folder. What holds results of another configuration is not overwritten unless asked to, and
// one process writes at a time (folder-lock.ts). What a killed process left is finished or removed at the next opening.

import { lstatSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { lockFolder } from "./folder-lock";
import { requireKnownOptions } from "./known-options";
import { type PlainObject, plainObject } from "./plain-data";
import {
  CONFIGURATIONS,
  configurationChanges,
  ENVIRONMENTS,
  ownersOf,
  type RunRecord,
  type RunRecords,
  readRecords,
  recordFiles,
  withOwners,
} from "./run-records";
import { type FileContent, removeAbandonedFiles } from "./write-atomically";
import { finishGroup, writeTogether } from "./write-together";

/** One run: what it is called within its folder, what decides its results, and how it was made. */
export interface Run {
  name: string;
  /** Whatever changes the results, as plain data: parameters, and size and SHA-256 of input files. */
  configuration: object;
  /** Whatever is worth knowing and does not decide, as plain data: versions, backend, device, seed, data source. */
  environment: object;
}

export interface RunFile {
  /** Path within the folder, such as "results.json" or "checkpoints/step-100.safetensors". */
  name: string;
  content: FileContent;
  /** Names of the runs whose results it holds; by default all that the folder was opened for. */
  runs?: readonly string[];
}

export interface RunFolder {
  readonly path: string;
  /** Configurations of the runs whose results the folder held at the opening and keeps; one to resume is among them. */
  readonly recorded: ReadonlyMap<string, PlainObject>;
  /**
   * Writes files as one: after a crash at any moment the next opening finds all of them or none.
   *
   * @param files a file of these runs is replaced
   * @param facts added to the environment of the runs, such as a wall time, or the `date` of what is only shown anew
   * @returns the files' paths
   * @throws {Error} where a file holds results of other runs, or of none that is recorded; nothing is written then
   */
  write(files: readonly RunFile[], facts?: object): string[];
  /** Lets others write to the folder. */
  close(): void;
}

const CURE = "choose another folder (--out), or replace them (--replace; in code, replace: true)";

/**
 * Opens a folder, new or old, for the results of some runs; no result in it changes before the first `write`.
 *
 * The same configuration again is welcome, to repeat a run or to resume it.
 *
 * @param path the folder, made where absent
 * @param runs the runs whose results will be written; each needs a name of its own
 * @param options.replace whether results of other configurations may be replaced; their files go at the first `write`
 * @throws {RangeError} where the folder holds a run of that name and another configuration, listing each differing key
 * @throws {Error} where another process writes there, or nobody can
 * @example
 * import { mkdtempSync, rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { openRunFolder } from "dolab";
 * const path = mkdtempSync(join(tmpdir(), "run-"));
 * const run = { name: "train", configuration: { seed: 1 }, environment: { device: "CPU" } };
 * const folder = openRunFolder(path, [run]);
 * folder.recorded.has("train"); // => false
 * folder.write([{ name: "history.csv", content: "step,loss\n1,0.5\n" }], { wallTimeSeconds: 12 });
 * folder.close();
 * const again = openRunFolder(path, [run]);
 * again.recorded.has("train"); // => true
 * again.close();
 * rmSync(path, { recursive: true });
 */
export function openRunFolder(
  path: string,
  runs: readonly Run[],
  options: { replace?: boolean } = {},
): RunFolder {
  requireKnownOptions(`open ${path}`, options, ["replace"]);
  const { replace = false } = options;
  const wanted = runs.map(newRecord);
  const names = wanted.map(({ name }) => name);
  if (names.length === 0 || names.includes("") || new Set(names).size < names.length)
    throw new RangeError(
      `Cannot open ${path} as its runs need names of their own: got ${JSON.stringify(names)}`,
    );
  const lock = lockFolder(path);
  try {
    finishGroup(path);
    const records = readRecords(path);
    for (const folder of foldersOf(path, records)) removeAbandonedFiles(folder, lock.lapsed);
    const changes = configurationChanges(records, wanted);
    if (changes.length > 0 && !replace) throw otherConfiguration(path, changes);
    const abandoned = changes.flatMap(({ name }) => records.get(name)!.files);
    for (const { name } of changes) records.delete(name);
    const write = writer({ path, wanted, records, abandoned, replace });
    return {
      path,
      recorded: new Map(Array.from(records, ([name, { configuration }]) => [name, configuration])),
      write(files, facts = {}) {
        lock.check();
        return write(files, plainObject(facts, "facts"));
      },
      close: lock.release,
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

type NamedRecord = RunRecord & { name: string };

function newRecord({ name, configuration, environment }: Run): NamedRecord {
  return {
    name,
    configuration: plainObject(configuration, `the configuration of ${name}`),
    environment: plainObject(environment, `the environment of ${name}`),
    files: [],
  };
}

const foldersOf = (path: string, records: RunRecords) =>
  new Set([
    path,
    ...Array.from(records.values(), ({ files }) => files.map((name) => dirname(join(path, name)))).flat(),
  ]);

interface Opened {
  path: string;
  wanted: readonly NamedRecord[];
  /** What the folder holds and keeps. */
  records: RunRecords;
  /** Names of the files that replaced configurations left. */
  abandoned: readonly string[];
  replace: boolean;
}

/** Returns the function behind `write`; what it remembers moves on only when the files are in place. */
function writer({ path, wanted, records: held, abandoned, replace }: Opened) {
  let last = { records: held, first: true };
  return (files: readonly RunFile[], facts: PlainObject): string[] => {
    let records = begun(last.records, wanted, facts, last.first);
    checkNames(path, files, records);
    for (const { name, content, runs = wanted.map((run) => run.name) } of files) {
      const owners = ownersOf(name, last.records);
      const foreign =
        exists(join(path, name)) && (owners.length === 0 || owners.some((run) => !runs.includes(run)));
      const same = foreign && holdsExactly(join(path, name), content);
      if (foreign && !same && !replace) throw foreignFile(join(path, name), owners, runs);
      records = withOwners(records, name, same ? [...owners, ...runs] : runs);
    }
    const before = recordFiles(last.records).map(({ content }) => content);
    const changed = recordFiles(records).filter(({ content }) => last.first || !before.includes(content));
    const named = [...files, ...changed].map(({ name }) => name);
    const stale = last.first
      ? abandoned.filter((name) => !named.includes(name) && !isOwned(name, records))
      : [];
    writeTogether(path, [...files, ...changed], { remove: stale });
    last = { records, first: false };
    return files.map(({ name }) => join(path, name));
  };
}

const isOwned = (name: string, records: RunRecords) => ownersOf(name, records).length > 0;

/** Returns the records with the runs that write now: their environment is new at the first write and where facts come. */
function begun(
  records: RunRecords,
  wanted: readonly NamedRecord[],
  facts: PlainObject,
  first: boolean,
): RunRecords {
  const next = new Map(records);
  if (!first && Object.keys(facts).length === 0) return next;
  const date = new Date().toISOString();
  for (const { name, ...record } of wanted) {
    const { files, environment } = next.get(name) ?? record;
    next.set(name, {
      ...record,
      files,
      environment: { ...(first ? record.environment : environment), date, ...facts },
    });
  }
  return next;
}

function checkNames(path: string, files: readonly RunFile[], records: RunRecords): void {
  const names = files.map(({ name }) => name);
  for (const [place, { name, runs = [] }] of files.entries()) {
    const hidden = name.split(/[\\/]/).some((part) => part === "" || part.startsWith("."));
    if (hidden || name === CONFIGURATIONS || name === ENVIRONMENTS || names.indexOf(name) !== place)
      throw new RangeError(
        `Cannot write to ${path} as names of results are relative, not hidden, and their own: got "${name}"`,
      );
    const unknown = runs.find((run) => !records.has(run));
    if (unknown !== undefined || (runs.length === 0 && files[place].runs))
      throw new RangeError(
        `Cannot write ${name} to ${path} as the folder knows no run of that name: got "${unknown}"`,
      );
  }
}

const exists = (path: string) => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

function holdsExactly(path: string, content: FileContent): boolean {
  const list = content instanceof Uint8Array ? [content] : content;
  const chunks: readonly Uint8Array[] = typeof list === "string" ? [Buffer.from(list)] : list;
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const stat = lstatSync(path);
  return stat.isFile() && stat.size === bytes && Buffer.concat(chunks).equals(readFileSync(path));
}

function foreignFile(path: string, owners: readonly string[], runs: readonly string[]): RangeError {
  const others = owners.filter((owner) => !runs.includes(owner)).join(", ");
  const reason = others
    ? `it holds results of ${others}`
    : "it stands there and no run that the folder records made it";
  return new RangeError(`Cannot write ${path} as ${reason}: ${CURE}`);
}

const MOST_LINES = 20;

function otherConfiguration(path: string, changes: readonly { name: string; lines: string[] }[]): RangeError {
  const lines = changes.flatMap(({ name, lines: differing }) =>
    differing.map((line) => `  ${name}: ${line}`),
  );
  const more = lines.length > MOST_LINES ? [`  and ${lines.length - MOST_LINES} more`] : [];
  return new RangeError(
    [
      `Cannot write to ${path} as it holds results of another configuration:`,
      ...lines.slice(0, MOST_LINES),
      ...more,
      CURE,
    ].join("\n"),
  );
}
