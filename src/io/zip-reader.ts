// Reads zip archives, as far as .npz files need it: stored and deflated members, zip64, no encryption, one part. Source:
// PKWARE APPNOTE 6.3.10 (sections 4.3 and 4.5.3). Inflating and CRC-32 are Node's zlib.
// It is stricter than most readers on purpose: whatever the directory and the members say twice must agree, members may not
// overlap, nothing may lie before, between the records of, or after the directory, and no more is inflated than the
// directory declares, so that a damaged or hostile file is refused rather than read as other numbers.
// It is ours, since fflate 0.8 in its place fails 13 tests of test/io/npz-*.test.ts (it checks no CRC-32 and no overlap, takes
// bytes before the archive, inflates bombs whole) and inflates at a third of zlib's speed; yauzl and zip.js have no
// synchronous reading.

import { constants, crc32, inflateRawSync } from "node:zlib";
import { display, type Refusal } from "./array-file-error";
import { LARGEST_RANGE, type OpenFile } from "./open-file";

/** One member of an archive; `offset` is where its bytes, stored or deflated, begin in the file. */
export interface ZipMember {
  name: string;
  deflated: boolean;
  crc: number;
  packedSize: number;
  size: number;
  offset: number;
}

type NotZip = (found: string) => Error;

const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const LARGEST_DIRECTORY = 2 ** 26; // room for half a million members

/**
 * Reads the directory of a zip archive.
 *
 * @throws {NpzError} (made by `refuse`) where the file is not a zip archive, is cut short, or contradicts itself
 */
export function readZipDirectory(file: OpenFile, refuse: Refusal): ZipMember[] {
  const { count, offset, size } = findDirectory(file, refuse);
  if (size > LARGEST_DIRECTORY)
    throw refuse(`a zip directory takes at most ${LARGEST_DIRECTORY} bytes`, `${size} bytes`);
  const bytes = file.read(offset, size);
  const members: (ZipMember & { end: number; start: number })[] = [];
  let position = 0;
  while (position < size) {
    if (size - position < 46 || bytes.readUInt32LE(position) !== 0x02014b50) {
      throw refuse("the zip directory must list its members", `byte ${offset + position} of something else`);
    }
    const end =
      position +
      46 +
      bytes.readUInt16LE(position + 28) +
      bytes.readUInt16LE(position + 30) +
      bytes.readUInt16LE(position + 32);
    if (end > size)
      throw refuse("the zip directory must list its members whole", `the end at byte ${offset + size}`);
    members.push(readMember(file, bytes.subarray(position, end), offset, refuse));
    position = end;
  }
  if (members.length !== count) throw refuse(`the zip directory declares ${count} members`, members.length);
  const byPosition = [...members].sort((a, b) => a.start - b.start);
  byPosition.forEach((member, index) => {
    if (index > 0 && member.start < byPosition[index - 1].end) {
      throw refuse(
        "the members of a zip archive must not overlap",
        `${display(member.name)} inside its neighbour`,
      );
    }
  });
  return members.map(({ end: _end, start: _start, ...member }) => member);
}

/** Finds the directory from the record at the end of the file, or from its zip64 form before that. */
function findDirectory(file: OpenFile, refuse: Refusal): { count: number; offset: number; size: number } {
  const notZip: NotZip = (found) => refuse("an .npz file is a whole zip archive", found);
  let end = findEndRecord(file, notZip);
  const record = file.read(end, END_BYTES);
  let [disk, startDisk, here, count] = [4, 6, 8, 10].map((field) => record.readUInt16LE(field));
  let [size, offset] = [12, 16].map((field) => record.readUInt32LE(field));
  const zip64 = readZip64Record(file, end, notZip);
  if (zip64 !== undefined) {
    // Whatever the short record says, as Python fills it in even where there is a long one.
    end -= 76;
    [disk, startDisk] = [16, 20].map((field) => zip64.readUInt32LE(field));
    [here, count, size, offset] = [24, 32, 40, 48].map((field) => toLength(zip64.readBigUInt64LE(field)));
  }
  if (disk !== 0 || startDisk !== 0 || here !== count) throw notZip("one of several parts");
  if (offset + size !== end) {
    throw notZip(`a directory from byte ${offset} to ${offset + size} that should end at ${end}`);
  }
  return { count, offset, size };
}

/** Returns where the last record of the archive begins: with a comment of just the right length, at the file's end. */
function findEndRecord(file: OpenFile, notZip: NotZip): number {
  if (file.size === 0) throw notZip("an empty file");
  const tailStart = Math.max(0, file.size - END_BYTES - LONGEST_COMMENT);
  const tail = file.read(tailStart, file.size - tailStart);
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    const ends = at + END_BYTES + tail.readUInt16LE(at + 20) === tail.length;
    if (ends && tail.readUInt32LE(at) === 0x06054b50) return tailStart + at;
  }
  const start = file.read(0, Math.min(4, file.size)).toString("latin1");
  throw notZip(
    start === "PK\x03\x04"
      ? "one without its end, as if cut short"
      : `a file that begins with ${display(start)}`,
  );
}

