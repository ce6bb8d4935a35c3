// Reads and writes numpy's .npz files, zip archives with an .npy member for each array, without numpy.
// The source is numpy.savez; uncompressed files come out byte for byte as numpy 2 writes them.
// Reading is bounded: headers are checked before any element is read, and what deflate may unfold to is limited.

import { crc32, deflateRawSync } from "node:zlib";
import { display, type Refusal, refusalFor } from "./array-file-error";
import { requireKnownOptions } from "./known-options";
import {
  type BigIntegerArray,
  checkLength,
  decodeElements,
  encodeNpy,
  type NpyArray,
  type NumberArray,
  type WritableArray,
} from "./npy-array";
import { HEAD_BYTES, parseNpyHeader } from "./npy-header";
import { withOpenFile } from "./open-file";
import { writeFileAtomically } from "./write-atomically";
import { readMemberBytes, readMemberHead, readZipDirectory, type ZipMember } from "./zip-reader";
import { type PackedMember, zipChunks } from "./zip-writer";

/** How to read an .npz file. */
export interface ReadNpzOptions {
  /** The arrays to read; others are not looked at, and those that the file lacks are absent from the result. */
  keys?: readonly string[];
  /** Whether int64 and uint64 come as bigint instead of as numbers. */
  bigint?: boolean;
  /** The most bytes that deflated arrays may unfold to: by default 256 MiB, or 100 times the file where that is more. */
  maxInflatedBytes?: number;
}

/**
 * Reads the arrays of an .npz file, in the file's order.
 *
 * @param path the file
 * @param options which arrays to read, how, and the most that they may take
 * @returns arrays by key (the member's name without ".npy"), each with its dtype, shape and `data`
 * @throws {NpzError} where the file is not a whole zip archive of plain arrays of numbers: object arrays are never
 *   unpickled, and strings, dates, structured dtypes, damaged members and decompression bombs are refused
 * @example
 * import { rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { readNpz, writeNpz } from "dolab";
 * const path = `${tmpdir()}/dolab-example-${process.pid}.npz`;
 * writeNpz(path, { drift: { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) } });
 * const { shape, data } = readNpz(path).get("drift")!;
 * shape; // => [2, 2]
 * data; // => [1, 2, 3, 4]
 * rmSync(path);
 */
export function readNpz(path: string, options?: ReadNpzOptions & { bigint?: false }): Map<string, NpyArray>;
export function readNpz(
  path: string,
  options: ReadNpzOptions,
): Map<string, NpyArray<NumberArray | BigIntegerArray>>;
export function readNpz(
  path: string,
  options: ReadNpzOptions = {},
): Map<string, NpyArray<NumberArray | BigIntegerArray>> {
  requireKnownOptions(`read ${path}`, options, ["keys", "bigint", "maxInflatedBytes"]);
  const { keys, bigint = false, maxInflatedBytes } = options;
  if (keys !== undefined && !Array.isArray(keys))
    throw new TypeError(`Cannot read ${path} as keys must be a list of names: got ${JSON.stringify(keys)}`);
  const refuseFile = refusalFor(path);
  return withOpenFile(path, refuseFile, (file) => {
    const members = selectMembers(path, readZipDirectory(file, refuseFile), keys);
    const inflated = members.reduce((sum, { member }) => sum + (member.deflated ? member.size : 0), 0);
    const most = maxInflatedBytes ?? Math.max(2 ** 28, 100 * file.size);
    if (inflated > most) {
      const rule = `its deflated arrays may unfold to ${most} bytes (raise maxInflatedBytes for a file you trust)`;
      throw refuseFile(rule, `${inflated} bytes`);
    }
    return new Map(
      members.map(({ key, member, refuse }) => {
        const header = parseNpyHeader(readMemberHead(file, member, HEAD_BYTES, refuse), refuse);
        checkLength(header, member.size, refuse);
        return [key, decodeElements(readMemberBytes(file, member, refuse), header, bigint, refuse)];
      }),
    );
  });
}

/** Checks the names of all members, and returns those of the wanted keys. */
function selectMembers(
  path: string,
  members: ZipMember[],
  keys: readonly string[] | undefined,
): { key: string; member: ZipMember; refuse: Refusal }[] {
  const seen = new Set<string>();
  const named = members.map((member) => {
    const key = member.name.replace(/\.npy$/, "");
    const refuse = refusalFor(path, key);
    if (key === member.name) throw refuse("members of an .npz file end in .npy", display(member.name));
    if (!isKey(key)) throw refuse(KEY_RULE, display(key));
    if (seen.has(key))
      throw refuse("each array of an .npz file has a name of its own", "the name a second time");
    seen.add(key);
    return { key, member, refuse };
  });
  return keys === undefined ? named : named.filter(({ key }) => keys.includes(key));
}

/**
 * Writes arrays as an .npz file that `numpy.load` reads, atomically.
 *
 * @param path the file to create or replace
 * @param arrays arrays by key, written in the given order; each as `writeNpy` takes one
 * @param options.compress whether to deflate them, as `numpy.savez_compressed` does
 * @throws {RangeError | TypeError} where a key is no plain name, or shape, data and dtype do not fit together
 * @example
 * import { rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { readNpz, writeNpz } from "dolab";
 * const path = `${tmpdir()}/dolab-example-${process.pid}.npz`;
 * const labels = { dtype: "int64", shape: [3], data: Float64Array.of(7, 1, 2) } as const;
 * writeNpz(path, { labels }, { compress: true });
 * [...readNpz(path).keys()]; // => ["labels"]
 * rmSync(path);
 */
export function writeNpz(
  path: string,
  arrays: ReadonlyMap<string, WritableArray> | Readonly<Record<string, WritableArray>>,
  options: { compress?: boolean } = {},
): void {
  requireKnownOptions(`write ${path}`, options, ["compress"]);
  const { compress = false } = options;
  const entries = arrays instanceof Map ? [...arrays] : Object.entries(arrays);
  const members = entries.map(([key, array]): PackedMember => {
    if (!isKey(key)) throw new RangeError(`Cannot write ${path} as ${KEY_RULE}: got ${display(key)}`);
    const chunks = encodeNpy(array, `array ${display(key)}`);
    // An empty chunk may have no address, for which zlib's crc32 starts over.
    const crc = chunks.reduce((value, chunk) => (chunk.length === 0 ? value : crc32(chunk, value)), 0);
    const size = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    return {
      name: `${key}.npy`,
      crc,
      size,
      deflated: compress,
      chunks: compress ? [deflateRawSync(Buffer.concat(chunks))] : chunks,
    };
  });
  writeFileAtomically(path, zipChunks(members));
}

const KEY_RULE = "a key is a name, with / only between names, and never a path such as /a, ../a or C:\\a";

/** Whether a key names an array and could, unpacked as a file, only land inside its folder. */
function isKey(key: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
  const odd = /[\\\x00-\x1f\x7f]|^[A-Za-z]:|\p{Surrogate}/u.test(key);
  return (
    !odd &&
    key.length < 60_000 &&
    key.split("/").every((part) => part !== "" && part !== "." && part !== "..")
  );
}
