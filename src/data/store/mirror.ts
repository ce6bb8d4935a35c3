// A copy of data sets that someone keeps nearby: a folder or an http(s) address whose layout is FOLDER/FILE, with
// SHA256SUMS at its root. Only files with a checksum are taken; a mirror may hold a part of a data set.
import { copyFileSync, existsSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileFingerprint } from "../../io/file-fingerprint";
import { explainWriteFailure } from "../../io/write-atomically";
import { type Dataset, type DatasetFile, sizeFault } from "./dataset";
import { type DownloadOptions, download } from "./download";
import { TransferError } from "./http-get";
import { parseSha256Sums } from "./sha256sums";

const MOST_LIST_BYTES = 2 ** 20;

/** What a mirror has of a data set. */
export interface Mirror {
  /** "mirror FOLDER" or "mirror URL". */
  readonly source: string;
  readonly files: readonly DatasetFile[];
  /**
   * Copies one of `files` and checks it.
   *
   * @throws {Error} where its size or checksum is wrong, and nothing is left; or it cannot be fetched or written
   */
  take(file: DatasetFile, path: string, options: DownloadOptions): Promise<void>;
}

/**
 * Looks at a mirror's list.
 *
 * @param mirror a folder, or an address that starts with http:// or https://
 * @param scratch a folder to download the list to
 * @throws {Error} where there is no mirror or it has no readable SHA256SUMS
 */
export async function openMirror(
  mirror: string,
  dataset: Dataset,
  scratch: string,
  options: DownloadOptions = {},
): Promise<Mirror> {
  return /^https?:\/\//i.test(mirror)
    ? openAddress(mirror, dataset, scratch, options)
    : openFolder(mirror, dataset);
}

async function openAddress(
  mirror: string,
  dataset: Dataset,
  scratch: string,
  options: DownloadOptions,
): Promise<Mirror> {
  const root = new URL(mirror.endsWith("/") ? mirror : `${mirror}/`);
  if (root.username || root.password)
    throw new RangeError("Cannot use the mirror as its address must hold no user name or password");
  const list = new URL("SHA256SUMS", root).href;
  const listCopy = join(scratch, "SHA256SUMS");
  await download(list, listCopy, { mostBytes: MOST_LIST_BYTES }, { ...options, onBytes: undefined });
  const sums = parseSha256Sums(readFileSync(listCopy, "utf8"), list);
  return {
    source: `mirror ${root.href}`,
    files: listed(dataset, sums),
    take: async (file, path, taking) => {
      const checksum = { algorithm: "sha256", digest: sumOf(dataset, sums, file) } as const;
      await download(
        new URL(`${dataset.folder}/${file.name}`, root).href,
        path,
        { ...file, checksum },
        taking,
      );
    },
  };
}

function openFolder(mirror: string, dataset: Dataset): Mirror {
  const root = resolve(mirror);
  const list = join(root, "SHA256SUMS");
  if (!existsSync(list)) {
    const lacking = existsSync(root) ? `it has no ${list}` : "there is no such folder";
    throw new RangeError(`Cannot use mirror ${root} as ${lacking}`);
  }
  const sums = parseSha256Sums(readFileSync(list, "utf8"), list);
  const place = (file: DatasetFile) => join(root, dataset.folder, file.name);
  return {
    source: `mirror ${root}`,
    files: listed(dataset, sums).filter((file) => existsSync(place(file))),
    take: async (file, path, { onBytes = () => {}, check = () => {} }) => {
      check();
      const from = place(file);
      const wrong = sizeFault(file, statSync(from).size);
      if (wrong) throw new RangeError(`Cannot use ${from} as ${wrong}`);
      try {
        copyFileSync(from, path);
      } catch (error) {
        throw explainWriteFailure(path, join(path, ".."), error);
      }
      const { bytes, sha256 } = fileFingerprint(path); // of the copy: what was read may differ from what came
      const sum = sumOf(dataset, sums, file);
      if (sha256 !== sum)
        throw new RangeError(`Cannot use ${from} as its SHA-256 must be ${sum}: got ${sha256}`);
      onBytes(bytes);
    },
  };
}

const sumOf = (dataset: Dataset, sums: Map<string, string>, { name }: DatasetFile) =>
  sums.get(`${dataset.folder}/${name}`)!;

const listed = (dataset: Dataset, sums: Map<string, string>) =>
  dataset.files.filter((file) => sums.has(`${dataset.folder}/${file.name}`));

/** Whether a mirror simply lacks a file, though its list names it. */
export const isAbsence = (error: unknown) =>
  error instanceof TransferError && /answers with status (404|410)$/.test(error.message);
