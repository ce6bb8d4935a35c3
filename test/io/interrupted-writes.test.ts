// What remains when a write ends before its time: kill -9, Ctrl-C, a disk or a limit that is full, a disk that has become
// read-only. Each time the earlier results must be whole, and what lies half written must go at the next opening.
import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { loadsTypeScript } from "../../src/environment/paths.mjs";
import { openRunFolder } from "../../src/io";
import { createRandom } from "../../src/random";
import { scratchFolder } from "./scratch";
import { LOOP_BYTES, versionOf, versionRun, writeVersion } from "./version-writer";

const program = join(__dirname, "version-writer.ts");
const node = [process.execPath, ...loadsTypeScript, program];

function start(t: TestContext, ...args: string[]): ChildProcess {
  const child = spawn(node[0], [...node.slice(1), ...args], { stdio: ["pipe", "pipe", "pipe"] });
  t.after(() => child.kill("SIGKILL"));
  return child;
}

async function output(child: ChildProcess): Promise<string> {
  const pieces: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (piece) => pieces.push(piece));
  if (child.exitCode === null && child.signalCode === null) await once(child, "close");
  return pieces.join("");
}

const hidden = (path: string) =>
  readdirSync(path, { recursive: true, encoding: "utf8" }).filter((name) => /(^|\/)\./.test(name));
const json = (path: string, name: string) => JSON.parse(readFileSync(join(path, name), "utf8"));

test("a writer of 4 MB files that is killed or interrupted at any moment leaves one whole version, and no leftovers after the next opening", async (t) => {
  const path = scratchFolder(t);
  const rng = createRandom(3);
  let [temporaries, groups] = [0, 0];
  for (const signal of ["SIGKILL", "SIGINT", "SIGKILL", "SIGKILL", "SIGINT", "SIGKILL"] as const) {
    const child = start(t, "loop", path);
    await once(child.stdout!, "data");
    for (const end = Date.now() + 150 * rng.uniform(); Date.now() < end; await delay(1)) {
      assert.ok(
        versionOf(join(path, "alone.bin"), LOOP_BYTES) > 0,
        "a reader meets a whole version while it is replaced",
      );
    }
    child.kill(signal);
    await once(child, "exit");
    assert.equal(child.signalCode, signal);
    const left = hidden(path);
    temporaries += left.filter((name) => name.endsWith(".tmp")).length;
    groups += Number(left.includes(".group.json"));
    const alone = versionOf(join(path, "alone.bin"), LOOP_BYTES);
    assert.ok(alone > 0);
    assert.equal(
      readdirSync(path)
        .filter((name) => !name.startsWith("."))
        .join(),
      "alone.bin,config.json,environment.json,inner,one.bin",
    );
    openRunFolder(path, [versionRun()]).close();
    assert.deepEqual(hidden(path), []);
    assert.equal(versionOf(join(path, "alone.bin"), LOOP_BYTES), alone);
    const pair = ["one.bin", "inner/two.bin"].map((name) => versionOf(join(path, name), 40_000));
    assert.deepEqual(
      pair,
      Array(2).fill(json(path, "environment.json").versions.version),
      "a group is of one version",
    );
  }
  t.diagnostic(`left by six writers: ${temporaries} temporary files, ${groups} groups half in place`);
});

test("a writer that is killed between two steps of a group leaves all of the group or nothing of it", async (t) => {
  const outcomes = await Promise.all(
    [1, 2, 3, 4, 5, 6, 7].map(async (step) => {
      const path = scratchFolder(t);
      writeVersion(path, 1, 40_000);
      const child = start(t, "crash", path, String(step));
      await output(child);
      const half = hidden(path).length;
      const seen = ["small.bin", "large.bin"].map((name, i) =>
        versionOf(join(path, name), [4000, 40_000][i]),
      );
      assert.ok(
        seen.every((version) => version > 0),
        "each file is whole",
      );
      const recorded = () => openRunFolder(path, [versionRun(9)], { replace: true }).close();
      recorded();
      const versions = ["small.bin", "large.bin"].map((name, i) =>
        versionOf(join(path, name), [4000, 40_000][i]),
      );
      const { version } = json(path, "config.json").versions;
      assert.deepEqual(versions, [version, version]);
      assert.deepEqual(hidden(path), []);
      return { signal: child.signalCode, half: half > 0, version };
    }),
  );
  const killed = (version: number) => ({ signal: "SIGKILL", half: true, version });
  // Before the journal is in place, version 1; from then on version 2. The seventh step is closing the folder.
  assert.deepEqual(outcomes, [killed(1), killed(2), killed(2), killed(2), killed(2), killed(2), killed(2)]);
});

