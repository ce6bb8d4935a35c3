// The images for the experiments on image classification: CIFAR-10 where it is cached or can be fetched, else, only
// where that is allowed, the textured shapes. Which of the two it is stands in `source` and `isSynthetic`.
import { requireKnownOptions } from "../io/known-options";
import type { ProgressReporter } from "../io/progress-reporter";
import { cifar10, cifar10FilesFor, readCifar10, recordsPerFile } from "./cifar10-files";
import type { ImageDataset } from "./image-dataset";
import { type Dataset, DatasetMissingError, type HeldDataset } from "./store/dataset";
import { patientLimits } from "./store/http-get";
import { type ObtainOptions, obtainDataset } from "./store/obtain-dataset";
import { texturedShapes } from "./textured-shapes";

/** Which images to load. */
export interface LoadCifar10Options {
  /**
   * "cifar10": the real images or an error. "generated": textured shapes. "auto": the real images if they are cached, on
   * a mirror or quick to download (an answer within 5 seconds, done within 5 minutes), else textured shapes.
   */
  data?: "auto" | "cifar10" | "generated";
  /** The first so many, 1 to 50,000. */
  trainingImages?: number;
  /** The first so many, 0 to 10,000. */
  testImages?: number;
  /** The seed that the textured shapes are drawn from. */
  seed?: number;
  /** How hard the textured shapes are to tell apart, 0 to 1. */
  difficulty?: number;
  progress?: ProgressReporter;
  /** Stops a download; what has come is kept. */
  signal?: AbortSignal;
  /** A folder or an http(s) address that holds cifar-10-batches-bin/ and SHA256SUMS; DOLAB_DATA_MIRROR by default. */
  mirror?: string;
  /** Where data sets are kept; DOLAB_CACHE or the user's cache folder by default. */
  cache?: string;
}

const OPTIONS: readonly (keyof LoadCifar10Options)[] = [
  ...(["data", "trainingImages", "testImages", "seed", "difficulty"] as const),
  ...(["progress", "signal", "mirror", "cache"] as const),
];

/** What `auto` gives a network that may not be there. */
const QUICK: ObtainOptions = {
  limits: { ...patientLimits, silenceMs: 5000, attempts: 2 },
  officialMs: 300_000,
};

/**
 * Loads CIFAR-10, or images of the same layout in its place.
 *
 * @param options which images, how many, and where to look for them
 * @returns images [n, 32, 32, 3], labels [n], class names, and where they came from
 * @throws {DatasetMissingError} where `data` is "cifar10" and the images cannot be had
 * @throws {RangeError} for numbers of images out of range, or naming a damaged file and the cure
 * @example
 * import { loadCifar10 } from "dolab";
 * const { source, training } = await loadCifar10({ data: "generated", trainingImages: 100, testImages: 10 });
 * source; // => "Generated textured shapes (seed 0), not CIFAR-10, as asked for: 100 training and 10 test images"
 * training.labels.length; // => 100
 */
export function loadCifar10(options: LoadCifar10Options = {}): Promise<ImageDataset> {
  return loadCifar10From(cifar10, options);
}

/** `loadCifar10` of a data set in CIFAR-10's layout that may be smaller, or lie elsewhere. */
export async function loadCifar10From(
  dataset: Dataset,
  options: LoadCifar10Options = {},
): Promise<ImageDataset> {
  requireKnownOptions("load images", options, OPTIONS);
  const {
    data = "auto",
    trainingImages = 5 * recordsPerFile(dataset),
    testImages = recordsPerFile(dataset),
    seed = 0,
    difficulty = 0,
    ...places
  } = options;
  if (!["auto", "cifar10", "generated"].includes(data))
    throw new RangeError(
      `Cannot load images as data must be "auto", "cifar10" or "generated": got ${JSON.stringify(data)}`,
    );
  requireCount("trainingImages", trainingImages, 1, 5 * recordsPerFile(dataset));
  requireCount("testImages", testImages, 0, recordsPerFile(dataset));
  const generate = (why: string): ImageDataset => ({
    ...texturedShapes({ seed, difficulty, trainingImages, testImages }),
    source: `Generated textured shapes (seed ${seed}), not CIFAR-10, ${why}: ${counts}`,
  });
  const counts = `${inWords(trainingImages)} training and ${inWords(testImages)} test images`;
  if (data === "generated") return generate("as asked for");
  let held: HeldDataset;
  try {
    const wanted = cifar10FilesFor(dataset, trainingImages, testImages);
    held = await obtainDataset(dataset, wanted, { ...(data === "auto" ? QUICK : {}), ...places });
  } catch (error) {
    if (data === "cifar10" || !(error instanceof DatasetMissingError)) throw error;
    const tried = error.attempts.map(({ reason }) => reason).join("; ");
    return generate(`which cannot be had here (${tried})`);
  }
  const origin = held.source
    ? `the cached copy of ${held.source}, checksums verified`
    : `${held.folder}, where it was put by hand, without checksums`;
  const source = `${dataset.title} from ${origin}: ${counts}`;
  return { ...readCifar10(held, { trainingImages, testImages }), source, isSynthetic: false };
}

const inWords = (count: number) => count.toLocaleString("en-US");

function requireCount(name: string, count: number, least: number, most: number): void {
  if (Number.isInteger(count) && count >= least && count <= most) return;
  throw new RangeError(
    `Cannot load images as ${name} must be a whole number from ${least} to ${most}: got ${count}`,
  );
}
