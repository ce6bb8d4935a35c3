import assert from "node:assert/strict";
import fs, { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { writeFileAtomically } from "../../src/io";
import { scratchFile, scratchFolder } from "./scratch";

test("writeFileAtomically() writes text, bytes and chunks, replaces, and creates folders", (t) => {
  const folder = join(scratchFolder(t), "a/b");
  const path = join(folder, "result.txt");
  for (const [content, expected] of [
    ["λ = 1\n", "λ = 1\n"],
    [Buffer.from("bytes"), "bytes"],
    [[Buffer.from("one "), Buffer.from("two"), new Uint8Array()], "one two"],
    ["", ""],
    [[], ""],
  ] as const) {
    writeFileAtomically(path, content);
    assert.equal(readFileSync(path, "utf8"), expected);
    assert.deepEqual(readdirSync(folder), ["result.txt"]);
  }
});

test("writeFileAtomically() takes names as long as the disk does", (t) => {
  const path = join(scratchFolder(t), `${"λ".repeat(120)}.json`);
  writeFileAtomically(path, "x");
  assert.equal(readFileSync(path, "utf8"), "x");
});

for (const [code, call, cure] of [
  ["ENOSPC", "writeFileSync", /is full: free some space or choose another disk \(ENOSPC\)/],
  ["EDQUOT", "fsyncSync", /is full: free some space or choose another disk \(EDQUOT\)/],
  ["EROFS", "openSync", /is not writable: make it writable or choose another folder \(EROFS\)/],
  ["EIO", "renameSync", /disk says EIO/],
] as const) {
  test(`writeFileAtomically() keeps the old file and leaves no other when ${call} fails with ${code}`, (t) => {
    const path = scratchFile(t, "old");
    t.mock.method(fs, call, () => {
      throw Object.assign(new Error(`disk says ${code}`), { code });
    });
    assert.throws(
      () => writeFileAtomically(path, "new"),
      (error: NodeJS.ErrnoException) =>
        error.code === code && cure.test(error.message) && error.message.includes(path),
    );
    t.mock.restoreAll();
    assert.equal(readFileSync(path, "utf8"), "old");
    assert.deepEqual(readdirSync(join(path, "..")), ["file.npz"]);
  });
}

test("writeFileAtomically() names a folder that is not writable, and the cure", (t) => {
  const folder = scratchFolder(t);
  const root = process.geteuid?.() === 0;
  chmodSync(folder, 0o555);
  try {
    if (root) process.seteuid?.(65534); // permissions do not bind root
    assert.throws(() => writeFileAtomically(join(folder, "x.json"), "{}"), {
      code: "EACCES",
      message: `Cannot write ${join(folder, "x.json")} as folder ${folder} is not writable: make it writable or choose another folder (EACCES)`,
    });
  } finally {
    if (root) process.seteuid?.(0);
    chmodSync(folder, 0o755);
  }
  assert.deepEqual(readdirSync(folder), []);
});

test("writeFileAtomically() says so where a folder has the file's name, or a file the folder's", (t) => {
  const folder = scratchFolder(t);
  mkdirSync(join(folder, "taken"));
  writeFileSync(join(folder, "file"), "");
  assert.throws(() => writeFileAtomically(join(folder, "taken"), "x"), {
    code: "EISDIR",
    message: /a folder has that name/,
  });
  assert.throws(() => writeFileAtomically(join(folder, "file/x"), "x"), {
    message: /a file stands where folder/,
  });
  assert.throws(() => writeFileAtomically(join(folder, "file/deep/x"), "x"), {
    message: /a file stands where folder/,
  });
  assert.deepEqual(readdirSync(folder).sort(), ["file", "taken"]);
});

test("writeFileAtomically() says so where a folder cannot be made, as behind a link to a disk that is gone", (t) => {
  const folder = scratchFolder(t);
  symlinkSync(join(folder, "unmounted"), join(folder, "link"));
  const places = [join(folder, "link/x"), join(folder, "link/deep/x")];
  if (process.platform === "linux") places.push("/proc/dolab/x");
  for (const path of places) {
    assert.throws(() => writeFileAtomically(path, "x"), {
      code: "ENOENT",
      message: /cannot be made: see that its disk/,
    });
  }
});
