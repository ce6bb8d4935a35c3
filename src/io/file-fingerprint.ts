// A fingerprint says which bytes a run has read: a file is known by its content, whatever its name.

import { createHash } from "node:crypto";
import { refusalFor } from "./array-file-error";
import { withOpenFile } from "./open-file";

/** Size and checksum of a file. */
export interface FileFingerprint {
  bytes: number;
  /** The checksum in hexadecimal. */
  sha256: string;
}

const PIECE_BYTES = 2 ** 20;

/**
 * Returns size and SHA-256 of a file.
 *
 * @param path the file, read piece by piece
 * @throws {Error} naming the file where there is no such file or it is a folder or device
 * @example
 * import { rmSync, writeFileSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { fileFingerprint } from "dolab";
 * const path = `${tmpdir()}/dolab-example-${process.pid}.txt`;
 * writeFileSync(path, "hello");
 * fileFingerprint(path).sha256.slice(0, 8); // => "2cf24dba"
 * rmSync(path);
 */
export function fileFingerprint(path: string): FileFingerprint {
  const { bytes, digest } = fileDigest(path, "sha256");
  return { bytes, sha256: digest };
}

/** Returns size and digest, in hexadecimal, of a file. @throws {Error} as `fileFingerprint` does */
export function fileDigest(path: string, algorithm: "md5" | "sha256"): { bytes: number; digest: string } {
  return withOpenFile(path, refusalFor(path), ({ size, read }) => {
    const hash = createHash(algorithm);
    for (let position = 0; position < size; position += PIECE_BYTES) {
      hash.update(read(position, Math.min(PIECE_BYTES, size - position)));
    }
    return { bytes: size, digest: hash.digest("hex") };
  });
}
