// Takes a data set's files, and nothing else, out of its gzipped tar archive. The names in the archive never become
// paths: an entry is either one of the files that are expected, in the folder where it is expected, and of the right
// size, or it is not written. An archive with links, devices, absolute paths or ".." is refused whole.
import { closeSync, createReadStream, openSync, writeSync } from "node:fs";
import { basename, join } from "node:path";
import * as tar from "tar";
import { explainWriteFailure } from "../../io/write-atomically";
import { type Dataset, type DatasetFile, sizeFault } from "./dataset";

/** What an unexpected file of an archive (a readme) may take. */
const MOST_SKIPPED_BYTES = 2 ** 20;

/**
 * Unpacks the files of a data set.
 *
 * @param folder an existing, empty folder; where this throws, it may hold some of the files
 * @throws {RangeError} naming the archive and entry where the archive is cut short or damaged, lacks a file, holds one
 *   twice or of another size, or holds what no data set needs
 */
export async function unpackArchive(archive: string, folder: string, dataset: Dataset): Promise<void> {
  const refuse = (reason: string, cause?: unknown) =>
    new RangeError(`Cannot unpack ${archive} as ${reason}`, { cause });
  const found = new Set<string>();
  let fault: unknown;
  let open: number | undefined;

  /** The expected file that an entry is; undefined where it is to be skipped. */
  function expectedFile({ path, type, size }: tar.ReadEntry): DatasetFile | undefined {
    const parts = path.replace(/^\.\//, "").split("/");
    if (/^([/\\]|[A-Za-z]:)/.test(path) || path.split(/[/\\]/).includes(".."))
      throw refuse(`its entries must stay in their folder: got "${path}"`);
    if (type === "Directory") return undefined;
    if (type !== "File" && type !== "OldFile")
      throw refuse(`it must hold files and folders only: got "${path}", a ${type}`);
    const file = dataset.files.find(({ name }) => parts.length === 2 && parts[1] === name);
    if (!file || parts[0] !== dataset.folder) {
      if (size > MOST_SKIPPED_BYTES) throw refuse(`"${path}" of ${size} bytes is not expected in it`);
      return undefined;
    }
    const wrong = found.has(file.name) ? "it must be there once" : sizeFault(file, size);
    if (wrong) throw refuse(`of its "${path}", ${wrong}`);
    return file;
  }

  function take(entry: tar.ReadEntry): void {
    const file = fault === undefined ? expectedFile(entry) : undefined;
    if (!file) return void entry.resume();
    const target = join(folder, file.name);
    const descriptor = writing(target, () => openSync(target, "wx"));
    open = descriptor;
    entry.on("data", (piece: Buffer) => {
      for (let done = 0; done < piece.length && fault === undefined; )
        attempt(() => {
          done += writing(target, () => writeSync(descriptor, piece, done));
        });
    });
    entry.on("end", () => {
      closeSync(descriptor);
      open = undefined;
      found.add(file.name);
    });
  }

  function attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      fault ??= error;
    }
  }

  const parser = new tar.Parser({
    strict: true,
    onReadEntry: (entry) => {
      attempt(() => take(entry));
      if (fault !== undefined) entry.resume();
    },
  });
  const ended = new Promise<void>((resolve) => {
    parser.on("end", resolve);
    parser.on("error", (error: Error) => {
      fault ??= refuse(`it is damaged or cut short: ${error.message}`, error);
      resolve();
    });
  });
  try {
    for await (const piece of createReadStream(archive)) {
      if (fault !== undefined) throw fault;
      if (!parser.write(piece)) await new Promise((resolve) => setImmediate(resolve));
    }
    if (fault === undefined) {
      parser.end();
      await ended;
    }
    if (fault !== undefined) throw fault;
  } finally {
    if (open !== undefined) closeSync(open);
  }
  const missing = dataset.files.filter(({ name }) => !found.has(name)).map(({ name }) => name);
  if (missing.length > 0) throw refuse(`it is damaged or cut short: it lacks ${missing.join(", ")}`);
}

function writing<Result>(target: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw explainWriteFailure(basename(target), join(target, ".."), error);
  }
}
