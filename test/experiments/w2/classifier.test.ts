import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { ImageDataset, LabelledImages } from "../../../src/data/image-dataset";
import { w2 } from "../../../src/experiments";
import { createClassifier } from "../../../src/experiments/w2/training/classifier";
import { createRandom } from "../../../src/random";
import { startBackend } from "../../../src/tensor";

before(startBackend);

const side = 32;
const rng = createRandom(3);
/** Images of random bytes. */
const noise = (count: number): LabelledImages => ({
  images: Uint8Array.from({ length: count * side * side * 3 }, () => rng.integer(0, 256)),
  labels: new Uint8Array(count),
});
const images: ImageDataset = {
  training: noise(5),
  test: noise(2),
  source: "random bytes",
  isSynthetic: true,
  classNames: ["cat", "dog"],
};

/** A training batch, with the channels of each image's pixels in a row. */
function batchOf(indices: number[], augmentation: { padding: number; flip: boolean }): Float32Array[] {
  const { configuration } = w2.parameters({ preset: "paper", width: 1, ...augmentation });
  const classifier = createClassifier(configuration, images);
  const batch = classifier.trainingBatch(Int32Array.from(indices), createRandom(7));
  assert.deepEqual(batch.shape, [indices.length, side, side, 3]);
  const values = batch.dataSync() as Float32Array;
  batch.dispose();
  classifier.dispose();
  const size = side * side * 3;
  return indices.map((_, place) => values.slice(place * size, (place + 1) * size));
}

/** The document's ToTensor and Normalize of one byte, in float32 as PyTorch rounds. */
function normalised(byte: number, channel: number): number {
  const [mean, deviation] = [[0.4914, 0.4822, 0.4465][channel], [0.2023, 0.1994, 0.201][channel]];
  const { fround } = Math;
  return fround(fround(fround(byte / 255) - fround(mean)) / fround(deviation));
}

/** Training image `index` moved by a crop, black where nothing is, then mirrored or not. */
function cropped(index: number, top: number, left: number, mirrored: boolean): Float32Array {
  return Float32Array.from({ length: side * side * 3 }, (_, value) => {
    const channel = value % 3;
    const [y, across] = [Math.floor(value / 3 / side) + top, Math.floor(value / 3) % side];
    const x = (mirrored ? side - 1 - across : across) + left;
    const inside = y >= 0 && y < side && x >= 0 && x < side;
    const byte = inside ? images.training.images[((index * side + y) * side + x) * 3 + channel] : 0;
    return normalised(byte, channel);
  });
}

describe("trainingBatch()", () => {
  it("has the images asked for, each byte normalised as the document does, to the last bit", () => {
    const indices = [4, 0, 4];
    const found = batchOf(indices, { padding: 0, flip: false });
    for (const [place, index] of indices.entries())
      assert.deepEqual(found[place], cropped(index, 0, 0, false), `place ${place}`);
  });

  it("crops each image out of four black pixels on each side, and mirrors some, not all", () => {
    const indices = Array.from({ length: 24 }, (_, place) => place % 5);
    const found = batchOf(indices, { padding: 4, flip: true });
    const shifts = Array.from({ length: 9 }, (_, shift) => shift - 4);
    const places = shifts.flatMap((top) => shifts.map((left) => ({ top, left })));
    const isEqual = (a: Float32Array, b: Float32Array) => a.every((value, i) => value === b[i]);
    const drawn = found.map((pixels, place) => {
      const [match] = places.flatMap(({ top, left }) =>
        [false, true]
          .filter((mirrored) => isEqual(pixels, cropped(indices[place], top, left, mirrored)))
          .map((mirrored) => ({ top, left, mirrored })),
      );
      assert.ok(match, `image ${place} is a crop of its own`);
      return match;
    });
    assert.equal(new Set(drawn.map(({ mirrored }) => mirrored)).size, 2);
    assert.ok(new Set(drawn.map(({ top, left }) => `${top} ${left}`)).size > 12);
  });
});
