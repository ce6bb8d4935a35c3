import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { describe, it } from "node:test";
import { causal3dColumns, causal3dModelColumns, causal3dTripletColumns, loadCausal3d } from "../../src/data";
import { writeNpz } from "../../src/io";
import { temporaryFolder } from "../support/temporary-folder";

const mirror = process.env.DOLAB_DATA_MIRROR ?? join(__dirname, "../../../shared/data");
const published = JSON.parse(
  require("node:fs").readFileSync(join(__dirname, "../fixtures/citris/triplet-mask.json"), "utf8"),
);

describe("loadCausal3d()", () => {
  it("reads the tutorial's frames, targets, masks and latents", async (t) => {
    if (!existsSync(join(mirror, "citris_dl2")))
      return t.skip("NOT TESTED: the tutorial's files are not here (DOLAB_DATA_MIRROR)");
    const { sequence, triplets, slider, source } = await loadCausal3d({ mirror, cache: temporaryFolder(t) });
    assert.deepEqual([sequence.images.length, sequence.interventions.length], [100 * 64 * 64 * 3, 99 * 12]);
    const rows = [0, 1, 2, 3].map((row) => [...sequence.interventions.subarray(12 * row, 12 * row + 12)]);
    assert.deepEqual(rows, [
      [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      [0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0, 0],
      [0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0],
    ]); // as the tutorial prints them
    const masks = [0, 1, 2].map((row) => [...triplets.masks.subarray(12 * row, 12 * row + 12)]);
    assert.deepEqual(masks, published.first3_masks_12);
    const chosen = masks.map((mask) => causal3dTripletColumns.map((column) => mask[column]));
    assert.deepEqual(chosen, published.first3_masks_10);
    assert.ok(
      slider.latents.every((value, i) => (i % 10 < 3 ? Math.abs(value) <= 2 : value >= 0 && value < 6.2832)),
    );
    assert.match(source, /tutorial from the mirror|tutorial from mirror/);
  });

  it("names the tutorial's columns", () => {
    assert.equal(causal3dColumns[causal3dModelColumns[5]], "theta_spot_light");
    assert.deepEqual(published.mask_columns_used_in_tutorial, [...causal3dTripletColumns]);
  });

  it("refuses a file of another size, naming the command that fetches it anew", async (t) => {
    const folder = temporaryFolder(t);
    mkdirSync(join(folder, "data/citris_dl2"), { recursive: true });
    writeNpz(join(folder, "data/citris_dl2/causal3d.npz"), {
      images: { shape: [1], data: Uint8Array.of(1) },
    });
    writeFileSync(join(folder, "data/citris_dl2/x"), "");
    await assert.rejects(loadCausal3d({ cache: folder, mirror: "", officialMs: 1 }), /causal3d|Cannot load/);
  });
});
