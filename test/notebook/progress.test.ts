import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { progress, track } from "../../src/notebook/progress";
import { ProgressMeter } from "../../src/notebook/progress-meter";
import { terminalProgress } from "../../src/notebook/terminal-progress";
import { fakeKernel } from "./kernel-bridge";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A meter with a clock that the test turns. */
function meterAt(total: number, options = {}) {
  const clock = { seconds: 0 };
  return { clock, meter: new ProgressMeter(total, options, () => clock.seconds * 1000) };
}

test("ProgressMeter tells rate and remaining time of steady work", () => {
  const { clock, meter } = meterAt(100, { unit: "steps" });
  for (let done = 1; done <= 20; done += 1) {
    clock.seconds = done / 2;
    meter.advance(done);
  }
  assert.ok(Math.abs(meter.rate - 2) < 1e-9);
  assert.ok(Math.abs(meter.remainingSeconds - 40) < 1e-9);
  assert.deepEqual(meter.facts(), ["20/100 steps", "20 %", "2 steps/s", "10 s", "40 s left"]);
});

test("ProgressMeter follows a change of pace within seconds", () => {
  const { clock, meter } = meterAt(10_000);
  for (let second = 1; second <= 60; second += 1) {
    clock.seconds = second;
    meter.advance(second <= 30 ? second * 100 : 3000 + (second - 30) * 10);
  }
  assert.ok(Math.abs(meter.rate - 10) < 1, `${meter.rate}`);
});

test("ProgressMeter does not count what an earlier run did towards the rate", () => {
  const { clock, meter } = meterAt(1000, { initial: 900 });
  clock.seconds = 10;
  meter.advance(950);
  assert.ok(Math.abs(meter.rate - 5) < 1e-9);
  assert.ok(Math.abs(meter.remainingSeconds - 10) < 1e-9);
});

test("ProgressMeter keeps rate and duration of the whole run once it has ended", () => {
  const { clock, meter } = meterAt(10, { unit: "epochs" });
  clock.seconds = 40;
  meter.advance(10, { loss: 0.123456, accuracy: "n/a" });
  meter.end("finished");
  clock.seconds = 4000;
  assert.deepEqual(meter.facts(), ["10/10 epochs", "4.0 s/epoch", "40 s", "loss 0.1235", "accuracy n/a"]);
  assert.match(meter.line(4), /^████ {2}10\/10 epochs/);
});

test("ProgressMeter counts without a bar where the total is unknown, and is full where there is nothing to do", () => {
  const { meter } = meterAt(Infinity);
  meter.advance(7);
  assert.deepEqual(meter.facts(), ["7", "0.00 s"]);
  assert.equal(meterAt(0).meter.fraction, 1);
  assert.throws(() => new ProgressMeter(-1), { name: "RangeError", message: /at least 0: got -1/ });
  assert.throws(() => new ProgressMeter(NaN), RangeError);
});

test("progress() redraws one output in place, a few times however often it is updated", async (t) => {
  const { shown } = fakeKernel(t);
  const bar = progress(100_000, { label: "Training", unit: "steps" });
  const started = performance.now();
  for (let done = 1; done <= 100_000; done += 1) bar.update(done, { loss: 1 / done });
  bar.finish();
  const draws = 2 + Math.ceil((performance.now() - started) / 125);
  assert.ok(shown.length <= draws, `${shown.length} outputs in ${draws} allowed`);
  assert.equal(new Set(shown.map((output) => output.displayId)).size, 1);
  assert.deepEqual(
    [shown[0].update, ...new Set(shown.slice(1).map((output) => output.update))],
    [false, true],
  );
  const last = shown[shown.length - 1].data;
  assert.match(last["text/plain"], /^Training .*100000\/100000 steps.*loss 1e-5$/);
  assert.match(last["text/html"], /role="progressbar" aria-label="Training".*aria-valuenow="100.0"/);
});

