// What is known of a published data set before any of it is here: its files, and the archive that its authors offer.

/** One file of a data set; where its size is not fixed, the most that it may take. */
export type DatasetFile = { readonly name: string } & (
  | { readonly bytes: number }
  | { readonly mostBytes: number }
);

/** A published data set whose files lie in one folder of one archive. */
export interface Dataset {
  /** What the command line calls it, such as "cifar10". */
  readonly name: string;
  /** What people call it, such as "CIFAR-10". */
  readonly title: string;
  /** The folder in the archive, in a mirror and in the cache. */
  readonly folder: string;
  readonly files: readonly DatasetFile[];
  /** A gzipped tar file; size and MD5 as its authors publish them. */
  readonly archive: { readonly url: string; readonly bytes: number; readonly md5: string };
}

/** What is wrong with a file's size; undefined where nothing is. */
export function sizeFault(file: DatasetFile, bytes: number): string | undefined {
  if ("bytes" in file) {
    return bytes === file.bytes ? undefined : `its size must be ${file.bytes} bytes: got ${bytes}`;
  }
  return bytes <= file.mostBytes
    ? undefined
    : `its size must be at most ${file.mostBytes} bytes: got ${bytes}`;
}

/** The command that fetches a data set anew, to name in an error. */
export const replaceCommand = (dataset: Dataset) => `dolab data fetch ${dataset.name} --replace`;
