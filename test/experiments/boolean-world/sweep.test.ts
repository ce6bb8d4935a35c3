import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { documentRules, formatState, harderRules, parseRules, parseStates } from "../../../src/data";
import type { RunOptions } from "../../../src/experiments";
import {
  drawExcluded,
  load,
  loadRun,
  neighbourBaseline,
  parameters,
  referenceRun,
  run,
  sweepFigure,
  sweepPartsFigure,
  sweepPartsTable,
  sweepTable,
  type TrialRow,
  unseenTokens,
} from "../../../src/experiments/boolean-world";
import { sweepTrials } from "../../../src/experiments/boolean-world/sweep/trials";
import { parseCsv } from "../../../src/io";
import { createRandom } from "../../../src/random";
import { startBackend } from "../../../src/tensor";
import { temporaryFolder } from "../../support/temporary-folder";

const folder = temporaryFolder();
before(startBackend);

describe("unseenTokens()", () => {
  it("shows why the document's pair cannot be answered: 5 is in no text that remains, 0 is never the first sum", () => {
    const unseen = unseenTokens(documentRules, parseStates(documentRules, "1,1,1,1,1;0,0,0,0,0"));
    assert.deepEqual(unseen, [
      { state: "1,1,1,1,1", token: "5", place: 18, elsewhere: false },
      { state: "0,0,0,0,0", token: "0", place: 18, elsewhere: true },
    ]);
  });

  it("finds none where each token of the answers stands in its place in another text", () => {
    assert.deepEqual(unseenTokens(documentRules, parseStates(documentRules, "1,0,1,0,1;0,1,0,1,0")), []);
    assert.deepEqual(unseenTokens(documentRules, []), []);
  });
});

describe("drawExcluded()", () => {
  it("draws states whose answers can be put together from the rest, in another way for another seed", () => {
    const drawn = [1, 2, 3].map((seed) => drawExcluded(documentRules, 16, { rng: createRandom(seed) }));
    for (const states of drawn) {
      assert.equal(new Set(states.map(formatState)).size, 16);
      assert.deepEqual(unseenTokens(documentRules, states), []);
    }
    assert.notDeepEqual(drawn[0], drawn[1]);
    assert.deepEqual(drawn[0], drawExcluded(documentRules, 16, { rng: createRandom(1) }));
  });

  it("refuses numbers that leave nothing, or that leave no answer", () => {
    const rng = createRandom(1);
    for (const count of [0, 32, 1.5])
      assert.throws(
        () => drawExcluded(documentRules, count, { rng }),
        /RangeError: .* some are kept and some left out/,
      );
    assert.throws(
      () => drawExcluded(documentRules, 31, { rng }),
      /RangeError: .* the rest must show every token/,
    );
  });
});

describe("sweepTrials()", () => {
  it("has the draws of each number of states, twice as many of the world of twice as many states", () => {
    const { configuration } = parameters({ preset: "standard" });
    const trials = sweepTrials(configuration);
    assert.equal(trials.length, 2 * 6 * 3);
    const counts = (world: string) => [
      ...new Set(trials.flatMap((t) => (t.world === world ? [t.excluded.length] : []))),
    ];
    assert.deepEqual(counts("document"), [1, 2, 4, 8, 12, 16]);
    assert.deepEqual(counts("harder"), [2, 4, 8, 16, 24, 32]);
    assert.ok(
      trials.every(
        ({ excluded, world }) =>
          unseenTokens(world === "harder" ? harderRules : documentRules, excluded).length === 0,
      ),
    );
  });
});

