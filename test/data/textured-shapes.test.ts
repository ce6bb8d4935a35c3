import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { texturedShapeClasses, texturedShapes } from "../../src/data/textured-shapes";

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const { training, test, classNames, isSynthetic } = texturedShapes({
  seed: 1,
  trainingImages: 600,
  testImages: 200,
});
const image = (images: Uint8Array, index: number) => images.subarray(index * 3072, (index + 1) * 3072);

describe("texturedShapes()", () => {
  it("makes each image from the seed, its set and its place alone", () => {
    const fewer = texturedShapes({ seed: 1, trainingImages: 37, testImages: 0 });
    assert.deepEqual(fewer.training.images, training.images.slice(0, 37 * 3072));
    assert.deepEqual(fewer.training.labels, training.labels.slice(0, 37));
    const other = texturedShapes({ seed: 2, trainingImages: 37, testImages: 0 });
    assert.notDeepEqual(other.training.images, fewer.training.images);
    assert.notDeepEqual(image(training.images, 0), image(test.images, 0));
  });

  it("stays what it is: results of other versions can be compared", () => {
    const drawn = (difficulty: number) =>
      sha256(texturedShapes({ seed: 0, difficulty, trainingImages: 20, testImages: 0 }).training.images);
    assert.equal(drawn(0), "e0626434fa13d392f03b473aaaef2a50dd20f0e0f9517297616728f5dd37b53c");
    assert.equal(drawn(1), "58a1712edc42710ff250939e2e61cf0318dceefce7e90184c66013d668287579");
  });

  it("is harder at a greater difficulty: shapes leave the middle, and their ground is less even", () => {
    // The corners of an image are ground alone where the shape is in the middle.
    const unevenness = (difficulty: number) => {
      const { images } = texturedShapes({ seed: 4, difficulty, trainingImages: 100, testImages: 0 }).training;
      const corners = [0, 31, 31 * 32, 31 * 33].map((pixel) => 3 * pixel);
      const spreads = Array.from({ length: 100 }, (_, index) => {
        const reds = corners.map((place) => images[index * 3072 + place]);
        return Math.max(...reds) - Math.min(...reds);
      });
      return spreads.reduce((sum, spread) => sum + spread, 0) / 100;
    };
    const [easy, middle, hard] = [0, 0.5, 1].map(unevenness);
    assert.ok(easy < 12 && easy < middle && middle < hard, `${easy}, ${middle}, ${hard}`);
  });

  it("draws no image twice, in the training set or the test set", () => {
    const all = [training, test].flatMap(({ images, labels }) =>
      Array.from(labels, (_, index) => sha256(image(images, index))),
    );
    assert.equal(new Set(all).size, 800);
  });

  it("has each class once in ten images, in orders that differ", () => {
    const orders = new Set<string>();
    for (let first = 0; first < 600; first += 10) {
      const ten = [...training.labels.slice(first, first + 10)];
      assert.deepEqual([...ten].sort(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      orders.add(ten.join());
    }
    assert.ok(orders.size > 55);
    assert.equal(classNames, texturedShapeClasses);
    assert.equal(new Set(classNames).size, 10);
    assert.equal(isSynthetic, true);
  });

  it("tells no class by its mean colour or its mean image", () => {
    // The nearest class mean, as a linear classifier, on images it has not seen: chance is 20 of 200, deviation 4.2.
    const means = classNames.map(() => new Float64Array(3072));
    training.labels.forEach((label, index) => {
      image(training.images, index).forEach((value, place) => {
        means[label][place] += value / 60;
      });
    });
    const nearest = (pixels: Uint8Array) => {
      const distances = means.map((mean) =>
        mean.reduce((sum, value, place) => sum + (value - pixels[place]) ** 2, 0),
      );
      return distances.indexOf(Math.min(...distances));
    };
    const right = test.labels.filter((label, index) => nearest(image(test.images, index)) === label).length;
    assert.ok(right < 50, `${right} of 200 right`);
  });

  it("uses the range of brightness and leaves it rarely", () => {
    let [sum, ends] = [0, 0];
    for (const value of training.images) {
      sum += value;
      ends += value === 0 || value === 255 ? 1 : 0;
    }
    const mean = sum / training.images.length;
    assert.ok(mean > 90 && mean < 150, `mean ${mean}`);
    assert.ok(ends / training.images.length < 0.08, `${ends} values at the ends`);
  });

  it("refuses numbers of images that are none, and difficulties out of range", () => {
    for (const trainingImages of [-1, 0.5, Number.NaN])
      assert.throws(() => texturedShapes({ seed: 0, trainingImages }), /whole number from 0/);
    assert.throws(() => texturedShapes({ seed: -1 }), /seed/);
    for (const difficulty of [-0.1, 1.1, Number.NaN])
      assert.throws(() => texturedShapes({ seed: 0, difficulty }), /difficulty must be from 0 to 1: got/);
  });
});