test("of processes that open a folder in the same moment one gets it, and the others say who writes there", async (t) => {
  const path = scratchFolder(t);
  const children = [1, 2, 3, 4].map(() => start(t, "hold", path));
  await Promise.all(children.map((child) => once(child.stdout!, "data"))); // each is ready
  const outputs = children.map(output);
  const said = children.map((child) => Promise.race([once(child.stdout!, "data"), once(child, "close")]));
  const time = Date.now() + 300;
  for (const child of children) child.stdin?.write(`${time}\n`);
  await Promise.all(said); // whoever has the folder keeps it until each has tried
  for (const child of children) child.stdin?.end();
  const texts = await Promise.all(outputs);
  const winners = children.filter((_, i) => texts[i].includes("got it"));
  assert.ok(winners.length <= 1, "never two");
  const refused = texts.filter((text) =>
    /as process \d+ writes there since .*: let it end, or choose/.test(text),
  );
  assert.equal(refused.length, 4 - winners.length);
  openRunFolder(path, [versionRun()]).close();
  assert.deepEqual(hidden(path), []);
});

test("a limit on file sizes that a write runs into leaves the earlier results", (t) => {
  const path = scratchFolder(t);
  writeVersion(path, 1, 40_000);
  const limited = 'ulimit -f 1024 && exec "$@"'; // blocks of 1024 bytes
  const { status, stderr } = spawnSync("bash", ["-c", limited, "-", ...node, "write", path, "2", "3000000"], {
    encoding: "utf8",
  });
  assert.equal(status, 1);
  assert.match(stderr, /large\.bin as the file is larger than .* lets it be: raise the limit \(EFBIG\)/);
  assertVersion1(path);
});

test("a full disk, and one that has become read-only, leave the earlier results", (t) => {
  const path = scratchFolder(t);
  const mounted = (...args: string[]) => [
    "-rm",
    "sh",
    "-euc",
    'mount -t tmpfs -o size=1m tmpfs "$0"; "$@"',
    path,
    ...args,
  ];
  const can = process.platform === "linux" && spawnSync("unshare", mounted("true")).status === 0;
  if (!can) {
    const why =
      "NOT TESTED: a disk of its own, full or read-only, as this system lets no user mount one (unshare -rm)";
    process.stderr.write(`${why}\n`);
    t.skip(why);
    return;
  }
  const quoted = node.map((part) => `'${part}'`).join(" ");
  const steps = [
    `${quoted} write "$0" 1 40000`,
    `${quoted} write "$0" 2 2000000 2>"$1/full" && exit 9`,
    'mount -o remount,ro "$0"',
    `${quoted} write "$0" 3 40000 2>"$1/read-only" && exit 9`,
    'cp -a "$0"/. "$1/copy"',
  ];
  const seen = scratchFolder(t);
  const script = ["set +e", ...steps].join("\n");
  execFileSync("unshare", mounted("sh", "-c", script, path, seen), { stdio: "pipe" });
  assert.match(
    readFileSync(join(seen, "full"), "utf8"),
    /large\.bin as the disk of .* is full: free some space .*ENOSPC/,
  );
  assert.match(readFileSync(join(seen, "read-only"), "utf8"), /is not writable: make it writable .*EROFS/);
  assertVersion1(join(seen, "copy"));
  assert.deepEqual(readdirSync(path), [], "the disk was one of its own");
});

function assertVersion1(path: string): void {
  assert.deepEqual(readdirSync(path).sort(), ["config.json", "environment.json", "large.bin", "small.bin"]);
  assert.deepEqual(
    [versionOf(join(path, "small.bin"), 4000), versionOf(join(path, "large.bin"), 40_000)],
    [1, 1],
  );
  assert.deepEqual(json(path, "config.json"), { versions: { version: 1 } });
}
