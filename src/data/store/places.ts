// Brings a data set from one of two kinds of places: a mirror, which someone keeps nearby (a folder or an http(s) address whose
// layout is FOLDER/FILE with SHA256SUMS at its root), and the official address of its authors.
import { readFileSync, renameSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import * as tar from "tar";
import type { Progress, ProgressReporter } from "../../io/progress-reporter";
import { explainWriteFailure } from "../../io/write-atomically";
import { type Dataset, type DatasetFile, sizeFault } from "./dataset";
import { type DownloadOptions, download, isAddress } from "./download";
import { TransferError } from "./http-get";

/** How a data set's files are brought. */
export interface Transport {
  dataset: Dataset;
  /** A folder of this process alone, where downloads lie until they are whole. */
  workshop: string;
  /** A folder, empty at first, for the files. */
  staged: string;
  /** The files that are wanted and not among the given ones, as a list to read; "" where none is. */
  lacking: (names: readonly string[]) => string;
  progress: ProgressReporter;
  network: DownloadOptions;
}

const MOST_LIST_BYTES = 2 ** 20;

/**
 * Brings all files of a data set that a mirror has. Only files with a checksum are taken.
 *
 * @param mirror a folder, or an address that starts with http:// or https://
 * @returns what to record as the source
 * @throws {Error} where the mirror cannot be used, lacks wanted files, or one of its files is wrong
 */
export async function takeFromMirror(transport: Transport, mirror: string): Promise<string> {
  const { dataset, workshop, network } = transport;
  const root = isAddress(mirror) ? new URL(mirror.endsWith("/") ? mirror : `${mirror}/`) : resolve(mirror);
  if (root instanceof URL && (root.username || root.password))
    throw new RangeError("Cannot use the mirror as its address must hold no user name or password");
  const at = (name: string) => (root instanceof URL ? new URL(name, root).href : join(root, name));
  const list = join(workshop, "SHA256SUMS");
  const listed = { ...network, onBytes: undefined };
  await download(at("SHA256SUMS"), list, { bytes: { most: MOST_LIST_BYTES } }, listed);
  const sums = parseSha256Sums(readFileSync(list, "utf8"), at("SHA256SUMS"));
  const files = dataset.files.flatMap((file) => {
    const sha256 = file.sha256 ?? sums.get(`${dataset.folder}/${file.name}`);
    return sums.has(`${dataset.folder}/${file.name}`) ? [{ ...file, sha256 }] : [];
  });
  const source = `mirror ${root}`;
  await takeFiles(transport, files, (name) => at(`${dataset.folder}/${name}`), source);
  return source;
}

/**
 * Reads the list of checksums that `sha256sum` writes: a line a file, 64 hexadecimal digits, two spaces (or a space and
 * "*"), path.
 *
 * @param list where the text comes from, to name in an error
 * @returns checksum by path; a leading "./" of a path is dropped
 * @throws {SyntaxError} naming the list and line where a line is something else
 */
function parseSha256Sums(text: string, list: string): Map<string, string> {
  const sums = new Map<string, string>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const [, sum, path] = /^([0-9a-fA-F]{64}) [ *](?:\.\/)?(.+)$/.exec(line) ?? [];
    if (path === undefined)
      throw new SyntaxError(
        `Cannot read ${list} as a line must be a SHA-256 checksum and a path, as sha256sum writes them: got ` +
          `"${line.slice(0, 80)}" on line ${index + 1}`,
      );
    sums.set(path, sum.toLowerCase());
  }
  return sums;
}

/**
 * Brings a data set from its official address.
 *
 * @param mostMs the most milliseconds that the download may take
 * @returns what to record as the source
 * @throws {TransferError} where it cannot be had whole; {RangeError} where its archive is not as it should be
 */
export async function takeFromOfficial(
  transport: Transport,
  official: NonNullable<Dataset["official"]>,
  mostMs: number,
): Promise<string> {
  const { dataset, workshop, network } = transport;
  const { host } = new URL("archive" in official ? official.archive : official.address);
  const late = new AbortController();
  const tooSlow = `${host} is too slow for now (${mostMs / 1000} s): "dolab data fetch ${dataset.name}" goes on where it stopped`;
  const abort = () => late.abort(new TransferError(tooSlow, "lasting"));
  const timer = Number.isFinite(mostMs) ? setTimeout(abort, mostMs) : undefined;
  const signal = AbortSignal.any([late.signal, ...(network.signal ? [network.signal] : [])]);
  const limited = { ...transport, network: { ...network, signal } };
  try {
    if ("address" in official) {
      const { address } = official;
      await takeFiles(limited, dataset.files, (name) => `${address}/${name}`, address);
      return `the official address ${address}`;
    }
    const { archive: url, bytes, md5 } = official;
    const archive = join(workshop, "archive.tar.gz");
    const checksum = { algorithm: "md5", digest: md5 } as const;
    await withBar(transport, bytes, `Downloading ${dataset.title}`, (onBytes) =>
      download(url, archive, { bytes, checksum }, { ...limited.network, onBytes }),
    );
    await unpackArchive(archive, transport);
    return `the official archive ${url} (MD5 ${md5})`;
  } finally {
    clearTimeout(timer);
  }
}

