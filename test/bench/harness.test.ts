import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Benchmark, Side, Turn } from "../../src/bench/benchmark";
import { judge, measure, spread } from "../../src/bench/harness";
import { timedFunctions } from "../../src/bench/timed-functions";

/** A side that plays these times back, and notes its turns in a log. */
function playing(
  name: string,
  seconds: number[],
  log: string[] = [],
  results?: Turn["results"],
): Side & { closed: boolean } {
  let at = 0;
  const side = {
    closed: false,
    async turn() {
      log.push(name);
      return { values: { work: seconds[at++] }, results };
    },
    async close() {
      side.closed = true;
    },
  };
  return side;
}

function benchmarkOf(ours: Side, peer?: Side, changes: Partial<Benchmark> = {}): Benchmark {
  return {
    name: "example",
    title: "An example",
    measures: [
      { key: "work", title: "work", unit: "seconds", peer: "library", target: { ratioAtMost: 1.5 } },
    ],
    warmUps: 1,
    turns: 3,
    start: async () => ({ ours, peer }),
    ...changes,
  };
}

describe("measure()", () => {
  it("lets both sides take turns, ours first, warm-ups included", async () => {
    const log: string[] = [];
    const told: number[][] = [];
    const benchmark = benchmarkOf(playing("ours", [9, 1, 2, 3], log), playing("peer", [9, 1, 1, 1], log));
    await measure(benchmark, (done, total) => told.push([done, total]));
    assert.deepEqual(log, ["ours", "peer", "ours", "peer", "ours", "peer", "ours", "peer"]);
    assert.deepEqual(
      told.map(([done]) => done),
      [1, 2, 3, 4, 5, 6, 7, 8],
    );
    assert.ok(told.every(([, total]) => total === 8));
  });

  it("leaves the warm-ups out of medians and ranges", async () => {
    const { rows } = await measure(
      benchmarkOf(playing("ours", [100, 3, 1, 2]), playing("peer", [0.001, 1, 1, 1])),
    );
    assert.deepEqual(rows[0].ours, { median: 2, least: 1, greatest: 3, values: [3, 1, 2] });
    assert.deepEqual(rows[0].peer, { median: 1, least: 1, greatest: 1, values: [1, 1, 1] });
  });

  it("takes the ratio pair by pair, so that what slows both halves of a pair cancels", async () => {
    // The machine is five times slower in the second pair; ratio of medians: 2 / 1.5.
    const { rows } = await measure(
      benchmarkOf(playing("ours", [9, 2, 10, 2]), playing("peer", [9, 1, 5, 1.5])),
    );
    assert.deepEqual(rows[0].ratio?.values, [2, 2, 2 / 1.5]);
    assert.equal(rows[0].ratio?.median, 2);
    assert.equal(rows[0].verdict?.met, false);
    assert.ok(Math.abs(rows[0].verdict!.missedBy - (2 / 1.5 - 1)) < 1e-12);
  });

  it("runs alone what has no peer", async () => {
    const measures = [{ key: "work", title: "start", unit: "seconds" as const, target: { atMost: 2 } }];
    const { rows, peerVersions } = await measure(
      benchmarkOf(playing("ours", [9, 1, 2, 3]), undefined, { measures }),
    );
    assert.equal(rows[0].ratio, undefined);
    assert.deepEqual(rows[0].verdict, { met: true, missedBy: 0 });
    assert.deepEqual(peerVersions, {});
  });

  it("refuses to compare sides that compute different things", async () => {
    const side = (...sum: number[]) => playing("", [1, 1, 1, 1], [], { work: sum });
    await measure(benchmarkOf(side(1, 2), side(1, 2 + 1e-10)));
    await assert.rejects(
      measure(benchmarkOf(side(1, 2), side(1, 2.001))),
      /compute the same "work".*peer \[1, 2\.001\]/,
    );
    await assert.rejects(measure(benchmarkOf(side(1, 2), side(1))), /compute the same/);
    await assert.rejects(measure(benchmarkOf(side(Number.NaN), side(1))), /compute the same/);
    await assert.rejects(measure(benchmarkOf(playing("", [1]), side(1))), /compute the same/);
  });

  it("names the measure that a side does not report", async () => {
    const silent = { turn: async () => ({ values: {} }) };
    await assert.rejects(
      measure(benchmarkOf(playing("", [1, 1, 1, 1]), silent)),
      /each side must report "work"/,
    );
  });

  it("closes both sides, also when one fails", async () => {
    const [ours, peer] = [playing("", [1, 1, 1, 1]), playing("", [1, 1, 1, 1])];
    await measure(benchmarkOf(ours, peer));
    assert.ok(ours.closed && peer.closed);
    const other = playing("", [1]);
    const broken = { ...playing("", []), turn: () => Promise.reject(new Error("broken")) };
    await assert.rejects(measure(benchmarkOf(other, broken)), /broken/);
    assert.ok(other.closed);
  });
});

describe("judge()", () => {
  it("meets a target that is just reached, and says by how much one is missed", () => {
    assert.deepEqual(judge({ atMost: 8 }, spread([8])), { met: true, missedBy: 0 });
    assert.deepEqual(judge({ atMost: 8 }, spread([6, 10, 12])), { met: false, missedBy: 0.25 });
    assert.deepEqual(judge({ ratioAtMost: 1 }, spread([100]), spread([0.9])), { met: true, missedBy: 0 });
    assert.deepEqual(judge({ ratioAtMost: 2 }, spread([0]), spread([3])), { met: false, missedBy: 0.5 });
    assert.equal(judge(undefined, spread([1])), undefined);
    assert.equal(judge({ atMost: 1 }, spread([Number.NaN]))?.met, false);
    assert.throws(() => judge({ ratioAtMost: 1 }, spread([1])), /no peer/);
  });
});

describe("timedFunctions()", () => {
  it("times each function on its own and reports one repetition's share", async () => {
    let now = 0;
    let runs = 0;
    const side = timedFunctions(
      {
        slow: () => {
          now += 500;
          return ++runs;
        },
        waiting: async () => {
          await null;
          now += 100;
          return [7];
        },
      },
      () => now,
    );
    assert.deepEqual(await side.turn(4), {
      values: { slow: 0.5, waiting: 0.1 },
      results: { slow: 4, waiting: [7] },
    });
  });
});
