import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { runJobs } from "../../src/experiments/process-pool";
import type { CountJob } from "./counting-process";

interface Counted {
  counted: number;
  pid: number;
}

/** Runs counts, and says what came of each. */
async function count(numbers: readonly number[], processes: number, signal?: AbortSignal) {
  const results = new Map<number, Counted>();
  const told = new Map<number, number>();
  const jobs = numbers.map((to): CountJob => ({ to }));
  const ended = runJobs<CountJob, Counted, { at: number }>(jobs, {
    program: join(__dirname, "counting-process.ts"),
    processes,
    signal,
    nameOf: ({ to }) => `the count to ${to}`,
    onProgress: ({ to }, { at }) => told.set(to, at),
    onResult: ({ to }, result) => results.set(to, result),
  });
  return {
    results,
    told,
    error: await ended.then(
      () => undefined,
      (error: Error) => error,
    ),
  };
}

describe("runJobs()", () => {
  it("has each job done once, by as many processes as asked for, and hears how far they are", async () => {
    const { results, told, error } = await count([1, 2, 3, 100], 2);
    assert.equal(error, undefined);
    assert.deepEqual([...results].map(([to, { counted }]) => counted === to && to).sort(), [1, 100, 2, 3]);
    assert.equal(new Set(Array.from(results.values(), ({ pid }) => pid)).size, 2);
    const at = told.get(100) as number;
    assert.ok(at >= 1 && at < 100);
  });

  it("pauses the rest where one fails, and passes its error on", async () => {
    const { results, error } = await count([13, 10_000, 5], 2);
    assert.match(String(error), /^Error: Cannot count to 13$/);
    assert.equal(results.size, 0);
  });

  it("says which job's process ended, and its last words", async () => {
    const { error } = await count([99], 1);
    assert.match(
      String(error),
      /^Error: Cannot go on with the count to 99 as its process ended: exit code 3\n[\s\S]*out of fingers$/,
    );
  });

  it("pauses when the signal aborts, and starts nothing where it has", async () => {
    const { results, error } = await count([10_000, 10_000, 1], 2, AbortSignal.timeout(8000));
    assert.equal(error, undefined);
    assert.equal(results.size, 0);
    assert.equal((await count([1], 1, AbortSignal.abort())).results.size, 0);
  });
});
