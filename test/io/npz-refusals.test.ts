import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { NpzError, readNpz } from "../../src/io";
import { headerOf, memberOf, npyOf, zipOf } from "./npz-files";
import { fixture, scratchFile, scratchFolder } from "./scratch";

/** Asserts that reading is refused within two seconds by an NpzError that names the file and says this. */
function assertRefused(path: string, pattern: RegExp, key?: string): void {
  const start = performance.now();
  assert.throws(
    () => readNpz(path),
    (error: NpzError) => {
      assert.ok(error instanceof NpzError, `${error}`);
      assert.match(error.message, pattern);
      assert.ok(error.message.includes(path) && error.file === path);
      assert.equal(error.key, key);
      return true;
    },
  );
  assert.ok(performance.now() - start < 2000);
}

const plain = npyOf(headerOf("<f4", "(2,)"), 8);

test("readNpz() refuses a file that is empty, of another kind, a folder, a pipe or absent", (t) => {
  assertRefused(scratchFile(t, ""), /whole zip archive: got an empty file/);
  assertRefused(scratchFile(t, "drift,lyap\n1,2\n"), /begins with "drif"/);
  assertRefused(scratchFile(t, readFileSync(fixture("single.npy"))), /whole zip archive/);
  assertRefused(scratchFile(t, Buffer.alloc(100_000, "PK\x05\x06")), /whole zip archive/);
  assertRefused(scratchFolder(t), /got a folder or device/);
  assertRefused(join(scratchFolder(t), "absent.npz"), /no such file/);
  const pipe = join(scratchFolder(t), "pipe.npz");
  execFileSync("mkfifo", [pipe]);
  assertRefused(pipe, /got a folder or device/);
});

test("readNpz() refuses a file cut short at any byte", (t) => {
  const path = scratchFile(t, readFileSync(fixture("zip64.npz")));
  for (let length = readFileSync(path).length - 1; length > 0; length--) {
    truncateSync(path, length);
    assertRefused(path, /whole zip archive|zip/);
  }
});

test("readNpz() refuses a file with bytes before or after the archive", (t) => {
  const archive = zipOf(memberOf("a.npy", plain));
  assertRefused(scratchFile(t, Buffer.concat([Buffer.from("x"), archive])), /should end at/);
  assertRefused(scratchFile(t, Buffer.concat([archive, Buffer.from("x")])), /whole zip archive/);
});

for (const [what, shape, pattern] of [
  ["negative", "(-2, -3)", /none below zero: got \(-2, -3\)/],
  ["absurd", `(${"9".repeat(30)},)`, /fit into memory/],
  ["absurd in product", "(4294967296, 4294967296, 4294967296)", /fit into memory/],
  ["undecidable", `(0, ${"1000000000000000, ".repeat(40)})`, /fit into memory/],
  ["too large for the file", "(1000000000, 4)", /takes 160000000\d+ bytes with its header: got \d+ bytes/],
  ["of too many axes", `(${"1, ".repeat(65)})`, /at most 64 axes: got 65/],
  ["a number", "(2)", /a shape is a tuple/],
  ["fractional", "(2.0,)", /dictionary of descr/],
  ["an expression", "(1+1,)", /dictionary of descr/],
  ["padded with zeros", "(02,)", /a shape is a tuple/],
  ["empty between commas", "(2,,)", /a shape is a tuple/],
] as const) {
  test(`readNpz() refuses a shape that is ${what}`, (t) => {
    assertRefused(scratchFile(t, zipOf(memberOf("a.npy", npyOf(headerOf("<f4", shape), 8)))), pattern, "a");
  });
}

test("readNpz() refuses headers that are no dictionary of exactly the three keys, and runs none", (t) => {
  for (const header of [
    "",
    "garbage",
    "{}",
    "[1, 2]",
    "{'descr': '<f4', 'fortran_order': False}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'more': 1}",
    "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)}",
    "{'descr': '<f4', 'fortran_order': false, 'shape': (2,)}",
    "{'descr': '<f4\", 'fortran_order': False, 'shape': (2,)}",
    "{'descr': '<f4', 'fortran_order': False 'shape': (2,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} + {}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)",
    "{'descr': __import__('os').system('true'), 'fortran_order': False, 'shape': (2,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape':\xa0(2,)}",
    "{'descr': None, 'fortran_order': False, 'shape': (2,)}",
    `{'descr': '<f4', 'fortran_order': False, 'shape': (2,)${" ".repeat(9000)}`,
  ]) {
    assertRefused(scratchFile(t, zipOf(memberOf("a.npy", npyOf(header, 8)))), /dictionary of descr/, "a");
  }
});

test("readNpz() refuses dtypes that do not say their order or size", (t) => {
  for (const descr of ["f4", "=f4", "|f4", "<f3", "<i16", "<f", "<", "", "<f4 ", "><f4"]) {
    assertRefused(scratchFile(t, zipOf(memberOf("a.npy", npyOf(headerOf(descr, "(2,)"), 8)))), /dtype/, "a");
  }
});

test("readNpz() refuses members that are no .npy: another magic, version, length or suffix", (t) => {
  const changed = (at: number, byte: number) => {
    const copy = Buffer.from(plain);
    copy[at] = byte;
    return scratchFile(t, zipOf(memberOf("a.npy", copy)));
  };
  assertRefused(changed(1, 0x6e), /starts with \\x93NUMPY/, "a");
  assertRefused(changed(6, 4), /version must be 1.0, 2.0 or 3.0: got 4.0/, "a");
  assertRefused(changed(7, 1), /got 1.1/, "a");
  assertRefused(changed(9, 0x7f), /at most 10000 bytes/, "a");
  assertRefused(changed(9, 0x10), /header ends at byte/, "a");
  for (const length of [0, 9, 10, 11, 30]) {
    assertRefused(scratchFile(t, zipOf(memberOf("a.npy", plain.subarray(0, length)))), /npy/, "a");
  }
  assertRefused(scratchFile(t, zipOf(memberOf("readme.txt", plain))), /end in .npy/, "readme.txt");
});

