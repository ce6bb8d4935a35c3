// A folder whose writer is on another machine: its claim holds while it gives signs of life, and lapses when it was killed
// or suspended. The other machine is a process with another host name; its lease is 2 s.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { loadsTypeScript } from "../../src/environment/paths.mjs";
import { openRunFolder, type RunFolder } from "../../src/io";
import { lockFolder } from "../../src/io/folder-lock";
import { scratchFolder } from "./scratch";

const LEASE_SECONDS = 2;
const run = { name: "r", configuration: {}, environment: {} };
const claimsIn = (folder: string) => readdirSync(folder).filter((name) => name.startsWith(".lock."));

/** A holder, and its next line of output. */
function startHolder(t: TestContext, folder: string, host: string, blockedMs = 0) {
  const args = [...loadsTypeScript, join(__dirname, "claim-holder.ts"), folder, host, String(blockedMs)];
  const env = { ...process.env, DOLAB_LEASE_SECONDS: String(LEASE_SECONDS) };
  const child: ChildProcess = spawn(process.execPath, args, { env, stdio: ["pipe", "pipe", "ignore"] });
  t.after(() => child.kill("SIGKILL"));
  const lines = createInterface(child.stdout!)[Symbol.asyncIterator]();
  return { child, nextLine: async () => (await lines.next()).value as string };
}

/** Opens the folder when it can be had, and says after how many seconds that was. */
async function openWhenFree(t: TestContext, folder: string): Promise<{ opened: RunFolder; seconds: number }> {
  for (const start = Date.now(); ; await delay(100)) {
    try {
      const opened = openRunFolder(folder, [run]);
      t.after(() => opened.close());
      return { opened, seconds: (Date.now() - start) / 1000 };
    } catch (error) {
      assert.match((error as Error).message, /of another machine or container writes there since 20/);
      assert.ok(Date.now() - start < 60_000);
    }
  }
}

test("a claim of another machine holds while its maker computes, and lapses when that was killed", async (t) => {
  const folder = scratchFolder(t);
  const holder = startHolder(t, folder, "node-a", 3 * LEASE_SECONDS * 1000);
  assert.equal(await holder.nextLine(), "holds");
  await delay(2 * LEASE_SECONDS * 1000); // its main thread is blocked all that time
  assert.throws(() => openRunFolder(folder, [run]), {
    message: new RegExp(`process ${holder.child.pid} of another machine .* lapses 2 s after its last sign`),
  });
  assert.equal(await holder.nextLine(), "goes on");
  holder.child.stdin!.write("\n");
  assert.equal(await holder.nextLine(), "wrote");
  holder.child.kill("SIGKILL");
  const { opened, seconds } = await openWhenFree(t, folder);
  assert.ok(seconds > LEASE_SECONDS / 2, "not before the lease is over");
  assert.equal(readFileSync(join(folder, "x"), "utf8"), "node-a");
  assert.deepEqual(claimsIn(folder).length, 1, "the lapsed claim is gone");
  assert.ok(!readdirSync(folder).some((name) => name.endsWith(".tmp")), "and so is what it had half written");
  opened.write([{ name: "x", content: "here" }]);
});

test("a writer that was suspended for longer than its lease writes no more", async (t) => {
  const folder = scratchFolder(t);
  const holder = startHolder(t, folder, "node-b");
  assert.equal(await holder.nextLine(), "holds");
  assert.equal(await holder.nextLine(), "goes on");
  holder.child.kill("SIGSTOP");
  const { opened } = await openWhenFree(t, folder);
  opened.write([{ name: "x", content: "here" }]);
  holder.child.kill("SIGCONT");
  await delay(1000); // it may give signs of life again
  holder.child.stdin!.write("\n");
  assert.match(await holder.nextLine(), /was opened anew since/);
  assert.equal(readFileSync(join(folder, "x"), "utf8"), "here");
  assert.equal(claimsIn(folder).length, 1, "it does not put its claim down again");
});

test("of two machines that find a lapsed claim in the same moment, one at most gets the folder", async (t) => {
  const folder = scratchFolder(t);
  const lapsed = join(folder, ".lock.00000000-1-00000000.00ff");
  writeFileSync(lapsed, "2026-11-22T10:00:00.000Z 2\n");
  utimesSync(lapsed, 1, 1);
  const holders = ["node-c", "node-d"].map((host) => startHolder(t, folder, host));
  const first = await Promise.all(holders.map(({ nextLine }) => nextLine()));
  const winners = first.filter((line) => line === "holds").length;
  assert.ok(winners <= 1);
  assert.equal(existsSync(lapsed), winners === 0); // both may have withdrawn, again and again
});

test("a claim's age is told by the file server's clock, whatever this machine's clock says", (t) => {
  const folder = scratchFolder(t);
  const claim = join(folder, ".lock.00000000-1-00000000.00ff");
  for (const skewMs of [-3_600_000, 0, 3_600_000]) {
    const real = Date.now;
    t.mock.method(Date, "now", () => real() + skewMs);
    writeFileSync(claim, "2026-11-22T10:00:00.000Z 30\n");
    assert.throws(
      () => lockFolder(folder),
      /of another machine or container writes there since 2026-11-22T10/,
    );
    const silent = real() / 1000 - 60;
    utimesSync(claim, silent, silent);
    const lock = lockFolder(folder);
    assert.deepEqual(lock.lapsed, ["00000000-1-00000000"]);
    lock.release();
    assert.deepEqual(claimsIn(folder), []);
    t.mock.restoreAll();
  }
});

test("lockFolder() refuses a lease that is no time, and leaves nothing", (t) => {
  const folder = join(scratchFolder(t), "results");
  process.env.DOLAB_LEASE_SECONDS = "soon";
  t.after(() => delete process.env.DOLAB_LEASE_SECONDS);
  assert.throws(() => lockFolder(folder), /DOLAB_LEASE_SECONDS must be .* got "soon"/);
  assert.equal(existsSync(folder), false);
});
