import assert from "node:assert/strict";
import fs, { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { describe, it, type TestContext } from "node:test";
import { z } from "zod";
import { bindExperiment, type Experiment, type RunOptions, type SavedRun } from "../../src/experiments";
import { commonParameters } from "../../src/experiments/common-parameters";
import { runExperiment, runOneUnit, unitsOf } from "../../src/experiments/run-experiment";
import type { ProgressOptions, ProgressReporter } from "../../src/io";
import { temporaryFolder } from "../support/temporary-folder";

const schema = z.object({
  ...commonParameters,
  seed: z.int().default(0),
  numbers: z.array(z.number()).default([1, 2, 3]),
  processes: z.int().default(1),
  load: z.string().default(""),
});
type Configuration = z.infer<typeof schema>;

interface Row {
  square: number;
  /** Not a number on purpose. */
  nothing: number;
}

/** Squares numbers, one a unit, in as many steps as the number. @param done is told of each unit that is begun */
function squares(done: string[] = []): Experiment<Configuration, Data, Row, SavedRun<Configuration, Row>> {
  return {
    name: "squares",
    title: "Squares of numbers",
    document: { number: "none", title: "none", link: "none" },
    notebook: "none",
    description: "squares numbers",
    schema,
    presets: { smoke: { numbers: [1] }, quick: {}, standard: {}, paper: {} },
    undeciding: ["processes", "load"],
    counts: "steps",
    load: () => ({ dataSource: "numbers", synthetic: true }),
    units: ({ numbers }) =>
      numbers.map((number) => ({ key: `n${number}`, title: `the square of ${number}`, cost: number })),
    begin: () => ({
      async run({ key, cost }, { signal, onProgress }) {
        done.push(key);
        for (let step = 1; step <= cost; step++) {
          onProgress(step, { at: key });
          if (signal?.aborted) return undefined;
        }
        if (cost === 13) throw new Error("Cannot square 13");
        return { square: cost * cost, nothing: cost === 2 ? Number.NEGATIVE_INFINITY : Number.NaN };
      },
      dispose: () => done.push("disposed"),
    }),
    outcome: (run) => run,
    progressFiles: ({ rows }) => [{ name: "so-far.txt", content: `${rows.length}\n` }],
    resultFiles: ({ rows }) => [
      { name: "squares.csv", content: rows.map(({ square }) => `${square}\n`).join("") },
    ],
    pictures: () => [],
    summary: ({ rows }) => `${rows.length} squares`,
    claims: ({ rows }) => [
      {
        claim: "Squares are not negative",
        published: null,
        found: String(Math.min(...rows.map(({ square }) => square))),
        verdict: rows.every(({ square }) => square >= 0) ? "shown" : "not shown",
      },
    ],
  };
}
type Data = { dataSource: string; synthetic: boolean };
const data: Data = { dataSource: "numbers", synthetic: true };

const configured = (given: Partial<Configuration> = {}) => bindExperiment(squares()).parameters(given);
const run = (
  folder: string,
  given: Partial<Configuration> = {},
  options: RunOptions = {},
  done: string[] = [],
) => runExperiment(squares(done), configured(given), data, { folder, ...options });

/** A folder of its own for a test. */
const place = (test: TestContext) => join(temporaryFolder(test), "run");

/** Puts down another machine's claim on a unit, which lapses after so many seconds. */
function claimElsewhere(folder: string, key: string, leaseSeconds: number): void {
  mkdirSync(join(folder, "claims", key), { recursive: true });
  const claim = join(folder, "claims", key, ".lock.00000000-1-00000000.00ff");
  writeFileSync(claim, `2026-11-22T10:00:00.000Z ${leaseSeconds}\n`);
}

describe("runExperiment()", () => {
  it("does every unit, keeps each row as soon as it is found, and reads them back with NaN and infinities", async (test) => {
    const folder = place(test);
    const { rows, environment, configuration } = await run(folder);
    assert.deepEqual(rows, [
      { square: 1, nothing: Number.NaN },
      { square: 4, nothing: Number.NEGATIVE_INFINITY },
      { square: 9, nothing: Number.NaN },
    ]);
    assert.equal(readFileSync(join(folder, "squares.csv"), "utf8"), "1\n4\n9\n");
    assert.equal(readFileSync(join(folder, "so-far.txt"), "utf8"), "3\n");
    assert.deepEqual([environment.dataSource, environment.synthetic], ["numbers", true]);
    assert.deepEqual(configuration.numbers, [1, 2, 3]);
    const recorded = JSON.parse(readFileSync(join(folder, "config.json"), "utf8"));
    assert.deepEqual(Object.keys(recorded.squares), ["preset", "seed", "numbers"]);
  });

  it("does nothing again when all is done, and only what is missing when a row is lost", async (test) => {
    const folder = place(test);
    const first = await run(folder);
    const done: string[] = [];
    assert.deepEqual(await run(folder, {}, {}, done), first);
    assert.deepEqual(done, []);
    rmSync(join(folder, "units", "n2.json"));
    assert.deepEqual((await run(folder, {}, {}, done)).rows, first.rows);
    assert.deepEqual(done, ["n2", "disposed"]);
  });

  it("pauses within a unit, says how far it is and how to go on, and goes on to the same rows", async (test) => {
    const folder = place(test);
    const controller = new AbortController();
    const told: (ProgressOptions | undefined)[] = [];
    const progress: ProgressReporter = (_, options) => {
      told.push(options);
      return {
        update: (done) => done === 2 && controller.abort(),
        finish() {},
        fail() {},
      };
    };
    await assert.rejects(run(folder, {}, { signal: controller.signal, progress }), {
      name: "RunPausedError",
      message:
        /^Paused after 2 of 6 steps: run this again, or "dolab squares resume .*run", to go on from there$/,
    });
    assert.ok(!existsSync(join(folder, "squares.csv")));
    const { rows } = await run(folder, {}, { progress });
    assert.deepEqual(rows, (await run(`${folder}-whole`)).rows);
    assert.deepEqual(
      told.map((options) => options?.initial),
      [0, 1],
    ); // the finished unit counts from the start
  });

  it("keeps the rows of the units before one that fails, and passes the error on", async (test) => {
    const folder = place(test);
    await assert.rejects(run(folder, { numbers: [5, 13, 7] }), /^Error: Cannot square 13$/);
    assert.ok(existsSync(join(folder, "units", "n5.json")) && !existsSync(join(folder, "units", "n7.json")));
  });

  it("refuses a folder of another configuration, unless it may replace it, rows and all", async (test) => {
    const folder = place(test);
    await run(folder, { seed: 1, numbers: [4] });
    await assert.rejects(
      run(folder, { numbers: [4] }),
      /another configuration:\n {2}squares: seed: 1 there, 0 here/,
    );
    const done: string[] = [];
    await run(folder, { numbers: [4] }, { replace: true }, done);
    assert.deepEqual(done, ["n4", "disposed"]);
  });

  it("takes no row from a folder whose configuration is another, though its units have the same names", async (test) => {
    const folder = place(test);
    mkdirSync(join(folder, "units"), { recursive: true });
    writeFileSync(join(folder, "units", "n1.json"), '{"unit": "n1", "row": {"square": 7, "nothing": 0}}');
    await assert.rejects(run(folder, { numbers: [1] }), /units of no run that it records/);
  });

  it("reads each row once while it runs, so that many units take no longer each than few", async (test) => {
    const folder = place(test);
    const reads = test.mock.method(fs, "readFileSync");
    await run(folder, { numbers: Array.from({ length: 60 }, (_, i) => i + 20) });
    const ofRows = reads.mock.calls.filter(({ arguments: [path] }) => String(path).includes("units"));
    assert.ok(ofRows.length <= 2 * 60, `${ofRows.length}`); // and once for what it returns
  });

  it("waits for a unit that another machine does, and goes on with it where that machine has gone", async (test) => {
    const folder = place(test);
    claimElsewhere(folder, "n2", 1);
    const done: string[] = [];
    const { rows } = await run(folder, {}, {}, done);
    assert.equal(rows.length, 3);
    assert.deepEqual(done, ["n1", "n3", "disposed", "n2", "disposed"]);
    assert.ok(!existsSync(join(folder, "claims", "n2")));
  });

  it("names a damaged row", async (test) => {
    const folder = place(test);
    await run(folder);
    writeFileSync(join(folder, "units", "n1.json"), '{"unit": "n2", "row": {}}');
    await assert.rejects(
      run(folder),
      /n1\.json as it must hold the row of unit "n1": remove it to do that unit again/,
    );
  });

  it("refuses units whose keys are no names of files, or stand twice", () => {
    for (const numbers of [[1, 1], [-1]]) {
      const keys = {
        ...squares(),
        units: () => numbers.map((n) => ({ key: n < 0 ? "a/b" : "a", title: "", cost: 1 })),
      };
      assert.throws(
        () => unitsOf(keys, configured().configuration),
        /units need file names of their own: got "a/,
      );
    }
  });
});

describe("runOneUnit()", () => {
  it("does one unit, whose row a run of the whole finds", async (test) => {
    const folder = place(test);
    assert.equal(await runOneUnit(squares(), configured(), data, "n3", { folder }), true);
    const done: string[] = [];
    assert.equal(await runOneUnit(squares(done), configured(), data, "n3", { folder }), true);
    assert.deepEqual(done, []);
    const { rows } = await run(folder, {}, {}, done);
    assert.equal(rows.length, 3);
    assert.deepEqual(done, ["n1", "n2", "disposed"]);
  });

  it("refuses a unit that another machine does and that shows signs of life for longer than a lease", async (test) => {
    const folder = place(test);
    process.env.DOLAB_LEASE_SECONDS = "0.2";
    test.after(() => delete process.env.DOLAB_LEASE_SECONDS);
    claimElsewhere(folder, "n3", 60);
    await assert.rejects(
      runOneUnit(squares(), configured(), data, "n3", { folder }),
      /Cannot do the square of 3 as process 1 of another machine or container does it/,
    );
  });

  it("names the nearest unit for one that there is not", async (test) => {
    await assert.rejects(
      runOneUnit(squares(), configured(), data, "n33", { folder: place(test) }),
      /no such unit: did you mean "n3"\? \(--list-units lists all 3\)/,
    );
  });
});

describe("bindExperiment()", () => {
  it("shows a saved run instead of computing, as it was made", async (test) => {
    const folder = place(test);
    const { rows } = await run(folder, { seed: 5 });
    const { parameters, load, describe: describeRun, run: runBound } = bindExperiment(squares());
    const shown = parameters({ load: folder });
    const loaded = await load(shown.configuration);
    assert.match(loaded.dataSource, /^numbers \(results saved in /);
    assert.deepEqual((await runBound(shown, loaded)).rows, rows);
    const { seed, title } = await describeRun(shown, loaded);
    assert.deepEqual([seed, title], [5, "Squares of numbers"]);
  });

  it("says what a folder lacks", (test) => {
    const { loadRun, loadShownRun } = bindExperiment(squares());
    const folder = place(test);
    assert.throws(() => loadRun(folder), /folder of a squares run .*: got no such folder/);
    mkdirSync(folder);
    assert.throws(() => loadShownRun(folder), /got no config\.json in it/);
  });
});
