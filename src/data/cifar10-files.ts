// CIFAR-10 (Krizhevsky 2009, "Learning Multiple Layers of Features from Tiny Images"), the "binary version" of
// https://www.cs.toronto.edu/~kriz/cifar.html: files of 10,000 records of a label and 1,024 red, green and blue bytes.
// Size and MD5 of the archive as published there (MD5) and as its server sends it (size).
import { readFileSync } from "node:fs";
import { IMAGE_SIDE, IMAGE_VALUES, type LabelledImages } from "./image-dataset";
import { damagedFile, heldFile } from "./store/cache";
import type { Dataset, HeldDataset } from "./store/dataset";

const CLASSES = 10;
const PLANE = IMAGE_SIDE * IMAGE_SIDE;
const RECORD = 1 + IMAGE_VALUES;
const NAMES = "batches.meta.txt";

/** The data set as published; smaller copies of it, in the same layout, serve the tests. */
export const cifar10: Dataset = cifar10Layout(10_000, {
  archive: "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
  bytes: 170_052_171,
  md5: "c32a1d4ab5d03f1284b67883e8d87530",
});

/** A data set in CIFAR-10's layout. @param records images a file */
export function cifar10Layout(records: number, official: Dataset["official"]): Dataset {
  const batches = [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`);
  return {
    name: "cifar10",
    title: "CIFAR-10",
    folder: "cifar-10-batches-bin",
    files: [
      ...[...batches, "test_batch.bin"].map((name) => ({ name, bytes: records * RECORD })),
      { name: NAMES, bytes: { most: 1024 } },
    ],
    official,
  };
}

/** Images in one file of a data set in CIFAR-10's layout. */
export function recordsPerFile({ files: [first] }: Dataset): number {
  return typeof first.bytes === "number" ? first.bytes / RECORD : 0;
}

/** Which files hold the first so many images. */
export function cifar10FilesFor(dataset: Dataset, trainingImages: number, testImages: number): string[] {
  const batches = Math.ceil(trainingImages / recordsPerFile(dataset));
  const training = dataset.files.slice(0, batches).map(({ name }) => name);
  return [...training, ...(testImages > 0 ? ["test_batch.bin"] : []), NAMES];
}

/** What CIFAR-10's files hold. */
export interface Cifar10 {
  readonly training: LabelledImages;
  readonly test: LabelledImages;
  readonly classNames: readonly string[];
}

/**
 * Reads the first images of the training and test set, checking size, checksum (where one is recorded) and labels.
 *
 * @param held the files, as `obtainDataset` or `cachedDataset` found them
 * @param options.trainingImages how many training images, 0 to 50,000
 * @param options.testImages how many test images, 0 to 10,000
 * @throws {RangeError} naming the file and the cure where one is missing or not as it should be
 */
export function readCifar10(
  held: HeldDataset,
  {
    trainingImages = 5 * recordsPerFile(held.dataset),
    testImages = recordsPerFile(held.dataset),
  }: { trainingImages?: number; testImages?: number } = {},
): Cifar10 {
  const classNames = readFileSync(heldFile(held, NAMES), "utf8")
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "");
  if (classNames.length !== CLASSES)
    throw damagedFile(held, NAMES, `it must name ${CLASSES} classes: got ${classNames.length}`);
  const batches = cifar10FilesFor(held.dataset, trainingImages, 0).filter((name) => name !== NAMES);
  const training = readImages(held, batches, trainingImages);
  const test = readImages(held, testImages > 0 ? ["test_batch.bin"] : [], testImages);
  return { training, test, classNames };
}

/** Reads the first `count` images of files in turn. */
function readImages(held: HeldDataset, names: readonly string[], count: number): LabelledImages {
  const images = new Uint8Array(count * IMAGE_VALUES);
  const labels = new Uint8Array(count);
  let image = 0;
  for (const name of names) {
    const bytes = readFileSync(heldFile(held, name));
    for (let start = 0; start < bytes.length && image < count; start += RECORD, image++) {
      const label = bytes[start];
      if (label >= CLASSES) {
        const rule = `labels must be from 0 to ${CLASSES - 1}`;
        throw damagedFile(held, name, `${rule}: got ${label} in record ${start / RECORD}`);
      }
      labels[image] = label;
      interleave(bytes, start + 1, images, image * IMAGE_VALUES);
    }
  }
  return { images, labels };
}

/** Turns red, green and blue planes into pixels. */
function interleave(planes: Uint8Array, from: number, pixels: Uint8Array, to: number): void {
  for (let pixel = 0; pixel < PLANE; pixel++) {
    pixels[to + 3 * pixel] = planes[from + pixel];
    pixels[to + 3 * pixel + 1] = planes[from + PLANE + pixel];
    pixels[to + 3 * pixel + 2] = planes[from + 2 * PLANE + pixel];
  }
}
