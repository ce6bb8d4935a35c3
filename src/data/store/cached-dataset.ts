// The copy of a data set in the cache: CACHE/data/FOLDER with its files and source.json, which says where they came from
// and their checksums. Files that a user unpacked there by hand, without source.json, are taken too, unchecked.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileFingerprint } from "../../io/file-fingerprint";
import { readJson } from "../../io/json";
import { explainWriteFailure, flushFolder, writeFileAtomically } from "../../io/write-atomically";
import { type Dataset, sizeFault } from "./dataset";

const RECORD = "source.json";

/** A data set, or a part of it, that is here. */
export interface HeldDataset {
  readonly folder: string;
  /** Such as "mirror /data"; undefined for files put there by hand. */
  readonly source?: string;
  /** When it was fetched, ISO 8601. */
  readonly fetched?: string;
  /** Names of the files that are here, in the data set's order. */
  readonly files: readonly string[];
  /** SHA-256 by file name, as of when they were fetched; empty for files put there by hand. */
  readonly sha256: Readonly<Record<string, string>>;
}

/** Where a data set is cached, whether it is there or not. */
export const cachedFolder = (cache: string, dataset: Dataset) => join(cache, "data", dataset.folder);

/**
 * Looks at what is cached, without reading the files.
 *
 * @returns undefined where no file of the data set is there
 * @throws {SyntaxError} where source.json is damaged
 */
export function cachedDataset(cache: string, dataset: Dataset): HeldDataset | undefined {
  const folder = cachedFolder(cache, dataset);
  const files = dataset.files.map(({ name }) => name).filter((name) => existsSync(join(folder, name)));
  if (files.length === 0) return undefined;
  const record = existsSync(join(folder, RECORD)) ? readRecord(join(folder, RECORD)) : { sha256: {} };
  return { folder, files, ...record };
}

function readRecord(path: string): Pick<HeldDataset, "source" | "fetched" | "sha256"> {
  const { source, fetched, sha256 } = (readJson(path) ?? {}) as Record<string, unknown>;
  if (typeof source !== "string" || typeof fetched !== "string" || typeof sha256 !== "object" || !sha256)
    throw new SyntaxError(
      `Cannot read ${path} as it must hold source, fetched and sha256: fetch the data anew`,
    );
  return { source, fetched, sha256: sha256 as Record<string, string> };
}

/** What is wrong with a cached file, by name; nothing where all are as they were fetched. */
export function cachedFaults(dataset: Dataset, held: HeldDataset): Map<string, string> {
  const faults = new Map<string, string>();
  for (const file of dataset.files.filter(({ name }) => held.files.includes(name))) {
    const path = join(held.folder, file.name);
    const sum = held.sha256[file.name];
    const fault =
      sizeFault(file, statSync(path).size) ?? (sum && checksumFault(fileFingerprint(path).sha256, sum));
    if (fault) faults.set(file.name, fault);
  }
  return faults;
}

/** What is wrong with a file whose checksum was found to be `found`; undefined where nothing is. */
export const checksumFault = (found: string, recorded: string) =>
  found === recorded ? undefined : `its SHA-256 must be ${recorded}, as it was when fetched: got ${found}`;

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
  const sha256: Record<string, string> = {};
  for (const name of readdirSync(staged)) sha256[name] = fileFingerprint(join(staged, name)).sha256;
  const record = { source, fetched: new Date().toISOString(), sha256 };
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
  return { folder, files: dataset.files.map(({ name }) => name).filter((name) => name in sha256), ...record };
}
