// The bytes of one member of a zip archive, stored or deflated, never more of them than the directory declares.

import { constants, crc32, inflateRawSync } from "node:zlib";
import type { Refusal } from "./array-file-error";
import { LARGEST_RANGE, type OpenFile } from "./open-file";
import type { ZipMember } from "./zip-directory";

/**
 * Reads the first bytes of a member, inflated.
 *
 * @param length how many; fewer come where the member is shorter
 */
export function readMemberHead(file: OpenFile, member: ZipMember, length: number, refuse: Refusal): Buffer {
  if (!member.deflated) return file.read(member.offset, Math.min(length, member.size));
  // Deflate stores at worst as much as it is given, and a little; at best a thousandth of it.
  const packed = file.read(member.offset, Math.min(member.packedSize, length + 1024));
  const most = Math.min(member.size, packed.length * 1040);
  return inflate(packed, most, false, refuse).subarray(0, length);
}

/**
 * Reads a member whole, inflated and checked against its length and CRC-32.
 *
 * @returns bytes in a buffer that begins with the member, so that what is aligned in it is aligned in memory
 */
export function readMemberBytes(file: OpenFile, member: ZipMember, refuse: Refusal): Buffer {
  let crc = 0;
  let bytes: Buffer;
  if (member.deflated) {
    bytes = inflate(file.read(member.offset, member.packedSize), member.size, true, refuse);
    crc = crc32(bytes);
  } else {
    bytes = file.read(member.offset, member.size, (piece) => {
      crc = crc32(piece, crc);
    });
  }
  if (bytes.length !== member.size)
    throw refuse(`the zip directory declares ${member.size} bytes`, `${bytes.length} bytes`);
  if (crc !== member.crc) throw refuse(`the zip directory declares CRC-32 ${hex(member.crc)}`, hex(crc));
  return bytes;
}

function inflate(packed: Buffer, size: number, whole: boolean, refuse: Refusal): Buffer {
  if (size >= LARGEST_RANGE)
    throw refuse(`one array takes less than ${LARGEST_RANGE} bytes`, `${size} bytes`);
  try {
    // One chunk of a byte more than declared holds all output without a second copy, and shows what is too long;
    // a chunk as large as the pool that Node's small buffers share is never taken from it.
    const chunkSize = Math.max(size + 1, Buffer.poolSize);
    const finishFlush = whole ? constants.Z_FINISH : constants.Z_SYNC_FLUSH;
    const options = { chunkSize, maxOutputLength: Math.max(size, 1), finishFlush, info: true };
    const { buffer, engine } = inflateRawSync(packed, options) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    if (whole && engine.bytesWritten !== packed.length) {
      throw refuse(
        `the zip directory declares ${packed.length} deflated bytes`,
        `${engine.bytesWritten} bytes`,
      );
    }
    return buffer;
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    if (code === "ERR_BUFFER_TOO_LARGE")
      throw refuse(`the zip directory declares ${size} bytes`, "more", error);
    throw code.startsWith("Z_") ? refuse("its deflated bytes must inflate", message, error) : error;
  }
}

function hex(value: number): string {
  return value.toString(16).padStart(8, "0");
}