/** Brings files one by one; one that a place simply lacks is left out where it is not wanted. */
async function takeFiles(
  transport: Transport,
  files: readonly DatasetFile[],
  addressOf: (name: string) => string,
  source: string,
): Promise<void> {
  const { dataset, workshop, staged, lacking, network } = transport;
  const here = new Set(files.map(({ name }) => name));
  const refuseLack = () => {
    const lack = lacking([...here]);
    if (here.size === 0) throw new RangeError(`${source} has nothing of ${dataset.title}`);
    if (lack) throw new RangeError(`${source} has ${[...here].join(", ")} but lacks ${lack}`);
  };
  refuseLack();
  const sizes = files.map(({ bytes }) => (typeof bytes === "number" ? bytes : 0));
  const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
  await withBar(transport, total, `Fetching ${dataset.title} from ${source}`, async (onBytes) => {
    let before = 0;
    for (const [index, { name, bytes, sha256 }] of files.entries()) {
      const checksum = sha256 ? ({ algorithm: "sha256", digest: sha256 } as const) : undefined;
      const counting = { ...network, onBytes: (count: number) => onBytes(before + count) };
      try {
        await download(addressOf(name), join(workshop, name), { bytes, checksum }, counting);
        renameSync(join(workshop, name), join(staged, name));
      } catch (error) {
        if (!(error instanceof TransferError && error.kind === "absent")) throw error;
        here.delete(name);
        refuseLack();
      }
      before += sizes[index];
    }
  });
}

/** What an unexpected file of an archive (a readme) may take. */
const MOST_SKIPPED_BYTES = 2 ** 20;

/**
 * Takes a data set's files, and nothing else, out of its gzipped tar archive: an entry is either one of the files that
 * are expected, in the folder where it is expected, of the right size, or it is not written. An archive with links,
 * devices, absolute paths or ".." is refused whole.
 */
async function unpackArchive(archive: string, { dataset, staged }: Transport): Promise<void> {
  const found = new Set<string>();
  let fault: string | undefined;
  function judge({ path, type, size }: tar.ReadEntry): { file?: DatasetFile; fault?: string } {
    if (/^([/\\]|[A-Za-z]:)/.test(path) || path.split(/[/\\]/).includes(".."))
      return { fault: `its entries must stay in their folder: got "${path}"` };
    if (type === "Directory") return {};
    if (type !== "File" && type !== "OldFile")
      return { fault: `it must hold files and folders only: got "${path}", a ${type}` };
    const file = dataset.files.find(({ name }) => path.replace(/^\.\//, "") === `${dataset.folder}/${name}`);
    if (!file)
      return size > MOST_SKIPPED_BYTES ? { fault: `"${path}" of ${size} bytes is not expected in it` } : {};
    const wrong = found.has(file.name) ? "it must be there once" : sizeFault(file, size);
    found.add(file.name);
    return wrong ? { fault: `of its "${path}", ${wrong}` } : { file };
  }
  const filter = (_path: string, entry: unknown) => {
    const { file, fault: wrong } = judge(entry as tar.ReadEntry);
    fault ??= wrong;
    if (file) (entry as tar.ReadEntry).path = file.name; // so that it lands in `staged` itself
    return file !== undefined && fault === undefined;
  };
  try {
    await tar.extract({ file: archive, cwd: staged, strict: true, filter });
  } catch (error) {
    const { syscall, message } = error as NodeJS.ErrnoException;
    if (syscall) throw explainWriteFailure(basename(staged), staged, error);
    fault ??= `it is damaged or cut short: ${message}`;
  }
  const missing = dataset.files.filter(({ name }) => !found.has(name)).map(({ name }) => name);
  if (missing.length > 0) fault ??= `it is damaged or cut short: it lacks ${missing.join(", ")}`;
  if (fault) throw new RangeError(`Cannot unpack ${archive} as ${fault}`);
}

const MEGABYTE = 1e6;

/** Shows bytes as a bar in megabytes, which starts when the first have come. */
async function withBar(
  { progress, network: { signal } }: Transport,
  totalBytes: number,
  label: string,
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
