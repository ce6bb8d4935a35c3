// Colour images that need no download: ten classes, each a shape (disk, ring, square, triangle, cross) with a texture (plain,
// striped), so that a class is told by both together and by neither colour nor place. How hard they are is a parameter: from
// one large upright shape in the middle of an even ground (0) to smaller ones anywhere, in any direction, among clutter (1).
import { requireKnownOptions } from "../io/known-options";
import { createRandom } from "../random";
import { IMAGE_VALUES, type ImageDataset, type LabelledImages } from "./image-dataset";
import { drawTexturedShape, type Shape, type Texture } from "./textured-shapes-drawing";

const SHAPES: readonly Shape[] = ["disk", "ring", "square", "triangle", "cross"];
const TEXTURES: readonly Texture[] = ["plain", "striped"];

/** Names of the classes, in the order of their labels. */
export const texturedShapeClasses: readonly string[] = TEXTURES.flatMap((texture) =>
  SHAPES.map((shape) => `${texture} ${shape}`),
);

/** Which images to draw. */
export interface TexturedShapesOptions {
  /** 0 to 2^53 - 1. */
  seed: number;
  /** From 0, the default, to 1. Shifts, turns, clutter, noise and faint contrasts all grow with it. */
  difficulty?: number;
  trainingImages?: number;
  testImages?: number;
}

/**
 * Draws a training set and a test set of textured shapes. Each image depends on the seed, the difficulty, its set and its
 * place alone; of each ten images in a row, from the first on, each class has one.
 *
 * @param options the seed, how hard the images are, and how many there are
 * @throws {RangeError} for a seed or a difficulty out of range, or a number of images that is not a whole number from 0
 * @example
 * import { texturedShapes } from "dolab";
 * const { training, test, classNames } = texturedShapes({ seed: 0, trainingImages: 20, testImages: 10 });
 * training.images.length; // => 61440
 * classNames[test.labels[0]]; // => "striped disk"
 */
export function texturedShapes(options: TexturedShapesOptions): ImageDataset {
  requireKnownOptions("draw images", options, ["seed", "difficulty", "trainingImages", "testImages"]);
  const { seed, difficulty = 0, trainingImages = 50_000, testImages = 10_000 } = options;
  if (!(difficulty >= 0 && difficulty <= 1))
    throw new RangeError(`Cannot draw images as their difficulty must be from 0 to 1: got ${difficulty}`);
  return {
    training: drawSet(seed, { name: "training", count: trainingImages, difficulty }),
    test: drawSet(seed, { name: "test", count: testImages, difficulty }),
    classNames: texturedShapeClasses,
    source: `Built-in generator of textured shapes, seed ${seed}, difficulty ${difficulty}`,
    isSynthetic: true,
  };
}

interface SetToDraw {
  name: string;
  count: number;
  difficulty: number;
}

function drawSet(seed: number, { name, count, difficulty }: SetToDraw): LabelledImages {
  if (!Number.isSafeInteger(count) || count < 0)
    throw new RangeError(`Cannot draw images as their number must be a whole number from 0: got ${count}`);
  const set = createRandom(seed).split(`textured shapes, ${name}`);
  const images = new Uint8Array(count * IMAGE_VALUES); // [count, 32, 32, 3]
  const labels = new Uint8Array(count);
  const classes = texturedShapeClasses.length;
  for (let first = 0; first < count; first += classes) {
    const order = set.split(`order from ${first}`).permutation(classes);
    for (let image = first; image < Math.min(first + classes, count); image++) {
      const label = order[image - first];
      labels[image] = label;
      drawTexturedShape(images.subarray(image * IMAGE_VALUES, (image + 1) * IMAGE_VALUES), {
        shape: SHAPES[label % SHAPES.length],
        texture: TEXTURES[Math.floor(label / SHAPES.length)],
        difficulty,
        rng: set.split(image),
      });
    }
  }
  return { images, labels };
}
