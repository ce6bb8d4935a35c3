// Obtains a data set from the first place that has it: the cached copy, a mirror, the official address. What is fetched is
// checked, and becomes the cached copy in one step; its files always come from one place, as another place's may be in
// another order. One process fetches at a time; others wait, and find the cached copy.
import { mkdirSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { type FolderLock, FolderTakenError, lockFolder } from "../../io/folder-lock";
import { requireKnownOptions } from "../../io/known-options";
import { type ProgressReporter, silentProgress } from "../../io/progress-reporter";
import { cachedDataset, cachedFolder, cacheFolder, replaceCached } from "./cache";
import { type Attempt, type Dataset, DatasetMissingError, type HeldDataset } from "./dataset";
import { type NetworkLimits, patientLimits, pause, TransferError } from "./http-get";
import { type Transport, takeFromMirror, takeFromOfficial } from "./places";

/** Where to look for a data set, and how patiently. */
export interface ObtainOptions {
  /** Where data sets are cached; `cacheFolder()` by default. */
  cache?: string;
  /** A folder or an http(s) address; DOLAB_DATA_MIRROR by default, "" for none. */
  mirror?: string;
  /** Whether to fetch anew what is cached. */
  replace?: boolean;
  /** Whether to take what the mirror has, even if that is not all that is wanted. */
  takePart?: boolean;
  limits?: NetworkLimits;
  /** The most milliseconds that the official address may take; what has come is kept. */
  officialMs?: number;
  /** How many milliseconds to wait for another process that fetches the same; an hour by default. */
  waitMs?: number;
  progress?: ProgressReporter;
  signal?: AbortSignal;
}

const OPTIONS: readonly (keyof ObtainOptions)[] = [
  ...(["cache", "mirror", "replace", "takePart", "limits"] as const),
  ...(["officialMs", "waitMs", "progress", "signal"] as const),
];

/**
 * Finds or fetches files of a data set.
 *
 * @param dataset the declaration of the data set
 * @param wanted names of the files to have; all by default
 * @param options where to look and to keep them, see `ObtainOptions`
 * @returns the files that are here, for `heldFile` to check and name
 * @throws {DatasetMissingError} where no place has them
 * @throws {Error} where the cache cannot be written, or what `signal` was aborted with
 * @example
 * import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { type Dataset, heldFile, obtainDataset } from "dolab";
 * const mirror = mkdtempSync(join(tmpdir(), "mirror-")); // holds SHA256SUMS, greetings/hello.txt
 * mkdirSync(join(mirror, "greetings"));
 * writeFileSync(join(mirror, "greetings/hello.txt"), "hello");
 * const sum = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
 * writeFileSync(join(mirror, "SHA256SUMS"), `${sum}  greetings/hello.txt\n`);
 * const files = [{ name: "hello.txt", bytes: 5 }];
 * const greetings: Dataset = { name: "greetings", title: "Greetings", folder: "greetings", files };
 * const held = await obtainDataset(greetings, ["hello.txt"], { mirror, cache: join(mirror, "cache") });
 * readFileSync(heldFile(held, "hello.txt"), "utf8"); // => "hello"
 * rmSync(mirror, { recursive: true });
 */
export async function obtainDataset(
  dataset: Dataset,
  wanted: readonly string[] = dataset.files.map(({ name }) => name),
  options: ObtainOptions = {},
): Promise<HeldDataset> {
  requireKnownOptions(`obtain ${dataset.title}`, options, OPTIONS);
  const { cache = cacheFolder(), replace = false, waitMs = 3_600_000, signal } = options;
  const lacking = (names: readonly string[]) => wanted.filter((name) => !names.includes(name)).join(", ");
  const inCache = () => {
    const held = replace ? undefined : cachedDataset(cache, dataset);
    return held && lacking(held.files) === "" ? held : undefined;
  };
  const ready = inCache();
  if (ready) return ready;
  const workshop = join(cache, "data", `.fetch-${dataset.folder}`);
  const lock = await waitForFolder(workshop, waitMs, signal);
  let kept = /^\.lock\.|\.part$/; // a later fetch can go on with what is half downloaded
  try {
    const held = inCache() ?? (await fetchDataset(dataset, { ...options, cache }, workshop, lock, lacking));
    kept = /^\.lock\./;
    return held;
  } finally {
    if (lock.isHeld()) {
      for (const name of readdirSync(workshop))
        if (!kept.test(name)) rmSync(join(workshop, name), { recursive: true, force: true });
    }
    lock.release();
    removeIfEmpty(workshop);
  }
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // It has gone already, or holds a download to go on with.
  }
}

/** Takes a folder's lock, once no other process holds it. */
async function waitForFolder(folder: string, waitMs: number, signal?: AbortSignal): Promise<FolderLock> {
  for (const start = Date.now(); ; await pause(300, signal)) {
    try {
      return lockFolder(folder);
    } catch (error) {
      if (!(error instanceof FolderTakenError) || Date.now() - start >= waitMs) throw error;
    }
  }
}

async function fetchDataset(
  dataset: Dataset,
  options: ObtainOptions & { cache: string },
  workshop: string,
  lock: FolderLock,
  lacking: (names: readonly string[]) => string,
): Promise<HeldDataset> {
  const { cache, mirror = process.env.DOLAB_DATA_MIRROR ?? "", replace, takePart, signal } = options;
  const {
    officialMs = Number.POSITIVE_INFINITY,
    limits = patientLimits,
    progress = silentProgress,
  } = options;
  const cached = cachedDataset(cache, dataset);
  const uncached = cached ? `the cached part lacks ${lacking(cached.files)}` : "it is not cached";
  const attempts: Attempt[] = [
    {
      place: `the cache ${cachedFolder(cache, dataset)}`,
      reason: replace ? "what is cached is to be replaced" : uncached,
    },
  ];
  const staged = join(workshop, "staged");
  const network = { limits, check: lock.check, signal };
  const transport: Transport = { dataset, workshop, staged, lacking, progress, network };
  const from = async (place: string, take: () => Promise<string>) => {
    try {
      rmSync(staged, { recursive: true, force: true });
      mkdirSync(staged);
      const source = await take();
      lock.check();
      return replaceCached(cache, dataset, staged, source, join(workshop, "retired"));
    } catch (error) {
      if (!isReason(error)) throw error;
      attempts.push({ place, reason: error.message });
      return undefined;
    }
  };
  const { official } = dataset;
  if (mirror === "") attempts.push({ place: "a mirror", reason: "DOLAB_DATA_MIRROR is not set" });
  const held =
    (mirror !== "" &&
      (await from(`mirror ${mirror}`, () =>
        takeFromMirror({ ...transport, lacking: takePart ? () => "" : lacking }, mirror),
      ))) ||
    (official &&
      (await from("archive" in official ? official.archive : official.address, () =>
        takeFromOfficial(transport, official, officialMs),
      )));
  if (!held) throw new DatasetMissingError(dataset, attempts);
  return held;
}

/** Whether an error says that one place cannot provide the data, so that the next may; all others end the search. */
const isReason = (error: unknown): error is Error =>
  error instanceof TransferError || error instanceof RangeError || error instanceof SyntaxError;
