import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { noisyLabels } from "../../../src/experiments/w2/training/noisy-labels";
import given from "../../fixtures/seed000/label_noise.json";

const classNames = Array.from({ length: 10 }, (_, name) => String(name));
const labelsAt = (noiseDraws: "numpy" | "dolab", { labels, rate, seed }: (typeof given.cases)[number]) => {
  const training = { images: new Uint8Array(), labels: Uint8Array.from(labels) };
  return [...noisyLabels({ training, classNames }, { noiseRate: rate, noiseDraws }, seed)];
};

describe("noisyLabels()", () => {
  it("are the document's own by numpy's draws from the run's seed", () => {
    for (const one of given.cases) assert.deepEqual(labelsAt("numpy", one), one.noisy);
  });

  it("are as many by our own draws", () => {
    const changed = (noisy: number[], { labels }: { labels: number[] }) =>
      noisy.filter((label, index) => label !== labels[index]).length;
    for (const one of given.cases)
      assert.equal(changed(labelsAt("dolab", one), one), changed(one.noisy, one));
  });
});