/** Returns the zip64 record that a locator before the end record points to, if there is one. */
function readZip64Record(file: OpenFile, end: number, notZip: NotZip): Buffer | undefined {
  if (end < 76) return undefined;
  const locator = file.read(end - 20, 20);
  if (locator.readUInt32LE(0) !== 0x07064b50) return undefined;
  const record = file.read(end - 76, 56);
  const placed = locator.readBigUInt64LE(8) === BigInt(end - 76) && record.readUInt32LE(0) === 0x06064b50;
  if (!placed || record.readBigUInt64LE(4) !== 44n) throw notZip("a zip64 record out of place");
  return record;
}

/** Reads one record of the directory and checks it against the member's own header. */
function readMember(
  file: OpenFile,
  record: Buffer,
  directory: number,
  refuse: Refusal,
): ZipMember & { start: number; end: number } {
  const nameEnd = 46 + record.readUInt16LE(28);
  const nameBytes = record.subarray(46, nameEnd);
  const flags = record.readUInt16LE(8);
  const method = record.readUInt16LE(10);
  const crc = record.readUInt32LE(16);
  const name = decodeName(nameBytes, flags, refuse);
  const wrong = (expectation: string, found: string | number) =>
    refuse(`${expectation} (member ${display(name)})`, found);
  if (flags & 0x2041) throw wrong("zip members must not be encrypted", `flags ${flags}`);
  if (method !== 0 && method !== 8) throw wrong("zip members must be stored or deflated", `method ${method}`);
  const [size, packedSize, start, disk] = widen(
    [record.readUInt32LE(24), record.readUInt32LE(20), record.readUInt32LE(42), record.readUInt16LE(34)],
    record.subarray(nameEnd, nameEnd + record.readUInt16LE(30)),
    wrong,
  );
  if (disk !== 0) throw wrong("an .npz file is a zip archive in one part", `part ${disk}`);
  if (method === 0 && size !== packedSize)
    throw wrong(`a stored member of ${size} bytes takes as many`, packedSize);

  if (start + 30 > directory) throw wrong("zip members lie before the directory", `byte ${start}`);
  const local = file.read(start, 30);
  if (local.readUInt32LE(0) !== 0x04034b50)
    throw wrong("a zip member starts with its header", `byte ${start} of something else`);
  const localNameLength = local.readUInt16LE(26);
  const rest = file.read(start + 30, localNameLength + local.readUInt16LE(28));
  const offset = start + 30 + rest.length;
  const agrees =
    local.readUInt16LE(6) === flags &&
    local.readUInt16LE(8) === method &&
    rest.subarray(0, localNameLength).equals(nameBytes);
  if (!agrees)
    throw wrong("a zip member's header must agree with the directory", "another name, method or flags");
  if ((flags & 8) === 0) {
    const declared = [local.readUInt32LE(22), local.readUInt32LE(18), 0, 0];
    const [localSize, localPackedSize] = widen(declared, rest.subarray(localNameLength), wrong);
    if (local.readUInt32LE(14) !== crc || localSize !== size || localPackedSize !== packedSize) {
      throw wrong("a zip member's header must agree with the directory", "another length or CRC-32");
    }
  }
  const end = offset + packedSize;
  if (end > directory) throw wrong("zip members lie before the directory", `byte ${end}`);
  return { name, deflated: method === 8, crc, packedSize, size, offset, start, end };
}

/** Replaces fields that are all ones by their 64-bit values from the zip64 extra field (id 1). */
function widen(fields: number[], extra: Buffer, refuse: Refusal): number[] {
  let position = 0;
  let wide: Buffer | undefined;
  while (position + 4 <= extra.length) {
    const end = position + 4 + extra.readUInt16LE(position + 2);
    if (extra.readUInt16LE(position) === 1) wide = extra.subarray(position + 4, end);
    position = end;
  }
  if (position !== extra.length)
    throw refuse("extra fields of a zip member must fill their space", `${extra.length} bytes`);
  return fields.map((field, index) => {
    const isDisk = index === 3;
    if (field !== (isDisk ? 0xffff : 0xffffffff)) return field;
    const bytes = isDisk ? 4 : 8;
    if (wide === undefined || wide.length < bytes)
      throw refuse("a zip64 member must give its length", "no zip64 field");
    const value = isDisk ? wide.readUInt32LE(0) : toLength(wide.readBigUInt64LE(0));
    wide = wide.subarray(bytes);
    return value;
  });
}

function decodeName(bytes: Buffer, flags: number, refuse: Refusal): string {
  const ascii = bytes.every((byte) => byte < 0x80);
  if (ascii || flags & 0x800) {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      // refused below
    }
  }
  throw refuse("names of zip members are ASCII or UTF-8", display(bytes.toString("latin1")));
}

/** Returns a 64-bit length as a number; beyond 2^53 it is Infinity, which no file reaches. */
function toLength(value: bigint): number {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : Number.POSITIVE_INFINITY;
}

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
