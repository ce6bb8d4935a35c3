import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fs, {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileFingerprint, openRunFolder, type Run } from "../../src/io";
import { processMark } from "../../src/io/process-mark";
import { fixture, scratchFile, scratchFolder } from "./scratch";

const run = (name: string, configuration: object = { seed: 1 }, environment: object = {}): Run => ({
  name,
  configuration,
  environment,
});
const text = (name: string, content: string, runs?: string[]) => ({ name, content, runs });
const json = (folder: string, name: string) => JSON.parse(readFileSync(join(folder, name), "utf8"));

/** Opens, writes and closes. */
function write(
  path: string,
  runs: Run[],
  files: ReturnType<typeof text>[],
  options: { replace?: boolean } = {},
) {
  const folder = openRunFolder(path, runs, options);
  try {
    return folder.write(files);
  } finally {
    folder.close();
  }
}

/** Everything in a folder, hidden files too, by name. */
function contents(path: string): Record<string, string> {
  const names = readdirSync(path, { recursive: true, encoding: "utf8" }).sort();
  const files = names.filter((name) => fs.statSync(join(path, name)).isFile());
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(path, name), "utf8")]));
}

test("openRunFolder() records configuration and environment with the first results, and nothing before", (t) => {
  const path = join(scratchFolder(t), "a/b");
  const configuration = { seed: 3, rates: [0.1, 0.2], nothing: null, left: undefined };
  const folder = openRunFolder(path, [run("train", configuration, { dolab: "1.0", device: "CPU" })]);
  assert.equal(folder.recorded.size, 0);
  assert.ok(readdirSync(path).every((name) => name.startsWith(".lock.")));
  const files = [
    { name: "log.txt", content: "λ" },
    { name: "checkpoints/1.bin", content: [Uint8Array.of(65), Uint8Array.of(66)] },
  ];
  const written = folder.write(files, { wallTimeSeconds: 2 });
  folder.close();
  assert.deepEqual(
    written,
    ["log.txt", "checkpoints/1.bin"].map((name) => join(path, name)),
  );
  assert.deepEqual(Object.keys(contents(path)), [
    "checkpoints/1.bin",
    "config.json",
    "environment.json",
    "log.txt",
  ]);
  assert.equal(contents(path)["checkpoints/1.bin"], "AB");
  assert.deepEqual(json(path, "config.json"), { train: { seed: 3, rates: [0.1, 0.2], nothing: null } });
  const { date, ...environment } = json(path, "environment.json").train;
  assert.deepEqual(environment, {
    dolab: "1.0",
    device: "CPU",
    wallTimeSeconds: 2,
    files: ["checkpoints/1.bin", "log.txt"],
  });
  assert.ok(Math.abs(Date.parse(date) - Date.now()) < 60_000);
});

test("openRunFolder() leaves no folder behind where nothing was written", (t) => {
  const root = scratchFolder(t);
  openRunFolder(join(root, "a/b/c"), [run("r")]).close();
  assert.deepEqual(readdirSync(root), []);
  mkdirSync(join(root, "mine"));
  openRunFolder(join(root, "mine"), [run("r")]).close();
  assert.deepEqual(readdirSync(root), ["mine"]);
});

test("openRunFolder() welcomes the same configuration again, whatever the order of its keys, and says it is there", (t) => {
  const path = scratchFolder(t);
  write(path, [run("r", { a: 1, b: { c: [2], d: 3 } })], [text("one", "1")]);
  const folder = openRunFolder(path, [run("r", { b: { d: 3, c: [2] }, a: 1 }, { node: "22" })]);
  assert.deepEqual(folder.recorded.get("r"), { a: 1, b: { c: [2], d: 3 } });
  folder.write([text("two", "2"), text("one", "1b")]);
  folder.write([text("three", "3")]);
  const before = fs.statSync(join(path, "environment.json")).ino;
  folder.write([text("three", "3b")]);
  assert.equal(
    fs.statSync(join(path, "environment.json")).ino,
    before,
    "a checkpoint of the same name is one rename",
  );
  folder.close();
  const { node, files } = json(path, "environment.json").r;
  assert.deepEqual({ node, files }, { node: "22", files: ["one", "three", "two"] });
  assert.deepEqual([contents(path).one, contents(path).three], ["1b", "3b"]);
});