test("progress() keeps its last state: what comes after its end changes nothing", (t) => {
  const { shown } = fakeKernel(t);
  const bar = progress(10);
  bar.update(4);
  bar.fail(new Error("out of memory <b>"));
  const count = shown.length;
  bar.finish();
  bar.update(10);
  assert.equal(shown.length, count);
  assert.match(shown[count - 1].data["text/plain"], /4\/10 · 40 %.*failed: out of memory <b>$/);
  assert.match(shown[count - 1].data["text/html"], /out of memory &lt;b&gt;/);
});

test("progress() is marked when the cell is interrupted", (t) => {
  const { shown, interrupt } = fakeKernel(t);
  const bar = progress(10);
  bar.update(3);
  interrupt();
  assert.match(shown[shown.length - 1].data["text/plain"], /interrupted$/);
  bar.finish();
  assert.match(shown[shown.length - 1].data["text/plain"], /interrupted$/);
});

test("progress() gives two bars two outputs", (t) => {
  const { shown } = fakeKernel(t);
  progress(1).finish();
  progress(1).finish();
  assert.equal(new Set(shown.map((output) => output.displayId)).size, 2);
});

test("track() walks through everything, in order, and finishes its bar", async (t) => {
  const { shown } = fakeKernel(t);
  const seen: number[] = [];
  for await (const item of track(new Set([1, 2, 3]), { label: "Seeds" })) seen.push(item);
  assert.deepEqual(seen, [1, 2, 3]);
  assert.match(shown[shown.length - 1].data["text/plain"], /^Seeds .*3\/3/);
});

test("track() lets the event loop run during a loop that never awaits", async (t) => {
  fakeKernel(t);
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 5);
  t.after(() => clearInterval(timer));
  for await (const _ of track(Array.from({ length: 40 }))) {
    const until = performance.now() + 5;
    while (performance.now() < until);
  }
  assert.ok(turns >= 3, `${turns} turns`);
});

test("track() ends with the kernel's reason when the cell is interrupted", async (t) => {
  const { shown, interrupt } = fakeKernel(t);
  const seen: number[] = [];
  const loop = async () => {
    for await (const item of track(Array.from({ length: 1000 }, (_, i) => i))) {
      seen.push(item);
      await pause(2);
    }
  };
  setTimeout(interrupt, 30);
  await assert.rejects(loop, /The cell was interrupted/);
  assert.ok(seen.length < 100);
  assert.match(shown[shown.length - 1].data["text/plain"], /interrupted/);
});

test("track() marks its bar when the loop is left early or fails", async (t) => {
  const { shown } = fakeKernel(t);
  for await (const item of track([1, 2, 3])) if (item === 2) break;
  assert.match(shown[shown.length - 1].data["text/plain"], /1\/3 .*failed: stopped/);
  const failing = async () => {
    for await (const _ of track([1, 2, 3])) throw new Error("inside");
  };
  await assert.rejects(failing, /inside/);
  async function* broken() {
    yield 1;
    throw new Error("the source broke");
  }
  const reading = async () => {
    for await (const _ of track(broken()));
  };
  await assert.rejects(reading, /the source broke/);
  assert.match(shown[shown.length - 1].data["text/plain"], /failed: the source broke/);
});

test("terminalProgress() writes a line at the end where there is no terminal", () => {
  const stream = Object.assign(new PassThrough(), { isTTY: false });
  const bar = terminalProgress({ stream: stream as unknown as NodeJS.WriteStream })(50, {
    label: "Export",
    unit: "files",
  });
  for (let done = 1; done <= 50; done += 1) bar.update(done);
  bar.finish({ bytes: 12 });
  const written = String(stream.read());
  assert.match(written, /^Export {2}50\/50 files · .*bytes 12\n$/);
});

test("terminalProgress() draws one line in place on a terminal", async () => {
  const stream = Object.assign(new PassThrough(), {
    isTTY: true,
    columns: 100,
    cursorTo: () => true,
    clearLine: () => true,
    moveCursor: () => true,
  });
  const bar = terminalProgress({ stream: stream as unknown as NodeJS.WriteStream })(10, {
    label: "Training",
  });
  bar.update(5);
  await pause(150);
  bar.update(9, { loss: 0.5 });
  bar.finish();
  const written = String(stream.read());
  assert.match(written, /Training {2}█+ {2}10\/10/);
  assert.equal(written.match(/\n/g)?.length, 1);
});
