// Keeps the copy of a data set on this machine: CACHE/data/FOLDER with its files and source.json, which says where they
// came from and their checksums. Files that a user put there by hand, without source.json, are taken too.
// CACHE is one folder a user, shared by every checkout, safe to delete: DOLAB_CACHE names it; else it is "dolab" in the
// user's cache folder (XDG Base Directory Specification 0.8 on Linux).
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import process from "node:process";
import { fileFingerprint } from "../../io/file-fingerprint";
import { readJson } from "../../io/json";
import { explainWriteFailure, flushFolder, writeFileAtomically } from "../../io/write-atomically";
import { type Dataset, type HeldDataset, replaceCommand, sizeFault } from "./dataset";

const RECORD = "source.json";

/**
 * Returns the absolute path of the cache, which need not exist yet.
 *
 * @example
 * import { isAbsolute } from "node:path";
 * import { cacheFolder } from "dolab";
 * isAbsolute(cacheFolder()); // => true
 */
export function cacheFolder(): string {
  const { DOLAB_CACHE } = process.env;
  return DOLAB_CACHE ? resolve(DOLAB_CACHE) : join(userCacheFolder(), "dolab");
}

function userCacheFolder(): string {
  const { XDG_CACHE_HOME = "", LOCALAPPDATA } = process.env;
  if (isAbsolute(XDG_CACHE_HOME)) return XDG_CACHE_HOME; // the specification ignores relative ones
  if (process.platform === "win32") return LOCALAPPDATA ?? join(homedir(), "AppData", "Local");
  return process.platform === "darwin" ? join(homedir(), "Library", "Caches") : join(homedir(), ".cache");
}

/** Returns where a data set is cached, whether it is there or not. */
export const cachedFolder = (cache: string, dataset: Dataset) => join(cache, "data", dataset.folder);

/**
 * Looks at what is cached of a data set, without reading the files.
 *
 * @param cache the cache, as `cacheFolder` names it
 * @param dataset the declaration of the data set
 * @returns undefined where no file of the data set is there
 * @throws {SyntaxError} where source.json is damaged
 * @example
 * import { cachedDataset, cacheFolder, cifar10 } from "dolab";
 * const held = cachedDataset(cacheFolder(), cifar10); // undefined until "dolab data fetch cifar10" has run
 * cachedDataset("/nowhere", cifar10); // => undefined
 */
export function cachedDataset(cache: string, dataset: Dataset): HeldDataset | undefined {
  const folder = cachedFolder(cache, dataset);
  const files = dataset.files.map(({ name }) => name).filter((name) => existsSync(join(folder, name)));
  if (files.length === 0) return undefined;
  const path = join(folder, RECORD);
  const { sha256, ...origin } = existsSync(path) ? readRecord(path) : { sha256: {} };
  return { dataset, folder, files, ...origin, sha256: { ...sha256, ...publishedSums(dataset) } };
}

const publishedSums = ({ files }: Dataset): Record<string, string> =>
  Object.fromEntries(files.flatMap(({ name, sha256 }) => (sha256 ? [[name, sha256]] : [])));

function readRecord(path: string): Pick<HeldDataset, "source" | "fetched" | "sha256"> {
  const { source, fetched, sha256 } = (readJson(path) ?? {}) as Record<string, unknown>;
  if (typeof source !== "string" || typeof fetched !== "string" || typeof sha256 !== "object" || !sha256)
    throw new SyntaxError(
      `Cannot read ${path} as it must hold source, fetched and sha256: fetch the data anew`,
    );
  return { source, fetched, sha256: sha256 as Record<string, string> };
}

/**
 * Checks one file of a data set that is here, size and checksum, before it is read.
 *
 * @param held the files, as `obtainDataset` or `cachedDataset` found them
 * @param name one of the data set's files
 * @returns the file's path
 * @throws {RangeError} naming the file and the cure where it is missing or not as it should be
 * @example
 * import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { cachedDataset, heldFile } from "dolab";
 * const cache = mkdtempSync(`${tmpdir()}/cache-`);
 * mkdirSync(`${cache}/data/notes`, { recursive: true });
 * writeFileSync(`${cache}/data/notes/a.txt`, "put here by hand");
 * const notes = { name: "notes", title: "Notes", folder: "notes", files: [{ name: "a.txt", bytes: 16 }] };
 * const held = cachedDataset(cache, notes)!;
 * heldFile(held, "a.txt").slice(cache.length); // => "/data/notes/a.txt"
 * rmSync(cache, { recursive: true });
 */
export function heldFile(held: HeldDataset, name: string): string {
  const path = join(held.folder, name);
  const fault = fileFault(held, name);
  if (fault) throw damagedFile(held, name, fault);
  return path;
}

/** The error for a file that is not as its data set has it. */
export const damagedFile = ({ dataset, folder }: HeldDataset, name: string, fault: string) =>
  new RangeError(
    `Cannot read ${join(folder, name)} as ${fault}; "${replaceCommand(dataset)}" fetches it anew`,
  );

/** What is wrong with a file of a data set that is here; undefined where nothing is. */
export function fileFault({ dataset, folder, files, sha256 }: HeldDataset, name: string): string | undefined {
  const file = dataset.files.find((candidate) => candidate.name === name);
  if (!file) return `${dataset.title} has no such file`;
  if (!files.includes(name)) return "it is not there";
  const path = join(folder, name);
  const wrongSize = sizeFault(file, statSync(path).size);
  const sum = sha256[name];
  if (wrongSize || !sum) return wrongSize;
  const found = fileFingerprint(path).sha256;
  const rule = file.sha256 ? "as published" : "as it was when fetched";
  return found === sum ? undefined : `its SHA-256 must be ${sum}, ${rule}: got ${found}`;
}

/**
 * Puts a folder of fetched files in the place of what is cached. Its record is written first, so that the folder is
 * whole when it gets its name.
 *
 * @param staged a folder on the same disk; gone afterwards
 * @param retired a path beside it that is free; what was cached stays there where it cannot be removed
 */
export function replaceCached(
  cache: string,
  dataset: Dataset,
  staged: string,
  source: string,
  retired: string,
): HeldDataset {
  const folder = cachedFolder(cache, dataset);
  const sums = readdirSync(staged).map((name) => [name, fileFingerprint(join(staged, name)).sha256]);
  const record = { source, fetched: new Date().toISOString(), sha256: Object.fromEntries(sums) };
  writeFileAtomically(join(staged, RECORD), `${JSON.stringify(record, null, 2)}\n`);
  try {
    mkdirSync(join(folder, ".."), { recursive: true });
    if (existsSync(folder)) renameSync(folder, retired);
    renameSync(staged, folder);
  } catch (error) {
    if (!existsSync(folder) && existsSync(retired)) renameSync(retired, folder);
    throw explainWriteFailure(folder, join(folder, ".."), error);
  }
  flushFolder(join(folder, ".."));
  rmSync(retired, { recursive: true, force: true });
  return cachedDataset(cache, dataset)!;
}