test("openRunFolder() refuses another configuration, shows each difference and what to do, and changes nothing", (t) => {
  const path = scratchFolder(t);
  const there = { seed: 1, net: { width: 64, layers: [1, 2] }, only: "there", hash: "a".repeat(64) };
  write(path, [run("train", there)], [text("r.json", "{}")]);
  const before = contents(path);
  const here = { seed: 2, net: { width: 64, layers: [1, 3, 4] }, more: null, hash: `b${"a".repeat(63)}` };
  assert.throws(() => openRunFolder(path, [run("other"), run("train", here)]), {
    name: "RangeError",
    message: [
      `Cannot write to ${path} as it holds results of another configuration:`,
      "  train: seed: 1 there, 2 here",
      "  train: net.layers[1]: 2 there, 3 here",
      "  train: net.layers[2]: nothing there, 4 here",
      '  train: only: "there" there, nothing here',
      "  train: hash: another file (SHA-256 aaaaaaaa... there, baaaaaaa... here)",
      "  train: more: nothing there, null here",
      "choose another folder (--out), or replace them (--replace; in code, replace: true)",
    ].join("\n"),
  });
  assert.deepEqual(contents(path), before);
  const many = (value: number) => ({ list: Array.from({ length: 100 }, () => value) });
  write(path, [run("many", many(1))], []);
  assert.throws(() => openRunFolder(path, [run("many", many(2))]), {
    message: /list\[19\]: 1 there, 2 here\n {2}and 80 more\n/,
  });
});

test("openRunFolder() replaces another configuration when asked: with the first write its files go, others' stay", (t) => {
  const path = scratchFolder(t);
  const two = [run("a", { seed: 1 }), run("b", { seed: 1 })];
  write(path, two, [
    text("a.csv", "a1", ["a"]),
    text("a.png", "a1", ["a"]),
    text("b.csv", "b1", ["b"]),
    text("ab", "1"),
  ]);
  writeFileSync(join(path, "mine.txt"), "mine");
  const before = contents(path);
  const folder = openRunFolder(path, [run("a", { seed: 2 })], { replace: true });
  assert.deepEqual([...folder.recorded.keys()], ["b"], "a run of another configuration is none to resume");
  const { [readdirSync(path).find((name) => name.startsWith(".lock")) ?? ""]: _lock, ...during } =
    contents(path);
  assert.deepEqual(during, before);
  folder.write([text("a.csv", "a2")]);
  folder.write([text("more", "a2")]);
  folder.close();
  const { "config.json": _config, "environment.json": _environment, ...results } = contents(path);
  assert.deepEqual(results, { ab: "1", "a.csv": "a2", "b.csv": "b1", "mine.txt": "mine", more: "a2" });
  assert.deepEqual(json(path, "config.json"), { b: { seed: 1 }, a: { seed: 2 } });
  assert.deepEqual(json(path, "environment.json").a.files, ["a.csv", "more"]);
});

test("write() refuses to overwrite what others made, unless it holds their results too or is the same", (t) => {
  const path = scratchFolder(t);
  writeFileSync(join(path, "mine.txt"), "mine");
  write(path, [run("a")], [text("a.csv", "a"), text("summary", "a"), text("script.js", "shared")]);
  const before = contents(path);
  const refused = (name: string, reason: RegExp) => {
    const files = [text("new.csv", "b"), text(name, "b")];
    assert.throws(() => write(path, [run("b")], files), { name: "RangeError", message: reason });
    assert.deepEqual(contents(path), before);
  };
  refused("a.csv", /a\.csv as it holds results of a: choose another folder \(--out\), or replace them/);
  refused("mine.txt", /mine\.txt as it stands there and no run that the folder records made it: choose/);
  write(
    path,
    [run("b")],
    [text("summary", "a and b", ["a", "b"]), text("script.js", "shared"), text("mine.txt", "mine")],
  );
  const { a, b } = json(path, "environment.json");
  assert.deepEqual(a.files, ["a.csv", "script.js", "summary"]);
  assert.deepEqual(b.files, ["mine.txt", "script.js", "summary"]);
  write(path, [run("b")], [text("a.csv", "b")], { replace: true });
  assert.deepEqual(json(path, "environment.json").a.files, ["script.js", "summary"]);
});

test("write() takes names inside the folder only, each once, and runs that the folder knows", (t) => {
  const path = scratchFolder(t);
  const bad = [
    "",
    "../x",
    "/etc/x",
    "a/../../x",
    ".hidden",
    "a/.b",
    "a//b",
    "config.json",
    "environment.json",
  ];
  for (const name of bad) {
    assert.throws(() => write(path, [run("r")], [text(name, "x")]), {
      name: "RangeError",
      message: /names of results/,
    });
  }
  assert.throws(() => write(path, [run("r")], [text("x", "1"), text("x", "2")]), /their own: got "x"/);
  assert.throws(() => write(path, [run("r")], [text("x", "1", ["s"])]), /knows no run of that name: got "s"/);
  assert.throws(() => openRunFolder(path, [run("r"), run("r")]), /need names of their own: got \["r","r"\]/);
  assert.throws(() => openRunFolder(path, []), /need names of their own/);
  assert.deepEqual(readdirSync(path), []);
});

