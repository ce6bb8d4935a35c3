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
    const { images } = texturedShapes({ seed: 0, trainingImages: 20, testImages: 0 }).training;
    assert.equal(sha256(images), "02b51ddbd1f651b8639a9c76aae962bcca313ba0917a2729096d8220a7c34c15");
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

  it("refuses numbers of images that are none", () => {
    for (const trainingImages of [-1, 0.5, Number.NaN])
      assert.throws(() => texturedShapes({ seed: 0, trainingImages }), /whole number from 0/);
    assert.throws(() => texturedShapes({ seed: -1 }), /seed/);
  });
});
