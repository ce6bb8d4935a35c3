import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { loadsTypeScript } from "../../src/environment/paths.mjs";
import { createRandom } from "../../src/random";
import { startBackend } from "../../src/tensor";
import {
  CheckpointError,
  checkpointFile,
  checkpointSteps,
  type MetricsRow,
  readCheckpoint,
  readMetrics,
  type TrainOptions,
} from "../../src/train";
import { temporaryFolder } from "../support/temporary-folder";
import { trainSmallNetwork } from "./small-network";

const whole = temporaryFolder();
before(async () => {
  await startBackend();
  const { status, step } = await trainSmallNetwork(whole);
  assert.deepEqual([status, step], ["finished", 120]);
});

const read = (folder: string, name: string) => readFileSync(join(folder, name));
const untimed = (rows: readonly MetricsRow[]) => rows.map((row) => ({ ...row, seconds: 0 }));

/** A checkpoint without what depends on the clock. */
function untimedCheckpoint(folder: string, step: number) {
  const { file: _, state, ...rest } = readCheckpoint(checkpointFile(folder, step));
  return { ...rest, state: { ...state, loop: { ...(state.loop as object), seconds: 0 } } };
}

/** The folder holds, to the bit, what the run without interruptions left. */
function assertSameAsWhole(folder: string): void {
  assert.deepEqual(read(folder, "weights.safetensors"), read(whole, "weights.safetensors"));
  assert.deepEqual(
    untimed(readMetrics(join(folder, "metrics.jsonl"))),
    untimed(readMetrics(join(whole, "metrics.jsonl"))),
  );
  assert.deepEqual(untimedCheckpoint(folder, 120), untimedCheckpoint(whole, 120));
  assert.deepEqual(readdirSync(folder).sort(), readdirSync(whole).sort());
  assert.deepEqual(checkpointSteps(folder), checkpointSteps(whole));
}

