import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { parseAssignments, twoByTwo } from "../../src/experiments";
import { loadRunData } from "../../src/experiments/two-by-two/diagnostics-sources";
import { nearest } from "../../src/io/nearest-name";

describe("parameters()", () => {
  afterEach(() => {
    delete process.env.DOLAB_PARAMETERS;
  });

  it("takes the quick preset unless told otherwise", () => {
    const { configuration, overrides } = twoByTwo.parameters();
    assert.equal(configuration.preset, "quick");
    assert.equal(configuration.samples, 512);
    assert.deepEqual(overrides, {});
  });

  it("lets a headless run win over the notebook, and the notebook over the preset", () => {
    process.env.DOLAB_PARAMETERS = '{"samples": 64}';
    const { configuration, overrides } = twoByTwo.parameters({
      preset: "smoke",
      samples: 128,
      checkpoints: 3,
    });
    assert.equal(configuration.samples, 64);
    assert.equal(configuration.checkpoints, 3);
    assert.equal(configuration.replicates, 100);
    assert.deepEqual(overrides, { samples: 64 });
  });

  it("names the nearest key for one it does not know", () => {
    assert.throws(() => twoByTwo.parameters({ sample: 3 } as object), /"sample" \(nearest: "samples"\)/);
  });

  it("names key and value of what is out of range, and a preset that is none", () => {
    assert.throws(() => twoByTwo.parameters({ samples: 1 }), /samples = 1 \(.*16/);
    assert.throws(
      () => twoByTwo.parameters({ preset: "fast" } as object),
      /smoke, quick, standard, paper: got "fast"/,
    );
  });

  it("refuses overrides that are no JSON object", () => {
    process.env.DOLAB_PARAMETERS = "[1]";
    assert.throws(() => twoByTwo.parameters(), { name: "SyntaxError", message: /DOLAB_PARAMETERS/ });
  });
});

describe("loadRunData()", () => {
  it("never lets the generator stand in silently at the larger presets", () => {
    const { configuration } = twoByTwo.parameters({ preset: "paper" });
    assert.throws(() => loadRunData(configuration), /must be told its data/);
    const { configuration: told } = twoByTwo.parameters({ preset: "smoke", data: "synthetic" });
    assert.equal(loadRunData(told).synthetic, true);
  });

  it("names a folder that is missing or has none of the files", () => {
    const run = (data: string) => loadRunData(twoByTwo.parameters({ data }).configuration);
    assert.throws(() => run("no-such-folder"), /there is no such folder: got "no-such-folder"/);
    assert.throws(() => run(__dirname), /none of the document's files, such as diag_8k.npz/);
  });
});

describe("parseAssignments()", () => {
  it("keeps text that is not JSON, and everything after the first equals sign", () => {
    assert.deepEqual(parseAssignments(["a=1", "b=x=y", "c=[1,2]", "d="]), {
      a: 1,
      b: "x=y",
      c: [1, 2],
      d: "",
    });
  });

  it("refuses a pair without a key", () => {
    assert.throws(() => parseAssignments(["a=1", "a=2"]), /Cannot set "a" twice: got "a=1" and "a=2"/);
    assert.throws(() => parseAssignments(["512"]), /must read key=value: got "512"/);
  });
});

describe("nearest()", () => {
  it("counts edits regardless of case", () => {
    assert.equal(nearest("Seeed", ["samples", "seed"]), "seed");
  });
});
