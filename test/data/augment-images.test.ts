import assert from "node:assert/strict";
import { test } from "node:test";
import { augmentImages, type ByteImages } from "../../src/data";
import { createRandom, type Random } from "../../src/random";

/** Images of bytes that a generator drew. */
function drawnImages(shape: [number, number, number, number], seed = 1): ByteImages {
  const rng = createRandom(seed);
  const data = Uint8Array.from({ length: shape.reduce((a, b) => a * b) }, () => rng.integer(0, 256));
  return { shape, data };
}

const mean = [0.4914, 0.4822, 0.4465];
const standardDeviation = [0.247, 0.2435, 0.2616];

interface Transform {
  padding: number;
  flip: boolean;
  rng: Random;
}

/** Pads, crops, mirrors, scales and normalises one after the other, pixel by pixel and in float64. */
function naive({ shape, data }: ByteImages, indices: number[], { padding, flip, rng }: Transform): number[] {
  const [, height, width, channels] = shape;
  return indices.flatMap((index) => {
    const pixel = (y: number, x: number, c: number) =>
      y < 0 || y >= height || x < 0 || x >= width
        ? 0
        : data[((index * height + y) * width + x) * channels + c];
    const padded = Array.from({ length: height + 2 * padding }, (_, y) =>
      Array.from({ length: width + 2 * padding }, (_, x) =>
        Array.from({ length: channels }, (_, c) => pixel(y - padding, x - padding, c)),
      ),
    );
    const [top, left] = [rng.integer(0, 2 * padding + 1), rng.integer(0, 2 * padding + 1)];
    const mirrored = rng.uniform() < 0.5 && flip;
    const cropped = padded.slice(top, top + height).map((row) => row.slice(left, left + width));
    const turned = mirrored ? cropped.map((row) => row.reverse()) : cropped;
    return turned
      .flat(1)
      .flatMap((values) => values.map((v, c) => (v / 255 - mean[c]) / standardDeviation[c]));
  });
}

for (const [what, shape, padding, flip] of [
  ["crop and flip", [5, 6, 7, 3], 2, true],
  ["crop", [5, 6, 7, 3], 4, false],
  ["flip", [5, 6, 7, 3], 0, true],
  ["a crop that may miss the image", [3, 2, 3, 3], 5, true],
] as const) {
  test(`augmentImages() does what ${what} do one after the other`, () => {
    const images = drawnImages([...shape]);
    const indices = Array.from({ length: 60 }, (_, i) => (7 * i) % shape[0]);
    const actual = augmentImages(images, indices, {
      rng: createRandom(2),
      ...(padding > 0 ? { crop: { padding } } : {}),
      flip,
      mean,
      standardDeviation,
    });
    const expected = naive(images, indices, { padding, flip, rng: createRandom(2) });
    assert.equal(actual.length, expected.length);
    for (const [i, value] of expected.entries()) assert.ok(Math.abs(actual[i] - value) < 1e-6, `${i}`);
  });
}

test("augmentImages() rounds as torchvision does: byte / 255, less the mean, by the deviation, each in float32", () => {
  const images = { shape: [1, 1, 256, 1], data: Uint8Array.from({ length: 256 }, (_, byte) => byte) };
  const actual = augmentImages(images, [0], { mean: [0.1307], standardDeviation: [0.3081] });
  const { fround } = Math;
  for (const byte of images.data) {
    const scaled = fround(fround(byte) / fround(255));
    assert.equal(actual[byte], fround(fround(scaled - fround(0.1307)) / fround(0.3081)));
  }
  assert.equal(augmentImages(images, [0])[51], fround(0.2));
});

test("augmentImages() crops at each place equally often and mirrors half of the images", () => {
  const data = new Uint8Array(25);
  data[12] = 255; // the middle pixel tells the crop
  const rng = createRandom(8);
  const draws = 9000;
  const batch = augmentImages({ shape: [1, 5, 5, 1], data }, new Int32Array(draws), {
    rng,
    crop: { padding: 1 },
  });
  const seen = new Map<number, number>();
  for (let i = 0; i < draws; i++) {
    const place = batch.subarray(25 * i, 25 * i + 25).indexOf(1);
    seen.set(place, (seen.get(place) ?? 0) + 1);
  }
  assert.deepEqual(
    [...seen.keys()].sort((a, b) => a - b),
    [6, 7, 8, 11, 12, 13, 16, 17, 18],
  );
  const chiSquare = [...seen.values()].reduce((sum, times) => sum + (times - 1000) ** 2 / 1000, 0);
  assert.ok(chiSquare < 26.1, `chi-square of ${chiSquare} with 8 degrees of freedom`); // 0.999 quantile
  const pair = { shape: [1, 1, 2, 1], data: Uint8Array.of(0, 255) };
  const flipped = augmentImages(pair, new Int32Array(draws), { rng, flip: true });
  const mirrored = flipped.filter((value, i) => i % 2 === 0 && value === 1).length;
  assert.ok(Math.abs(mirrored - draws / 2) < 4 * Math.sqrt(draws / 4), `${mirrored} of ${draws}`); // 4 sigma
});

test("augmentImages() is a function of the generator's state, which three draws an image move on", () => {
  const images = drawnImages([4, 3, 3, 3]);
  const rng = createRandom(1);
  const options = { crop: { padding: 1 }, flip: true };
  const first = augmentImages(images, [0, 1, 2], { rng, ...options });
  const state = rng.state();
  const second = augmentImages(images, [0, 1, 2], { rng, ...options });
  assert.notDeepEqual(second, first);
  assert.deepEqual(augmentImages(images, [0, 1, 2], { rng: createRandom(state), ...options }), second);
  augmentImages(images, [0], { rng });
  assert.deepEqual(
    augmentImages(images, [3], {}),
    augmentImages(images, [3], { rng }),
    "no crop and flip: no draw",
  );
});

test("augmentImages() refuses images, indices and options that do not fit", () => {
  const images = drawnImages([4, 3, 3, 3]);
  const rng = createRandom(1);
  const refused = (pattern: RegExp, options: object, indices = [0], given = images) =>
    assert.throws(() => augmentImages(given, indices, options), pattern);
  refused(/RangeError: Cannot make a batch as there are images 0 to 3: got 4/, {}, [0, 4]);
  refused(/images 0 to 3: got 0.5/, {}, [0.5]);
  refused(/needs an rng: got undefined/, { flip: true });
  refused(/padding is a whole number from 0: got -1/, { rng, crop: { padding: -1 } });
  refused(/mean has a number for each of 3 channels: got 1/, { mean: [0] });
  refused(/standardDeviation is above 0: got 0/, { standardDeviation: [1, 0, 1] });
  refused(/TypeError: .*got \[4,3,3\] of 108 bytes/, {}, [0], { ...images, shape: [4, 3, 3] });
});