test("openRunFolder() refuses a configuration that JSON would change, and a config.json that is not its own", (t) => {
  const path = scratchFolder(t);
  for (const [value, got] of [
    [Number.NaN, "NaN"],
    [Number.POSITIVE_INFINITY, "Infinity"],
    [new Map(), "Map"],
    [new Float32Array(2), "Float32Array"],
    [() => 1, "Function"],
  ] as const) {
    assert.throws(() => openRunFolder(path, [run("r", { inner: { rate: value } })]), {
      name: "TypeError",
      message: `Cannot record "rate" of the configuration of r as JSON has no such value: got ${got}`,
    });
  }
  for (const foreign of ['{"model_type": "gpt2"}', "[]", "null", '{"a": {"files": [1]}}']) {
    writeFileSync(join(path, "config.json"), foreign);
    assert.throws(() => openRunFolder(path, [run("r")], { replace: true }), {
      message: /config\.json as it is not a run folder's/,
    });
  }
  writeFileSync(join(path, "config.json"), "{");
  assert.throws(() => openRunFolder(path, [run("r")]), {
    name: "SyntaxError",
    message: /config\.json as JSON/,
  });
  assert.deepEqual(readdirSync(path), ["config.json"]);
});

test("openRunFolder() in the same process takes the folder over, and what was opened before writes no more", (t) => {
  const path = scratchFolder(t);
  const interrupted = openRunFolder(path, [run("r")]);
  interrupted.write([text("x", "1")]);
  const again = openRunFolder(path, [run("r")]);
  assert.throws(() => interrupted.write([text("x", "2")]), { message: /was opened anew since/ });
  interrupted.close();
  again.write([text("x", "3")]);
  again.close();
  assert.equal(contents(path).x, "3");
  assert.throws(() => again.write([text("x", "4")]), { message: /opened anew since, or removed/ });
});

test("openRunFolder() takes over from a process that has ended, not from one of another machine", (t) => {
  const path = scratchFolder(t);
  const [machine, pid, born] = processMark().split("-");
  const ended = [`${machine}-4194305-${born}`]; // more than Linux counts
  if (process.platform === "linux") ended.push(`${machine}-${process.ppid}-ffffffff`); // its number was used again
  for (const mark of ended) {
    writeFileSync(join(path, `.lock.${mark}.00ff`), "");
    writeFileSync(join(path, `.x.${mark}-00ff.tmp`), "half");
  }
  write(path, [run("r")], [text("x", "1")]);
  assert.deepEqual(Object.keys(contents(path)), ["config.json", "environment.json", "x"]);
  const elsewhere = join(path, `.lock.00000000-${pid}-${born}.00ff`);
  writeFileSync(elsewhere, "");
  assert.throws(
    () => openRunFolder(path, [run("r")], { replace: true }),
    (error: Error) => {
      assert.match(error.message, /as process \d+ of another machine or container writes there since 20/);
      return error.message.endsWith(`its claim ${elsewhere} lapses 120 s after its last sign of life`);
    },
  );
});

for (const [code, call] of [
  ["ENOSPC", "writeFileSync"],
  ["EIO", "fsyncSync"],
] as const) {
  test(`write() leaves all as it was when ${call} fails with ${code} at any file of the group`, (t) => {
    const path = scratchFolder(t);
    write(path, [run("r")], [text("a", "a1"), text("b", "b1")]);
    const before = contents(path);
    const real = fs[call] as (...args: unknown[]) => void;
    let group = 0;
    for (let failing = 1; group === 0; failing += 1) {
      const folder = openRunFolder(path, [run("r")]);
      let calls = 0;
      const mocked = t.mock.method(fs, call, (...args: unknown[]) => {
        calls += 1;
        if (calls === failing) throw Object.assign(new Error(`disk says ${code}`), { code });
        return real(...args);
      });
      try {
        folder.write([text("a", "a2"), text("b", "b2"), text("c", "c2")]);
        group = calls;
      } catch (error) {
        assert.equal((error as NodeJS.ErrnoException).code, code);
      }
      mocked.mock.restore();
      folder.close();
      if (group === 0) assert.deepEqual(contents(path), before);
      assert.ok(failing < 50);
    }
    assert.ok(group >= 5, "three files, environment.json and the journal");
    assert.deepEqual([contents(path).a, contents(path).c], ["a2", "c2"]);
  });
}

