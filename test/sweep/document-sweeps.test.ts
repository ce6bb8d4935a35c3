// The sweeps of the source documents, under data/sweeps. `npm run validate -- sweep` runs a unit of each.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { inProject } from "../../src/environment/paths.mjs";
import { sweepRows } from "../../src/sweep/collect-sweep";
import { unitsToDo, workUnits } from "../../src/sweep/run-sweep";
import { readSweepFile } from "../../src/sweep/sweep-file";
import { joinSweep } from "../../src/sweep/sweep-folder";
import { planSweep } from "../../src/sweep/sweep-points";
import { temporaryFolder } from "../support/temporary-folder";

const folder = inProject("data", "sweeps");
/** Points, and units at least, of each file as it stands. */
const expected: Record<string, { points: number; units: number }> = {
  "boolean-exclusions": { points: 3, units: 90 },
  "citris-standard": { points: 1, units: 3 },
  "reasoners-seeds": { points: 1, units: 30 },
  "w2-ten-seeds": { points: 1, units: 10 },
  "wscrl-figure-8": { points: 1, units: 243 },
};

describe("data/sweeps", () => {
  it("holds a file for each sweep of the documents", () => {
    assert.deepEqual(
      readdirSync(folder).sort(),
      Object.keys(expected).map((name) => `${name}.yaml`),
    );
  });

  for (const [name, { points, units }] of Object.entries(expected))
    it(`plans ${name}, as it stands and with preset smoke`, async () => {
      const whole = planSweep(await readSweepFile(join(folder, `${name}.yaml`)));
      assert.equal(whole.points.length, points);
      assert.ok(whole.units >= units, `${whole.units}`);
      const smoke = planSweep(await readSweepFile(join(folder, `${name}.yaml`), { preset: "smoke" }));
      assert.equal(smoke.points.length, points);
      assert.ok(smoke.cost < whole.cost / 10, `${smoke.cost} of ${whole.cost}`);
    });

  it("runs a unit of Figure 8 with preset smoke, in a folder that the experiment reads too", async (test) => {
    const out = join(temporaryFolder(test), "out");
    const sweep = await readSweepFile(join(folder, "wscrl-figure-8.yaml"), { preset: "smoke" });
    const plan = planSweep(sweep);
    await joinSweep(out, sweep);
    const [unit] = unitsToDo(sweep, out, plan);
    assert.equal(unit.folder, join(out, "points", "all"));
    const { done, failed } = await workUnits(out, [unit], { wait: false });
    assert.deepEqual([done, failed], [1, []]);
    const [row] = sweepRows(out, plan).rows;
    assert.equal(row.unit, unit.unit.key);
    assert.ok(Number.isFinite(row["evaluation.dci.disentanglement"]));
    assert.equal(unitsToDo(sweep, out, plan).length, plan.units - 1);
  });
});
