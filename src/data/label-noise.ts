// Symmetric label noise: `inject_label_noise` of source document 000 (W2, Causal Intervention), which changes exactly
// int(rate * n) labels, each to a uniformly drawn other class.
// On purpose different: the draws are the project's own unless `draws` asks for numpy's, the classes are given rather
// than 10, and a rate or label outside its range is refused, where the document would draw on.

import { requireKnownOptions } from "../io/known-options";
import { createRandom } from "../random";
import { createNumpyRandom } from "../random/numpy-mt19937";

/** What label noise is drawn with. */
export interface LabelNoiseOptions {
  /** 0 to 2^53 - 1, or to 2^32 - 1 for numpy's draws. */
  seed: number;
  /** Labels are 0 to classes - 1; at least 2. */
  classes?: number;
  /** "numpy" repeats the document's draws after `np.random.seed(seed)`, bit for bit. */
  draws?: "dolab" | "numpy";
}

/** Labels with noise, and where it is. */
export interface NoisyLabels<Labels> {
  /** A copy with the noise, [n]. */
  labels: Labels;
  /** Which were changed, in the order drawn, [trunc(rate * n)]. */
  changed: Int32Array;
}

/**
 * Changes trunc(rate * n) labels, each to another class drawn uniformly.
 *
 * @param labels class of each sample, [n]; left as they are
 * @param rate share of labels to change, 0 to 1
 * @param options the seed, how many classes there are (10), and whose draws these are
 * @throws TypeError for labels that are no Uint8Array or Int32Array; RangeError for a rate outside 0 to 1, fewer than 2
 *   classes, a label outside the classes, or a seed out of range
 * @example
 * import { injectLabelNoise } from "dolab";
 * const clean = Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
 * injectLabelNoise(clean, 0.4, { seed: 0, draws: "numpy" }).labels; // => [0, 1, 5, 3, 7, 5, 6, 7, 7, 8]
 */
export function injectLabelNoise<Labels extends Uint8Array | Int32Array>(
  labels: Labels,
  rate: number,
  options: LabelNoiseOptions,
): NoisyLabels<Labels> {
  requireKnownOptions("add label noise", options, ["seed", "classes", "draws"]);
  const { seed, classes = 10, draws = "dolab" } = options;
  checkLabels(labels, classes);
  if (!(rate >= 0 && rate <= 1))
    throw new RangeError(`Cannot add label noise as its rate must be from 0 to 1: got ${rate}`);
  const { order, below } = drawsFrom(draws, seed);
  const noisy = labels.slice() as Labels;
  const changed = order(labels.length).slice(0, Math.trunc(rate * labels.length));
  for (const index of changed) {
    const other = below(classes - 1); // its place among the other classes
    noisy[index] = other < labels[index] ? other : other + 1;
  }
  return { labels: noisy, changed };
}

function checkLabels(labels: Uint8Array | Int32Array, classes: number): void {
  if (!(labels instanceof Uint8Array || labels instanceof Int32Array))
    throw new TypeError("Cannot add label noise as labels must be a Uint8Array or an Int32Array");
  const most = labels instanceof Uint8Array ? 256 : 2 ** 31;
  if (!Number.isInteger(classes) || classes < 2 || classes > most)
    throw new RangeError(`Cannot add label noise as classes must be from 2 to ${most}: got ${classes}`);
  const wrong = (labels as Int32Array).findIndex((label) => label < 0 || label >= classes);
  if (wrong >= 0)
    throw new RangeError(
      `Cannot add label noise as labels must be from 0 to ${classes - 1}: got ${labels[wrong]} at ${wrong}`,
    );
}

/** The two kinds of draw that the noise needs, in either generator. */
function drawsFrom(draws: "dolab" | "numpy", seed: number) {
  if (draws === "numpy") {
    const numpy = createNumpyRandom(seed);
    return { order: numpy.permutation, below: numpy.integer };
  }
  if (draws !== "dolab")
    throw new RangeError(`Cannot add label noise as draws must be "dolab" or "numpy": got "${draws}"`);
  const rng = createRandom(seed);
  return {
    order: (n: number) => rng.permutation(n),
    below: (bound: number) => rng.integer(0, bound),
  };
}