test("write() finishes a group whose rename failed at the next write or opening", (t) => {
  const path = scratchFolder(t);
  write(path, [run("r")], [text("a", "1"), text("b", "1")]);
  for (const finish of ["write", "open"]) {
    const folder = openRunFolder(path, [run("r")]);
    const rename = fs.renameSync;
    t.mock.method(fs, "renameSync", (from: string, to: string) => {
      if (to.endsWith("b")) throw Object.assign(new Error("disk says EIO"), { code: "EIO" });
      rename(from, to);
    });
    assert.throws(() => folder.write([text("a", finish), text("b", finish)]), { code: "EIO" });
    t.mock.restoreAll();
    if (finish === "write") folder.write([text("c", "1")]);
    folder.close();
    openRunFolder(path, [run("r")]).close();
    assert.deepEqual([contents(path).a, contents(path).b], [finish, finish]);
    assert.ok(readdirSync(path).every((name) => !name.startsWith(".")));
  }
});

test("write() sees a folder that has a file's name before it changes any file", (t) => {
  const path = scratchFolder(t);
  write(path, [run("r")], [text("a", "1")]);
  mkdirSync(join(path, "z"));
  const before = contents(path);
  assert.throws(() => write(path, [run("r")], [text("a", "2"), text("z", "2")], { replace: true }), {
    message: /z as a folder has that name/,
  });
  assert.deepEqual(contents(path), before);
});

test("openRunFolder() does not follow a journal out of its folder", (t) => {
  const root = scratchFolder(t);
  const path = join(root, "results");
  mkdirSync(path);
  writeFileSync(join(root, "precious"), "p");
  for (const journal of [
    { place: [["../precious", "x"]], remove: [] },
    { place: [], remove: ["../precious"] },
    { place: [], remove: [join(root, "precious")] },
  ]) {
    writeFileSync(join(path, ".group.json"), JSON.stringify(journal));
    assert.throws(() => openRunFolder(path, [run("r")]), { message: /as its files lie in its folder: got/ });
    assert.equal(readFileSync(join(root, "precious"), "utf8"), "p");
  }
});

test("openRunFolder() names a folder that cannot be one, and leaves what is there", (t) => {
  const file = scratchFile(t, "a file", "file");
  const places = [file, join(file, "deep")];
  if (process.platform === "linux") places.push("/proc/dolab");
  for (const place of places) {
    assert.throws(
      () => openRunFolder(place, [run("r")]),
      (error: Error) => error.message.startsWith(`Cannot write ${place} as `),
    );
  }
  assert.equal(readFileSync(file, "utf8"), "a file");
});

test("openRunFolder() leaves the results of a folder that is not writable", (t) => {
  const path = scratchFolder(t);
  write(path, [run("r")], [text("x", "1")]);
  const before = contents(path);
  const root = process.geteuid?.() === 0;
  chmodSync(path, 0o555);
  try {
    if (root) process.seteuid?.(65534); // permissions do not bind root
    assert.throws(() => openRunFolder(path, [run("r")]), {
      code: "EACCES",
      message: /is not writable: make it writable/,
    });
  } finally {
    if (root) process.seteuid?.(0);
    chmodSync(path, 0o755);
  }
  assert.deepEqual(contents(path), before);
});

test("openRunFolder() writes through a link to a folder elsewhere", (t) => {
  const root = scratchFolder(t);
  const path = join(root, "run");
  mkdirSync(join(root, "disk"));
  mkdirSync(path);
  symlinkSync(join(root, "disk"), join(path, "checkpoints"));
  write(path, [run("r")], [text("checkpoints/1", "1"), text("log", "1")]);
  assert.ok(existsSync(join(root, "disk/1")));
  assert.deepEqual(readdirSync(join(root, "disk")), ["1"]);
});

test("fileFingerprint() gives size and SHA-256 of files longer than one piece, and names one that is not there", (t) => {
  assert.deepEqual(fileFingerprint(scratchFile(t, "abc")), {
    bytes: 3, // the hash is the example of FIPS 180-2
    sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  });
  const bytes = Buffer.alloc(3 * 2 ** 20 + 7, "dolab");
  const { sha256 } = fileFingerprint(scratchFile(t, bytes));
  assert.equal(sha256, createHash("sha256").update(bytes).digest("hex"));
  assert.throws(() => fileFingerprint(fixture("absent.npz")), { message: /Cannot read .*absent\.npz/ });
  assert.throws(() => fileFingerprint(scratchFolder(t)), { message: /a folder or device/ });
});
