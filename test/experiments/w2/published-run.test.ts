import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { w2 } from "../../../src/experiments";
import published from "../../fixtures/seed000/published.json";

const { results, configuration } = w2.publishedRun();

describe("publishedRun()", () => {
  it("has every number of the authors' file, to a ten-thousandth", () => {
    const close = (found: number, wanted: number) => assert.ok(Math.abs(found - wanted) < 1e-9, `${found}`);
    assert.equal(results.length, published.results.length);
    for (const [i, wanted] of published.results.entries()) {
      const found = results[i];
      assert.equal(found.experiment_id, wanted.experiment_id);
      close(found.ordered_init_error, wanted.ordered_init_error);
      close(found.collapse_init_error, wanted.collapse_init_error);
      assert.equal(found.interventions.length, wanted.interventions.length);
      for (const [j, intervention] of wanted.interventions.entries()) {
        close(found.interventions[j].target_lambda, intervention.target_lambda);
        close(found.interventions[j].final_gap, intervention.final_gap);
        for (const source of ["ordered", "collapse"] as const) {
          const [own, theirs] = [found.interventions[j][source], intervention[source]];
          close(own.final_error, theirs.final_error);
          assert.deepEqual(
            own.trajectory.map(({ epoch }) => epoch),
            theirs.trajectory.map(({ epoch }) => epoch),
          );
          for (const [k, point] of theirs.trajectory.entries()) close(own.trajectory[k].error, point.error);
        }
      }
    }
  });

  it("is strong in the document's words at every target, over checkpoints that deserve their names", () => {
    const rows = w2.targetTable({ results, configuration });
    assert.deepEqual(
      rows.map(({ target, verdict, checkpoints }) => [target, verdict, checkpoints]),
      [0.4, 0.5, 0.55].map((target) => [target, "strong", "as named"]),
    );
    assert.deepEqual(
      rows.map(({ gap }) => gap.toFixed(3)),
      ["0.448", "0.447", "0.441"],
    );
  });
});
