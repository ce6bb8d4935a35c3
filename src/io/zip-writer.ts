// Writes zip archives in the very bytes that Python's zipfile writes for numpy.savez: a zip64 field in each member's header,
// the date 1980-01-01, names in UTF-8 where not ASCII. Source: PKWARE APPNOTE 6.3.10 and CPython 3.11, Lib/zipfile.py.
// It is ours, since fflate 0.8 writes neither those fields nor zip64 at all, so that no file has numpy's bytes
// (test/io/npz-archive.test.ts, "writes the very bytes of numpy.savez"), and deflates at a quarter of zlib's speed.

/** A member ready to be written: `crc` and `size` describe its content, `chunks` hold it stored or deflated. */
export interface PackedMember {
  name: string;
  crc: number;
  size: number;
  deflated: boolean;
  chunks: readonly Uint8Array[];
}

const VERSION = 45; // zip64
const MADE_ON_UNIX = 3;
const DATE = 0x21; // 1980-01-01
const MODE = 0o600;
const MOST_32 = 0x7fffffff; // beyond this zipfile writes 64-bit fields
const ALL_ONES = 0xffffffff;

/** Returns the archive as chunks: each member with its header, then the directory. */
export function zipChunks(members: readonly PackedMember[]): Uint8Array[] {
  const body: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const member of members) {
    const packedSize = sum(member.chunks);
    const header = localHeader(member, packedSize);
    directory.push(directoryRecord(member, packedSize, offset));
    body.push(header, ...member.chunks);
    offset += header.length + packedSize;
  }
  return [...body, ...directory, endRecords(members.length, sum(directory), offset)];
}

/** Returns the fields that a member's header and its directory record share, from version to name length. */
function commonFields(
  member: PackedMember,
  packedSize: number,
  size: number,
): { fields: Buffer; name: Buffer } {
  const name = Buffer.from(member.name, "utf8");
  const fields = Buffer.alloc(24);
  fields.writeUInt16LE(VERSION, 0);
  fields.writeUInt16LE(name.length === member.name.length ? 0 : 0x800, 2); // UTF-8 flag
  fields.writeUInt16LE(member.deflated ? 8 : 0, 4);
  fields.writeUInt16LE(DATE, 8);
  fields.writeUInt32LE(member.crc, 10);
  fields.writeUInt32LE(packedSize, 14);
  fields.writeUInt32LE(size, 18);
  fields.writeUInt16LE(name.length, 22);
  return { fields, name };
}

function localHeader(member: PackedMember, packedSize: number): Buffer {
  const { fields, name } = commonFields(member, ALL_ONES, ALL_ONES);
  const extra = zip64Field([member.size, packedSize]);
  return Buffer.concat([uint32(0x04034b50), fields, uint16(extra.length), name, extra]);
}

function directoryRecord(member: PackedMember, packedSize: number, offset: number): Buffer {
  const wide: number[] = [];
  const large = member.size > MOST_32 || packedSize > MOST_32;
  if (large) wide.push(member.size, packedSize);
  if (offset > MOST_32) wide.push(offset);
  const { fields, name } = commonFields(
    member,
    large ? ALL_ONES : packedSize,
    large ? ALL_ONES : member.size,
  );
  const extra = wide.length > 0 ? zip64Field(wide) : Buffer.alloc(0);
  const rest = Buffer.alloc(16); // extra length, comment length, disk, attributes, offset
  rest.writeUInt16LE(extra.length, 0);
  rest.writeUInt32LE(MODE * 2 ** 16, 8);
  rest.writeUInt32LE(offset > MOST_32 ? ALL_ONES : offset, 12);
  return Buffer.concat([
    uint32(0x02014b50),
    uint16(VERSION | (MADE_ON_UNIX << 8)),
    fields,
    rest,
    name,
    extra,
  ]);
}

function endRecords(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(count, 0xffff), 8);
  end.writeUInt16LE(Math.min(count, 0xffff), 10);
  end.writeUInt32LE(Math.min(size, ALL_ONES), 12);
  end.writeUInt32LE(Math.min(offset, ALL_ONES), 16);
  if (count <= 0xffff && offset <= MOST_32) return end;
  const zip64 = Buffer.alloc(56);
  zip64.writeUInt32LE(0x06064b50, 0);
  zip64.writeBigUInt64LE(44n, 4);
  zip64.writeUInt16LE(VERSION, 12);
  zip64.writeUInt16LE(VERSION, 14);
  [count, count, size, offset].forEach((value, index) => {
    zip64.writeBigUInt64LE(BigInt(value), 24 + 8 * index);
  });
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(offset + size), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([zip64, locator, end]);
}

function zip64Field(values: number[]): Buffer {
  const field = Buffer.alloc(4 + 8 * values.length);
  field.writeUInt16LE(1, 0);
  field.writeUInt16LE(8 * values.length, 2);
  values.forEach((value, index) => {
    field.writeBigUInt64LE(BigInt(value), 4 + 8 * index);
  });
  return field;
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function sum(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((total, chunk) => total + chunk.length, 0);
}
