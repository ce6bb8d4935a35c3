// Opens a file for reading byte ranges, each into memory of its own, so that large files need no second copy.

import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import type { Refusal } from "./array-file-error";

/** Reads ranges of one open file; a range that leaves the file is refused before memory is taken. */
export interface OpenFile {
  readonly size: number;
  /**
   * @param visit called with each piece as it arrives, still warm in the processor's cache
   * @returns bytes in a buffer of exactly that length, so that elements in it keep their alignment
   */
  read(position: number, length: number, visit?: (piece: Buffer) => void): Buffer;
}

const PIECE_BYTES = 2 ** 20;
/** The most bytes that one typed array of Node 20 holds. */
export const LARGEST_RANGE = 2 ** 32 - 1;

/**
 * Opens a file, hands it to `use` and closes it again.
 *
 * @throws {NpzError} (made by `refuse`) where there is no such file or it is a folder or device
 */
export function withOpenFile<Result>(path: string, refuse: Refusal, use: (file: OpenFile) => Result): Result {
  let descriptor: number;
  try {
    if (!statSync(path).isFile()) throw refuse("only files are read", "a folder or device"); // opening a pipe would wait
    descriptor = openSync(path, "r");
  } catch (error) {
    throw error instanceof Error && "code" in error
      ? refuse("it cannot be opened", error.message, error)
      : error;
  }
  try {
    const { size } = fstatSync(descriptor);
    return use({
      size,
      read: (position, length, visit) => readRange(descriptor, size, position, length, refuse, visit),
    });
  } finally {
    closeSync(descriptor);
  }
}

function readRange(
  descriptor: number,
  size: number,
  position: number,
  length: number,
  refuse: Refusal,
  visit: (piece: Buffer) => void = () => {},
): Buffer {
  if (position < 0 || position + length > size) {
    throw refuse(`the file must reach byte ${position + length}`, `the end at byte ${size}`);
  }
  if (length > LARGEST_RANGE)
    throw refuse(`one array takes at most ${LARGEST_RANGE} bytes`, `${length} bytes`);
  const bytes = Buffer.from(new ArrayBuffer(length));
  for (let done = 0; done < length; ) {
    const count = readSync(descriptor, bytes, done, Math.min(PIECE_BYTES, length - done), position + done);
    if (count === 0)
      throw refuse("the file must not shrink while it is read", `the end at byte ${position + done}`);
    visit(bytes.subarray(done, done + count));
    done += count;
  }
  return bytes;
}