function start(t: TestContext, folder: string): ChildProcess {
  const program = join(__dirname, "small-network.ts");
  const child = spawn(process.execPath, [...loadsTypeScript, program, folder, "3"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  t.after(() => child.kill("SIGKILL"));
  return child;
}

/** Waits until a process of small-network.ts has announced so many more steps. */
async function stepsBegun(child: ChildProcess, count: number): Promise<void> {
  for (let begun = 0; begun < count; )
    begun += (await once(child.stdout!, "data", { signal: AbortSignal.timeout(30_000) }))[0].length;
}

test("train() killed at three moments and resumed ends bit for bit as without, and meanwhile refuses a second process", async (t) => {
  const folder = temporaryFolder(t);
  const rng = createRandom(20);
  const reached = [0];
  for (const round of [1, 2, 3]) {
    const child = start(t, folder);
    await stepsBegun(child, 1);
    if (round === 1) {
      await assert.rejects(
        trainSmallNetwork(folder),
        /Cannot write to .* as process \d+ writes there since .*: let it end, or choose another folder/,
      );
    }
    await stepsBegun(child, rng.integer(8, 30)); // so that a checkpoint, each 7 steps, is new
    await delay(10 * rng.uniform());
    child.kill("SIGKILL");
    await once(child, "exit");
    assert.equal(child.signalCode, "SIGKILL");
    const newest = checkpointSteps(folder).pop() ?? 0;
    assert.ok(newest > reached[reached.length - 1]);
    reached.push(newest);
  }
  const outcome = await trainSmallNetwork(folder);
  assert.deepEqual([outcome.status, outcome.step], ["finished", 120]);
  assertSameAsWhole(folder);
  t.diagnostic(`killed after the checkpoints of steps ${reached.slice(1).join(", ")}`);
});

/** Trains until a step has begun, which is the last one then. */
function trainUntil(folder: string, last: number, options: Partial<TrainOptions> = {}) {
  const controller = new AbortController();
  const onStep = (step: number) => {
    if (step + 1 === last) controller.abort();
  };
  return trainSmallNetwork(folder, { ...options, signal: controller.signal, onStep });
}

test("train() pauses where its signal aborts, with a checkpoint, and goes on bit for bit", async (t) => {
  const folder = temporaryFolder(t);
  const early = await trainSmallNetwork(folder, { signal: AbortSignal.abort() });
  assert.deepEqual([early.status, early.step], ["paused", 0]);
  for (const last of [3, 58]) {
    const { status, step, checkpoint } = await trainUntil(folder, last);
    assert.deepEqual([status, step, checkpoint], ["paused", last, checkpointFile(folder, last)]);
  }
  const { status, metrics, seconds } = await trainSmallNetwork(folder);
  assert.equal(status, "finished");
  assertSameAsWhole(folder);
  const times = metrics.map((row) => row.seconds);
  assert.deepEqual(
    times,
    [...times].sort((a, b) => a - b),
    "time goes on where it stopped",
  );
  assert.ok(seconds >= times[times.length - 1] - 0.001);
});

test("train() of a run that is over returns its outcome and changes nothing", async (t) => {
  const folder = temporaryFolder(t);
  const config = { network: "small" };
  const first = await trainSmallNetwork(folder, { config });
  const before = read(folder, "metrics.jsonl");
  const again = await trainSmallNetwork(folder, { config, onStep: () => assert.fail("a step was taken") });
  assert.deepEqual({ ...again, seconds: 0 }, { ...first, seconds: 0 });
  assert.deepEqual(read(folder, "metrics.jsonl"), before);
  const longer = await trainSmallNetwork(folder, { config, epochs: 21 });
  assert.deepEqual([longer.status, longer.step], ["finished", 126]);
});

test('train() resumed with "previous" or a step goes back there, and drops what came later', async (t) => {
  const folder = temporaryFolder(t);
  const checkpoint = { every: 7, keep: 3, keepSteps: [10] };
  await trainUntil(folder, 40, { checkpoint });
  assert.deepEqual(checkpointSteps(folder), [10, 28, 35, 40]);
  for (const [resume, from, after] of [
    ["previous", 35, [10, 28, 35]],
    [10, 10, [10]],
  ] as const) {
    const signal = AbortSignal.abort();
    const { step, metrics } = await trainSmallNetwork(folder, { checkpoint, resume, signal });
    assert.equal(step, from);
    assert.deepEqual(checkpointSteps(folder), after);
    assert.equal(metrics[metrics.length - 1].step, from - (from % 4));
    assert.deepEqual(readMetrics(join(folder, "metrics.jsonl")), metrics);
  }
  await trainSmallNetwork(folder);
  assert.deepEqual(read(folder, "weights.safetensors"), read(whole, "weights.safetensors"));
  const none = trainSmallNetwork(folder, { resume: 11 });
  await assert.rejects(
    none,
    /resume: 11 goes on from the checkpoint of that step: got checkpoints of steps 119, 120/,
  );
});

test('train() with resume: "never" starts anew only in a folder without checkpoints, or where it may replace them', async (t) => {
  const folder = temporaryFolder(t);
  await trainUntil(folder, 30);
  const never = trainSmallNetwork(folder, { resume: "never" });
  await assert.rejects(never, /starts in a folder without checkpoints: got .*28, 30; .*replace: true/);
  assert.deepEqual(checkpointSteps(folder), [28, 30]);
  const outcome = await trainSmallNetwork(folder, { resume: "never", replace: true });
  assert.deepEqual(untimed(outcome.metrics), untimed(readMetrics(join(whole, "metrics.jsonl"))));
  assertSameAsWhole(folder);
});

test("train() cuts metrics.jsonl to the checkpoint: later rows and a torn line go, and a broken line is refused", async (t) => {
  const folder = temporaryFolder(t);
  const file = join(folder, "metrics.jsonl");
  const { metrics } = await trainUntil(folder, 30);
  appendFileSync(file, `${JSON.stringify({ ...metrics[0], step: 32 })}\n{"step":36,"epo`);
  assert.equal(readMetrics(file).length, metrics.length + 1);
  const text = readFileSync(file);
  writeFileSync(file, `{"step":4\n${text}`);
  await assert.rejects(
    trainSmallNetwork(folder),
    /SyntaxError: Cannot read line 1 of .*metrics\.jsonl as each line/,
  );
  writeFileSync(file, text);
  const outcome = await trainSmallNetwork(folder);
  assert.deepEqual(untimed(outcome.metrics), untimed(readMetrics(join(whole, "metrics.jsonl"))));
});

test("train() finds a checkpoint that was cut short or belongs to another run before it changes anything", async (t) => {
  const folder = temporaryFolder(t);
  await trainUntil(folder, 30);
  const newest = checkpointFile(folder, 30);
  const state = { save: () => ({}), restore: () => assert.fail("state was restored") };
  for (const [options, pattern] of [
    [{ seed: 6 }, /as seed: 5 there, 6 here: go on as the run began/],
    [{ stepsPerEpoch: 7 }, /stepsPerEpoch: 6 there, 7 here/],
    [{ state: undefined }, /it holds a state of the caller's/],
    [{ epochs: 4 }, /it is of step 30, beyond the 24 of this run/],
    [{ config: { rate: 0.1 }, state }, /rate: nothing there, 0\.1 here: go back to its configuration/],
  ] as const) {
    await assert.rejects(trainSmallNetwork(folder, options), (error: Error) => {
      assert.ok(error instanceof CheckpointError && error.message.includes(newest));
      assert.match(error.message, pattern);
      return true;
    });
  }
  truncateSync(newest, 1000);
  const cut = trainSmallNetwork(folder, { state });
  await assert.rejects(cut, /CheckpointError: Cannot restore .*30\.safetensors as .*resume: "previous"/);
  assert.deepEqual(checkpointSteps(folder), [28, 30]);
  await trainSmallNetwork(folder, { resume: "previous" });
  assertSameAsWhole(folder);
});