describe("the sweep as a run", () => {
  const plain = (list: readonly TrialRow[]) => list.map(({ seconds: _, ...row }) => row);
  const sweep = async (resolved: ReturnType<typeof parameters>, options: RunOptions) =>
    (await run(resolved, await load(resolved.configuration), options)).rows;

  it("goes on where it was stopped, and ends with the same rows", async () => {
    const given = { trainExamples: 64, sweepCounts: [2], sweepDraws: 2 };
    const resolved = parameters({ preset: "smoke", ...given });
    const place = join(folder, "sweep");
    const controller = new AbortController();
    const progress = () => ({ update: () => controller.abort(), finish() {}, fail() {} });
    await assert.rejects(
      sweep(resolved, { folder: place, signal: controller.signal, progress }),
      /Paused after/,
    );
    const first = loadRun(place).rows;
    assert.ok(first.length < 4);
    const rows = await sweep(resolved, { folder: place });
    assert.deepEqual(plain(rows), plain(await sweep(resolved, { folder: join(folder, "at once") })));
    assert.deepEqual(rows.slice(0, first.length), first);
    const lines = readFileSync(join(place, "exclusion-sweep.csv"), "utf8").trimEnd().split("\n");
    assert.equal(lines.length, 1 + 4);
    const { rows: table } = parseCsv(lines.join("\n"), { excluded_newA: "number", excluded_newE: "number" });
    assert.deepEqual(
      table.map(({ excluded_newA, excluded_newE }) => [excluded_newA, excluded_newE]),
      rows.map(({ excluded_parts: { newA, newE = null } }) => [newA, newE]),
    );
    const names = ["newA", "newB", "newC", "newD"];
    assert.deepEqual(Object.keys(rows[0].excluded_parts), [...names, "sum", "sum2"]);
    assert.deepEqual(Object.keys(rows[3].excluded_parts), [...names, "newE", "sum", "sum2"]);
    for (const { excluded_parts, excluded_exact } of rows)
      assert.ok(Object.values(excluded_parts).every((share) => share >= excluded_exact && share <= 1));
    const other = parameters({ preset: "smoke", ...given, seed: 9 });
    await assert.rejects(sweep(other, { folder: place }), /another configuration/);
  });

  it("finds the same in several processes, in the same order", async () => {
    const resolved = parameters({ preset: "smoke", trainExamples: 64, sweepCounts: [1, 2], sweepDraws: 2 });
    const rows = await sweep(resolved, { folder: join(folder, "apart"), processes: 2 });
    assert.deepEqual(
      plain(rows),
      plain(await sweep(resolved, { folder: join(folder, "here"), processes: 1 })),
    );
  });

  it("reads the committed sweep of preset standard, which an earlier dolab wrote", () => {
    const { rows, configuration, environment } = referenceRun() as NonNullable<
      ReturnType<typeof referenceRun>
    >;
    assert.equal(rows.length, 36);
    assert.deepEqual([configuration.sweepDraws, configuration.sweepEpochs], [3, 2]);
    assert.match(String(environment.date), /^2026/);
  });

  it("refuses a number of held-out states that stands twice, or that no choice of states can have", async () => {
    assert.throws(() => parameters({ sweepCounts: [1, 1] }), /sweepCounts = \[1,1\] \(must differ/);
    await assert.rejects(
      load(parameters({ sweepCounts: [31] }).configuration),
      /RangeError: Cannot draw states/,
    );
  });
});

describe("neighbourBaseline()", () => {
  // Worked out by hand: newA = A XOR B and sum(A+B) over 00, 01, 10, 11.
  const rules = parseRules("newA = A XOR B\nnewB = A\nsum(A+B)");
  const of = (text: string) => neighbourBaseline(rules, parseStates(rules, text));

  it("copies the nearest states' answers, each of several alike", () => {
    // 11 ("0,1 / 2") has 01 ("1,0 / 1") and 10 ("1,1 / 1") at distance 1: newA is wrong in both, newB right in one.
    assert.deepEqual(of("1,1"), { exact: 0, parts: { newA: 0, newB: 0.5, sum: 0 } });
  });

  it("goes as far as it must where near ones were not read, and takes the mean over what is asked", () => {
    // 11 has nothing but 00 ("0,0 / 0") at distance 2: newA is right. 01 and 10 have 00 at 1: newB is right for 01 alone.
    assert.deepEqual(of("1,1;0,1;1,0"), { exact: 0, parts: { newA: 1 / 3, newB: 1 / 3, sum: 0 } });
  });

  it("is exact where the answer does not depend on what is left out", () => {
    const same = parseRules("inputs A, B\nnewA = A");
    assert.deepEqual(neighbourBaseline(same, parseStates(same, "1,1")), { exact: 0.5, parts: { newA: 0.5 } });
    assert.equal(neighbourBaseline(same, parseStates(same, "1,1;0,1;0,0")).exact, 1 / 3);
  });

  it("is not a number where nothing is asked, or nothing was read", () => {
    assert.deepEqual(of(""), { exact: NaN, parts: { newA: NaN, newB: NaN, sum: NaN } });
    assert.equal(of("0,0;0,1;1,0;1,1").exact, NaN);
  });
});

const row = (world: TrialRow["world"], without: string, seed: number, exact: number): TrialRow => ({
  world,
  states: world === "document" ? 32 : 64,
  excluded: without.split(";").length,
  seed,
  without,
  seen_exact: 1,
  excluded_exact: exact,
  excluded_parts: { newA: 1, sum: exact },
  steps: 1,
  seconds: 1,
});

describe("sweepTable() and sweepFigure()", () => {
  const rows = [
    row("document", "1,0,1,0,1;0,1,0,1,0", 0, 1),
    row("document", "1,0,1,0,1;0,1,0,1,1", 1, 0.5),
    row("document", "1,0,1,0,1;0,1,0,0,1", 2, 1),
    row("harder", "1,0,1,0,1,0;1,1,1,0,0,0;0,1,0,0,0,1;0,1,0,0,1,1", 0, 0.25),
  ];
  const options = { seed: 0, replicates: 500, level: 0.95 };

  it("give means over trainings, and an interval where there are several", () => {
    const [document, harder] = sweepTable(rows, options);
    assert.deepEqual(
      [document.trainings, document.excluded_exact, document.low, document.high, document.interval],
      [3, 2.5 / 3, 0.5, 1, "bootstrap"],
    );
    assert.deepEqual([harder.excluded_exact, harder.low, harder.interval], [0.25, NaN, "none"]);
    assert.equal(document.neighbours_exact, 0); // states at distance 1 have another sum
  });

  it("give Wilson's interval of all answers where trainings agree", () => {
    const [table] = sweepTable(
      rows.slice(0, 3).map((one) => ({ ...one, excluded_exact: 1 })),
      options,
    );
    const z = 1.959963984540054;
    assert.ok(Math.abs(table.low - 6 / (6 + z ** 2)) < 1e-12); // 6 of 6 answers
    assert.deepEqual([table.high, table.interval], [1, "Wilson"]);
  });

  it("draw a line, its dots and its baseline for each world that has rows", () => {
    const { data, layout } = sweepFigure(rows, options, { title: "Mine" });
    assert.equal(data.length, 6);
    assert.deepEqual([data[1].x, data[2].y, data[4].y], [[2 / 32], [0], [0.25]]);
    assert.deepEqual(layout.title, { text: "Mine" });
    assert.equal(JSON.stringify({ data, layout }).includes("null"), false);
    assert.deepEqual(sweepFigure([], options).data, []);
  });

  it("have a row and a line for each value of the answer, beside what neighbours give", () => {
    const table = sweepPartsTable(rows).filter(({ world }) => world === "document");
    assert.deepEqual(
      table.map(({ value, right }) => [value, right]),
      [
        ["newA", 1],
        ["sum", 2.5 / 3],
        ["whole answer", 2.5 / 3],
      ],
    );
    // All five states around each were read, and two of them, those with another A or C, have another newA = A XOR C.
    assert.ok(Math.abs(table[0].neighbours_right - 3 / 5) < 1e-12);
    assert.equal(table[1].neighbours_right, 0);
    const { data, layout } = sweepPartsFigure(rows, { world: "document" });
    assert.deepEqual(
      data.map(({ name, xaxis }) => `${name} ${xaxis}`),
      ["x", "x2"].flatMap((axis) => ["newA", "sum", "whole answer"].map((name) => `${name} ${axis}`)),
    );
    assert.equal(JSON.stringify({ data, layout }).includes("null"), false);
    assert.deepEqual(sweepPartsFigure([], { world: "harder" }).data, []);
  });
});

describe("parameters()", () => {
  it("has the document's numbers at preset paper", () => {
    const { configuration } = parameters({ preset: "paper" });
    const {
      trainExamples,
      validExamples,
      testExamples,
      width,
      layers,
      heads,
      epochs,
      learningRate,
      batchSize,
    } = configuration;
    assert.deepEqual([trainExamples, validExamples, testExamples], [20_000, 2_000, 2_000]);
    assert.deepEqual([width, layers, heads, epochs, learningRate, batchSize], [128, 4, 4, 3, 5e-4, 16]);
  });

  it("refuses unknown keys and values out of range", () => {
    assert.throws(() => parameters({ epoch: 1 } as object), /no such key: got "epoch" \(nearest: "epochs"\)/);
    assert.throws(() => parameters({ vocabulary: "tiny" as "gpt2" }), /vocabulary = "tiny"/);
  });
});
