import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { inProject } from "../../src/environment/paths.mjs";
import { readSweepFile } from "../../src/sweep/sweep-file";
import { planSweep, pointsOf } from "../../src/sweep/sweep-points";
import { temporaryFolder } from "../support/temporary-folder";

const folder = temporaryFolder();
const trivial = inProject("src", "bench", "trivial-experiment.ts");
let files = 0;

function read(text: string) {
  const file = join(folder, `${files++}.yaml`);
  writeFileSync(file, text);
  return readSweepFile(file);
}
const plan = async (text: string) => planSweep(await read(`experiment: ${trivial}\n${text}`));
const names = async (text: string) => (await plan(text)).points.map(({ name }) => name);

describe("a sweep file", () => {
  it("names an experiment, or a file beside it that declares one", async () => {
    writeFileSync(join(folder, "own.ts"), `export { trivial } from ${JSON.stringify(trivial)};`);
    assert.equal((await plan("grid: { seed: [1] }")).experiment.name, "trivial");
    assert.equal(
      planSweep(await read("experiment: ./own.ts\ngrid: { seed: [1] }")).experiment.name,
      "trivial",
    );
    assert.equal(planSweep(await read("experiment: wscrl\ngrid: { seed: [1] }")).experiment.name, "wscrl");
  });

  it("fills in resources, preset and tracking", async () => {
    const { resources, preset, track } = await read("experiment: w2\nresources: { minutes: 5 }");
    assert.deepEqual(
      { resources, preset, track },
      {
        resources: { cores: 1, memory: 4, gpu: 0, minutes: 5 },
        preset: "quick",
        track: "none",
      },
    );
  });

  const refused: [string, string, RegExp][] = [
    ["an unknown experiment", "experiment: wscr", /Cannot find experiment "wscr": did you mean "wscrl"\?/],
    ["a file that is not there", "experiment: ./none.ts", /none\.ts: there is no such file/],
    ["an unknown key", "experiment: w2\ngird: {}", /got "gird" \(nearest: "grid"\)/],
    [
      "an unknown resource",
      "experiment: w2\nresources: { core: 2 }",
      /got "resources\.core" \(nearest: "resources\.cores"\)/,
    ],
    ["no experiment", "preset: quick", /experiment = undefined/],
    ["a preset that there is not", "experiment: w2\npreset: fast", /preset = "fast"/],
    ["a parameter without a list", "experiment: w2\ngrid: { seeds: 3 }", /grid\.seeds = 3 .*: write \[3\]/],
    ["half a core", "experiment: w2\nresources: { cores: 0.5 }", /resources\.cores = 0\.5/],
    ["what is no YAML", "experiment: [", /Cannot read .* as YAML/],
    ["a key that stands twice", "experiment: w2\nexperiment: w2", /Cannot read .* as YAML/],
    ["a list", "- w2", /must hold keys: experiment, preset, grid, rows, resources, track/],
  ];
  for (const [what, text, message] of refused)
    it(`refuses ${what}`, async () => {
      await assert.rejects(read(text), { message });
    });

  it("refuses a file that is not there", async () => {
    await assert.rejects(readSweepFile(join(folder, "none.yaml")), /there is no such file/);
  });
});

describe("the points of a sweep", () => {
  it("are all combinations of the grid's values, named after what they vary", async () => {
    assert.deepEqual(await names("grid: { seed: [0, 1], units: [2], millions: [0] }"), ["seed=0", "seed=1"]);
    assert.deepEqual(await names("grid: { seed: [0, -1], failing: [[], [1, 2]] }"), [
      "seed=0_failing=none",
      "seed=0_failing=1-2",
      "seed=-1_failing=none",
      "seed=-1_failing=1-2",
    ]);
    assert.deepEqual(await names("rows: [{ seed: 3 }]"), ["all"]);
  });

  it("are rows, each with each point of a grid", async () => {
    assert.deepEqual(await names("rows: [{ seed: 3 }, { units: 2 }]\ngrid: { failing: [[1], [2]] }"), [
      "seed=3_units=default_failing=1",
      "seed=3_units=default_failing=2",
      "seed=default_units=2_failing=1",
      "seed=default_units=2_failing=2",
    ]);
  });

  it("have names of their own where values are long, or alike but for letters that names lack", async () => {
    const long = Array.from({ length: 40 }, (_, i) => i);
    assert.deepEqual(await names(`grid: { failing: [[1], [-1, 5], [-1.0, 6], ${JSON.stringify(long)}] }`), [
      "failing=1",
      "failing=-1-5",
      "failing=-1-6",
      "failing=0-1-2-3-4-5-6-7-8-9-10-11-12-1-4",
    ]);
    const data = planSweep(await read("experiment: reasoners\ngrid: { data: [a/b, a b] }"));
    assert.deepEqual(
      data.points.map(({ name }) => name),
      ["data=a-b-1", "data=a-b-2"],
    );
  });

  it("are found by number alone, as they stand in the plan", async () => {
    const text = `experiment: ${trivial}\ngrid: { seed: [0, 1, 2], units: [1, 5] }\nrows: [{ failing: [1] }, {}]`;
    const [points, { points: all }] = [
      pointsOf(await read(text)),
      await plan(text.split("\n").slice(1).join("\n")),
    ];
    assert.equal(points.count, 12);
    for (const point of all) assert.deepEqual(points.at(point.index), point);
  });

  const refused: [string, string, RegExp][] = [
    ["no points", "preset: smoke", /it needs points: give `grid`/],
    ["an empty grid", "grid: {}", /it needs points/],
    ["a parameter without values", "grid: { seed: [] }", /got none for "seed"/],
    ["an unknown parameter", "grid: { sed: [1] }", /got "sed" \(nearest: "seed"\)/],
    ["a value out of range", "grid: { units: [0] }", /units = 0/],
    ["a parameter in rows and grid", "grid: { seed: [1] }\nrows: [{ seed: 2 }]", /got "seed" in both/],
    [
      "a value that stands twice",
      "grid: { seed: [1, 2, 1] }",
      /point 3 is the same as point 1 \({"seed":1}\)/,
    ],
    [
      "rows that are the same by default",
      "rows: [{ seed: 0 }, { units: 1 }]",
      /point 2 is the same as point 1/,
    ],
    ["what decides nothing", "grid: { waits: [1, 2] }", /point 2 is the same as point 1/],
    [
      "a billion points",
      `grid: { seed: ${list(1000)}, units: ${list(1000)}, millions: ${list(1000)} }`,
      /1,000,000 points at most: got 1,000,000,000/,
    ],
    [
      "a billion units",
      "grid: { units: [1100000] }",
      /1,000,000 units at most: got 1,100,000 in 1 of 1 points/,
    ],
  ];
  for (const [what, text, message] of refused)
    it(`refuse ${what}`, async () => {
      await assert.rejects(plan(text), { message });
    });

  it("are 10,000 in less than two seconds", async () => {
    const sweep = await read(`experiment: ${trivial}\ngrid: { seed: ${list(10_000)} }`);
    const began = process.cpuUsage();
    assert.equal(planSweep(sweep).units, 10_000);
    const { user, system } = process.cpuUsage(began);
    assert.ok(user + system < 2e6, `${(user + system) / 1e6} s`);
  });
});

function list(length: number): string {
  return JSON.stringify(Array.from({ length }, (_, i) => i + 1));
}
