import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { shrinkImages } from "../../src/data/shrink-images";

describe("shrinkImages()", () => {
  // two images of 4 x 4 pixels and two channels: the first channel holds the pixel's place, the second three times that
  const images = {
    shape: [2, 4, 4, 2],
    data: Uint8Array.from({ length: 64 }, (_, i) => (i >> 1) * (i % 2 === 0 ? 1 : 3)),
  };

  it("takes the mean of each square, in each image and channel on its own", () => {
    const { shape, data } = shrinkImages(images, 2);
    assert.deepEqual(shape, [2, 2, 2, 2]);
    // places 0, 1, 4, 5 have mean 2.5, and so on; halves are rounded up
    assert.deepEqual([...data], [3, 8, 5, 14, 11, 32, 13, 38, 19, 56, 21, 62, 27, 80, 29, 86]);
  });

  it("gives one pixel at the full side, and the images themselves at factor 1", () => {
    assert.deepEqual([...shrinkImages(images, 4).data], [8, 23, 24, 71]);
    assert.equal(shrinkImages(images, 1), images);
  });

  it("refuses a factor that does not divide both sides", () => {
    for (const factor of [3, 0, -1, 1.5])
      assert.throws(() => shrinkImages(images, factor), /4 x 4 pixels as the factor must divide both/);
  });
});
