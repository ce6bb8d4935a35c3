// Which bytes a run read: a file is known by its content, whatever its name.

import { createHash } from "node:crypto";
import { refusalFor } from "./array-file-error";
import { withOpenFile } from "./open-file";

export interface FileFingerprint {
  bytes: number;
  /** In hexadecimal. */
  sha256: string;
}

const PIECE_BYTES = 2 ** 20;

/**
 * Size and SHA-256 of a file, read piece by piece.
 *
 * @throws {Error} naming the file where there is no such file or it is a folder or device
 */
export function fileFingerprint(path: string): FileFingerprint {
  return withOpenFile(path, refusalFor(path), ({ size, read }) => {
    const hash = createHash("sha256");
    for (let position = 0; position < size; position += PIECE_BYTES) {
      hash.update(read(position, Math.min(PIECE_BYTES, size - position)));
    }
    return { bytes: size, sha256: hash.digest("hex") };
  });
}
