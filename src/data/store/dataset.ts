// A declaration says what is known of a published data set before any of it is here: its files, and where its authors
// offer them.

/** One file of a data set. */
export interface DatasetFile {
  readonly name: string;
  /** Its size in bytes; `{ most }` where versions of it differ. */
  readonly bytes: number | { readonly most: number };
  /** The checksum in hexadecimal, where its authors publish it or the file is known byte for byte; a mirror's copy must have it too. */
  readonly sha256?: string;
}

/**
 * A published data set: some files that lie together in one folder.
 *
 * @example
 * import type { Dataset } from "dolab";
 * const sliders: Dataset = {
 *   name: "sliders",
 *   title: "Slider frames",
 *   folder: "slider-frames",
 *   files: [{ name: "frames.npz", bytes: 98_309 }],
 *   official: { address: "https://example.org/slider-frames" },
 * };
 * sliders.files.length; // => 1
 */
export interface Dataset {
  /** What the command line calls it, such as "cifar10". */
  readonly name: string;
  /** What people call it, such as "CIFAR-10". */
  readonly title: string;
  /** The folder that holds the files in an archive, in a mirror and in the cache. */
  readonly folder: string;
  readonly files: readonly DatasetFile[];
  /**
   * Where its authors offer it: a gzipped tar archive with FOLDER/FILE in it, whose size and MD5 they publish, or an
   * address below which ADDRESS/FILE is each file. Without it only a mirror has the data.
   */
  readonly official?:
    | { readonly archive: string; readonly bytes: number; readonly md5: string }
    | { readonly address: string };
}

/** Files of a data set that are on this machine. */
export interface HeldDataset {
  readonly dataset: Dataset;
  /** The folder that they lie in. */
  readonly folder: string;
  /** Where they came from, such as "mirror /data"; undefined for files that someone put there by hand. */
  readonly source?: string;
  /** When they were fetched, ISO 8601. */
  readonly fetched?: string;
  /** Names of the files that are here, in the data set's order. */
  readonly files: readonly string[];
  /** SHA-256 by file name: as published, else as of when it was fetched; absent for a file that was put there by hand. */
  readonly sha256: Readonly<Record<string, string>>;
}

/** What is wrong with a file's size; undefined where nothing is. */
export function sizeFault({ bytes: rule }: Pick<DatasetFile, "bytes">, bytes: number): string | undefined {
  const fits = typeof rule === "number" ? bytes === rule : bytes <= rule.most;
  const wanted = typeof rule === "number" ? `${rule}` : `at most ${rule.most}`;
  return fits ? undefined : `its size must be ${wanted} bytes: got ${bytes}`;
}

/** Returns the command that fetches a data set anew, for an error to name. */
export const replaceCommand = (dataset: Dataset) => `dolab data fetch ${dataset.name} --replace`;

/** One place that was asked for a data set. */
export interface Attempt {
  /** Such as "the mirror /data". */
  readonly place: string;
  /** Why it did not provide the data; reads well without the place too. */
  readonly reason: string;
}

/** Thrown where a data set is neither cached nor to be fetched; damaged cached files are other errors. */
export class DatasetMissingError extends Error {
  override readonly name = "DatasetMissingError";

  /** @param attempts in the order in which they were made */
  constructor(
    readonly dataset: Dataset,
    readonly attempts: readonly Attempt[],
  ) {
    const tried = attempts.map(({ place, reason }, index) => `(${index + 1}) ${place}: ${reason}`);
    super(
      `Cannot load ${dataset.title} as it cannot be had here: ${tried.join("; ")}. With a network, ` +
        `"dolab data fetch ${dataset.name}" gets it; else let DOLAB_DATA_MIRROR name a folder or an http(s) address ` +
        `that holds ${dataset.folder}/ and SHA256SUMS`,
    );
  }
}