test("readNpz() refuses a bool array with bytes other than 0 and 1", (t) => {
  const file = npyOf(headerOf("|b1", "(2,)"), Buffer.from([1, 2]));
  assertRefused(scratchFile(t, zipOf(memberOf("a.npy", file))), /bool elements are 0 or 1: got 2/, "a");
});

test("readNpz() refuses names that are twice there, or that unpack to a path outside", (t) => {
  assertRefused(
    scratchFile(t, zipOf(memberOf("a.npy", plain), memberOf("a.npy", plain))),
    /name of its own/,
    "a",
  );
  for (const key of ["../a", "/etc/a", "a/../../b", "./a", "a//b", "C:\\a", "c:a", "a\\b", "", "a\nb"]) {
    assertRefused(scratchFile(t, zipOf(memberOf(`${key}.npy`, plain))), /never a path/, key);
  }
});

test("readNpz() refuses elements that do not match their CRC-32, stored or deflated", (t) => {
  for (const deflated of [false, true]) {
    const file = zipOf(memberOf("a.npy", plain, { crc: 0x12345678, deflated }));
    assertRefused(scratchFile(t, file), /CRC-32 12345678: got [0-9a-f]{8}/, "a");
  }
});

test("readNpz() refuses deflated members that unfold to more, less or nothing", (t) => {
  const packed = (content: Uint8Array, declared: number) =>
    memberOf("a.npy", content, { deflated: true, size: declared });
  assertRefused(scratchFile(t, zipOf(packed(plain, plain.length + 1))), /bytes/, "a");
  assertRefused(scratchFile(t, zipOf(packed(plain, plain.length - 1))), /declares \d+ bytes: got more/, "a");
  const chunks = [Buffer.from("not deflate at all")];
  assertRefused(
    scratchFile(t, zipOf(memberOf("a.npy", plain, { deflated: true, chunks }))),
    /must inflate/,
    "a",
  );
  const cut = [deflateRawSync(plain).subarray(0, -3)];
  assertRefused(
    scratchFile(t, zipOf(memberOf("a.npy", plain, { deflated: true, chunks: cut }))),
    /must inflate/,
    "a",
  );
  const padded = [Buffer.concat([deflateRawSync(plain), Buffer.alloc(5)])];
  assertRefused(
    scratchFile(t, zipOf(memberOf("a.npy", plain, { deflated: true, chunks: padded }))),
    /deflated bytes/,
    "a",
  );
});

test("readNpz() refuses decompression bombs before they unfold", (t) => {
  const zeros = npyOf(headerOf("<f4", "(16777216,)"), 2 ** 26); // 64 MiB in 64 KiB
  const bomb = memberOf("a.npy", zeros, { deflated: true });
  const before = process.memoryUsage().rss;
  assertRefused(scratchFile(t, zipOf({ ...bomb, size: plain.length })), /got more/, "a");
  assertRefused(
    scratchFile(t, zipOf({ ...bomb, size: 2 ** 40 })),
    /may unfold to 268435456 bytes \(raise maxInflatedBytes.*got 1099511627776 bytes/,
  );
  const many = Array.from({ length: 5 }, (_, index) => ({ ...bomb, name: `${index}.npy` }));
  assertRefused(scratchFile(t, zipOf(...many)), /maxInflatedBytes/);
  assert.ok(process.memoryUsage().rss - before < 500e6);
  assert.equal(readNpz(scratchFile(t, zipOf(bomb))).get("a")!.data.length, 2 ** 24);
  assert.throws(
    () => readNpz(scratchFile(t, zipOf(bomb)), { maxInflatedBytes: 2 ** 20 }),
    /maxInflatedBytes/,
  );
});

test("readNpz() refuses members that share bytes, as nested bombs do", (t) => {
  const archive = zipOf(memberOf("a.npy", plain));
  const start = archive.length - 22 - 51; // one directory record of 46 bytes and "a.npy"
  const [body, record, end] = [
    archive.subarray(0, start),
    archive.subarray(start, -22),
    Buffer.from(archive.subarray(-22)),
  ];
  end.writeUInt16LE(2, 8);
  end.writeUInt16LE(2, 10);
  end.writeUInt32LE(2 * record.length, 12);
  assertRefused(scratchFile(t, Buffer.concat([body, record, record, end])), /must not overlap/);
});

test("readNpz() refuses encrypted members, other compression, and archives in parts", (t) => {
  const patch = (changes: [number, number][]) => {
    const archive = zipOf(memberOf("a.npy", plain));
    for (const [at, byte] of changes) archive[at < 0 ? archive.length + at : at] = byte;
    return scratchFile(t, archive);
  };
  const record = -22 - 51;
  assertRefused(
    patch([
      [6, 1],
      [record + 8, 1],
    ]),
    /must not be encrypted/,
  );
  assertRefused(
    patch([
      [8, 12],
      [record + 10, 12],
    ]),
    /stored or deflated.*got method 12/,
  );
  assertRefused(patch([[-22 + 4, 1]]), /several parts/);
  assertRefused(patch([[30, 0x62]]), /agree with the directory/);
});
