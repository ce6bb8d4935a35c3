// A data set from the first place that has it: the cached copy, a mirror, the archive at its official address. What is
// fetched is checked, and becomes the cached copy in one step; its files always come from one place, as another place's
// may be in another order. One process fetches at a time; others wait, and find the cached copy.
import { mkdirSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { type FolderLock, lockFolder } from "../../io/folder-lock";
import { type ProgressReporter, silentProgress } from "../../io/progress-reporter";
import { cacheFolder } from "./cache-folder";
import { cachedDataset, cachedFolder, type HeldDataset, replaceCached } from "./cached-dataset";
import type { Dataset } from "./dataset";
import { type Attempt, DatasetMissingError } from "./dataset-missing-error";
import { takeFromArchive, takeFromMirror, type Way } from "./fetch-files";
import { abortReason, type NetworkLimits, patientLimits, TransferError } from "./http-get";

export interface ObtainOptions {
  /** Where data sets are cached. */
  cache?: string;
  /** A folder or an http(s) address; "" for none. */
  mirror?: string;
  /** Fetch anew what is cached. */
  replace?: boolean;
  /** Take what the mirror has, even if that is not all that is wanted. */
  takePart?: boolean;
  limits?: NetworkLimits;
  /** The most that the download from the official address may take; what has come is kept. */
  officialMs?: number;
  /** How long to wait for another process that fetches the same. */
  waitMs?: number;
  progress?: ProgressReporter;
  signal?: AbortSignal;
}

type Settled = Required<Omit<ObtainOptions, "signal">> & { signal?: AbortSignal };

/**
 * Finds or fetches files of a data set.
 *
 * @param wanted names of files
 * @throws {DatasetMissingError} where no place has them
 * @throws {Error} where the cache cannot be written, or what `signal` was aborted with
 */
export async function obtainDataset(
  dataset: Dataset,
  wanted: readonly string[],
  options: ObtainOptions = {},
): Promise<HeldDataset> {
  const settled: Settled = {
    cache: cacheFolder(),
    mirror: process.env.DOLAB_DATA_MIRROR ?? "",
    replace: false,
    takePart: false,
    limits: patientLimits,
    officialMs: Number.POSITIVE_INFINITY,
    waitMs: 3_600_000,
    progress: silentProgress,
    ...options,
  };
  const lacking = (files: readonly string[]) => wanted.filter((name) => !files.includes(name)).join(", ");
  const inCache = () => {
    const held = cachedDataset(settled.cache, dataset);
    return held && lacking(held.files) === "" ? held : undefined;
  };
  const ready = settled.replace ? undefined : inCache();
  if (ready) return ready;
  const workshop = join(settled.cache, "data", `.fetch-${dataset.folder}`);
  const lock = await waitForFolder(workshop, settled, settled.replace ? () => undefined : inCache);
  if (!("release" in lock)) return lock;
  try {
    tidy(workshop);
    const held = await fetchDataset(dataset, workshop, lock, settled, lacking);
    tidy(workshop, { andDownloads: true });
    return held;
  } finally {
    if (holds(lock)) tidy(workshop);
    lock.release();
    removeIfEmpty(workshop);
  }
}

/** Takes the folder's lock, or returns what another process has put into the cache meanwhile. */
async function waitForFolder(
  folder: string,
  { waitMs, signal }: Settled,
  inCache: () => HeldDataset | undefined,
): Promise<FolderLock | HeldDataset> {
  const start = Date.now();
  for (let vanished = 0; ; ) {
    try {
      const lock = lockFolder(folder);
      const held = inCache();
      if (held) lock.release();
      return held ?? lock;
    } catch (error) {
      // A folder that is taken has no system's code; one that its last holder removed meanwhile has ENOENT.
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT") vanished += 1;
      if ((code && code !== "ENOENT") || vanished > 5 || Date.now() - start >= waitMs) throw error;
    }
    await delay(300, undefined, { signal }).catch(() => {
      throw abortReason(signal);
    });
  }
}

async function fetchDataset(
  dataset: Dataset,
  workshop: string,
  lock: FolderLock,
  settled: Settled,
  lacking: (files: readonly string[]) => string,
): Promise<HeldDataset> {
  const { cache, mirror, replace, takePart, progress, signal } = settled;
  const cached = cachedDataset(cache, dataset);
  const attempts: Attempt[] = [
    {
      place: `the cache ${cachedFolder(cache, dataset)}`,
      reason: replace
        ? "what is cached is to be replaced"
        : cached
          ? `the cached part lacks ${lacking(cached.files)}`
          : "it is not cached",
    },
  ];
  const from = async (place: string, take: (staged: string) => Promise<string>) => {
    const staged = join(workshop, "unpacked");
    try {
      rmSync(staged, { recursive: true, force: true });
      mkdirSync(staged);
      const source = await take(staged);
      lock.check();
      return replaceCached(cache, dataset, staged, source, join(workshop, "retired"));
    } catch (error) {
      if (!isReason(error)) throw error;
      attempts.push({ place, reason: error.message });
      return undefined;
    }
  };
  const way: Way = {
    dataset,
    workshop,
    progress,
    network: { limits: settled.limits, check: lock.check, signal },
  };
  if (mirror === "") attempts.push({ place: "a mirror", reason: "DOLAB_DATA_MIRROR is not set" });
  const held =
    (mirror !== "" &&
      (await from(`mirror ${mirror}`, (staged) =>
        takeFromMirror(way, staged, mirror, takePart ? () => "" : lacking),
      ))) ||
    (await from(dataset.archive.url, (staged) => takeFromArchive(way, staged, settled.officialMs)));
  if (!held) throw new DatasetMissingError(dataset, attempts);
  return held;
}

/** Whether an error says that one place cannot provide the data, so that the next may; all others end the search. */
const isReason = (error: unknown): error is Error =>
  error instanceof TransferError || error instanceof RangeError || error instanceof SyntaxError;

/** Removes what fetches left, except the locks, and downloads that a later fetch can go on with unless they go too. */
function tidy(workshop: string, { andDownloads = false } = {}): void {
  const kept = andDownloads ? /^\.lock\./ : /^\.lock\.|\.part(\.json)?$/;
  for (const name of readdirSync(workshop)) {
    if (!kept.test(name)) rmSync(join(workshop, name), { recursive: true, force: true });
  }
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // It has gone already, or holds a download to go on with.
  }
}

/** False where a later call of this process has taken the folder. */
function holds(lock: FolderLock): boolean {
  try {
    lock.check();
    return true;
  } catch {
    return false;
  }
}
