// The two ways in which a data set's files come into a folder: from a mirror, file by file, or out of the archive at the
// official address. What is half downloaded stays in the workshop for the next try.
import { renameSync } from "node:fs";
import { join } from "node:path";
import type { Progress, ProgressReporter } from "../../io/progress-reporter";
import type { Dataset } from "./dataset";
import { type DownloadOptions, download } from "./download";
import { TransferError } from "./http-get";
import { isAbsence, openMirror } from "./mirror";
import { unpackArchive } from "./unpack-archive";

/** How files are fetched. */
export interface Way {
  dataset: Dataset;
  /** A folder of this process alone, where downloads lie until they are whole. */
  workshop: string;
  progress: ProgressReporter;
  network: DownloadOptions;
}

/**
 * Takes all files of a data set that a mirror has.
 *
 * @param staged an empty folder
 * @param lacking the wanted files that are not among the given ones, as a list to read; "" where none is
 * @returns what to record as the source
 * @throws {Error} where the mirror cannot be used, lacks wanted files, or one of its files is wrong
 */
export async function takeFromMirror(
  { dataset, workshop, progress, network }: Way,
  staged: string,
  mirror: string,
  lacking: (files: readonly string[]) => string,
): Promise<string> {
  const { source, files, take } = await openMirror(mirror, dataset, workshop, network);
  const names = new Set(files.map(({ name }) => name));
  const refuseLack = () => {
    if (names.size === 0) throw new RangeError(`${source} has nothing of ${dataset.title}`);
    const lack = lacking([...names]);
    if (lack) throw new RangeError(`${source} has ${[...names].join(", ")} but lacks ${lack}`);
  };
  refuseLack();
  const sizes = files.map((file) => ("bytes" in file ? file.bytes : 0));
  const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
  await withBar(progress, total, `Fetching ${dataset.title} from ${source}`, network, async (onBytes) => {
    let before = 0;
    for (const [index, file] of files.entries()) {
      try {
        const copy = join(workshop, file.name);
        await take(file, copy, { ...network, onBytes: (bytes) => onBytes(before + bytes) });
        renameSync(copy, join(staged, file.name));
      } catch (error) {
        if (!isAbsence(error)) throw error;
        names.delete(file.name);
        refuseLack();
      }
      before += sizes[index];
    }
  });
  return source;
}

/**
 * Takes a data set's files out of the archive that its authors offer.
 *
 * @param staged an empty folder
 * @param mostMs the most that the download may take
 * @returns what to record as the source
 * @throws {TransferError} where the archive cannot be had whole; {RangeError} where it cannot be unpacked
 */
export async function takeFromArchive(
  { dataset, workshop, progress, network }: Way,
  staged: string,
  mostMs: number,
): Promise<string> {
  const { url, bytes, md5 } = dataset.archive;
  const archive = join(workshop, "archive.tar.gz");
  const stop = new AbortController();
  const onAbort = () => stop.abort(network.signal?.reason);
  if (network.signal?.aborted) onAbort();
  network.signal?.addEventListener("abort", onAbort);
  const late = `${new URL(url).host} is too slow for now (${mostMs / 1000} s): "dolab data fetch ${dataset.name}" goes on where it stopped`;
  const timer = Number.isFinite(mostMs)
    ? setTimeout(() => stop.abort(new TransferError(late, false)), mostMs)
    : undefined;
  try {
    await withBar(progress, bytes, `Downloading ${dataset.title}`, network, (onBytes) =>
      download(
        url,
        archive,
        { bytes, checksum: { algorithm: "md5", digest: md5 } },
        { ...network, onBytes, signal: stop.signal },
      ),
    );
  } finally {
    clearTimeout(timer);
    network.signal?.removeEventListener("abort", onAbort);
  }
  await unpackArchive(archive, staged, dataset);
  return `the official archive ${url} (MD5 ${md5})`;
}

const MEGABYTE = 1e6;

/** Shows bytes as a bar in megabytes, which starts when the first have come. */
async function withBar(
  progress: ProgressReporter,
  totalBytes: number,
  label: string,
  { signal }: DownloadOptions,
  work: (onBytes: (bytes: number) => void) => Promise<void>,
): Promise<void> {
  let bar: Progress | undefined;
  const total = Math.round(totalBytes / MEGABYTE);
  try {
    await work((bytes) => {
      const done = Math.min(Math.round(bytes / MEGABYTE), total);
      bar ??= progress(total, { label, unit: "MB", initial: done, signal });
      bar.update(done);
    });
    bar?.finish();
  } catch (error) {
    bar?.fail(error);
    throw error;
  }
}
