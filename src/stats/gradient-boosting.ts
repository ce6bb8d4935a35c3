// Gradient boosting of regression trees for the squared error (Friedman 2001, "Greedy function approximation"), with the
// defaults and the importances of sklearn.ensemble.GradientBoostingRegressor: 100 trees of depth 3, each fitted to what the
// trees before leave over and counted a tenth. Values are put into bins once, each distinct value into one of its own or,
// where there are more than 1,024, into as many quantiles, and each level of a tree is one pass over every column. Unlike
// there, which of two equally good splits is taken is not drawn: columns take turns, tree by tree.

/** A tree of 2^depth - 1 inner nodes, the children of node i being 2 i + 1 and 2 i + 2; leaves follow. */
interface RegressionTree {
  /** [2^depth - 1], the column that a node splits; -1 where it does not: then all samples go left. */
  columns: Int32Array;
  /** [2^depth - 1]; samples up to the threshold, itself included, go left. */
  thresholds: Float64Array;
  /** [2^depth] */
  leaves: Float64Array;
}

export interface GradientBoosting {
  /** The mean of the target. */
  initial: number;
  learningRate: number;
  trees: RegressionTree[];
  /** [features], how much of the squared error's decrease is due to splits of each; they sum to 1, or are all 0. */
  importance: Float64Array;
}

export interface GradientBoostingOptions {
  /** From 1. */
  trees?: number;
  /** Levels of splits, from 1 to 16. */
  depth?: number;
  /** Above 0. */
  learningRate?: number;
}

/** Values that are closer than this are never told apart, as in scikit-learn. */
const SAME_VALUE = 1e-7;
const MOST_BINS = 1024;

/**
 * Fits trees to a target.
 *
 * O(samples features (trees depth + log samples)): 10,000 samples of 3 features in a tenth of a second.
 *
 * @param features [features][samples], finite
 * @param target [samples], finite
 * @throws {TypeError} where lengths differ or there is nothing to fit; {RangeError} where a value is not finite or an
 *   option is out of its range
 * @example
 * import { gradientBoosting, predictGradientBoosting } from "dolab";
 * const model = gradientBoosting([[0, 1, 2, 3], [5, 5, 5, 5]], [0, 0, 1, 1]);
 * model.importance; // => [1, 0]
 * Math.round(1000 * predictGradientBoosting(model, [[0.4], [5]])[0]); // => 0
 */
export function gradientBoosting(
  features: readonly ArrayLike<number>[],
  target: ArrayLike<number>,
  { trees: count = 100, depth = 3, learningRate = 0.1 }: GradientBoostingOptions = {},
): GradientBoosting {
  requireOptions({ count, depth, learningRate });
  requireFeatures(features, target);
  const samples = target.length;
  const columns = features.map((column) => binnedColumn(column));
  let initial = 0;
  for (let i = 0; i < samples; i++) initial += target[i] / samples;
  const residual = Float64Array.from(target, (value) => value - initial);
  const gains = new Float64Array(features.length);
  const node = new Int32Array(samples); // which leaf of the newest tree a sample is in
  const trees = Array.from({ length: count }, (_, turn) => {
    const tree = growTree(columns, residual, { node, depth, gains, first: turn % features.length });
    for (let i = 0; i < samples; i++) residual[i] -= learningRate * tree.leaves[node[i]];
    return tree;
  });
  const total = gains.reduce((sum, gain) => sum + gain, 0);
  return { initial, learningRate, trees, importance: gains.map((gain) => (total > 0 ? gain / total : 0)) };
}

/**
 * Predicts the target of each sample.
 *
 * @param model what `gradientBoosting` has fitted
 * @param features [features][samples]
 * @returns [samples]
 * @throws {TypeError} where there are fewer features than were fitted
 * @example
 * import { gradientBoosting, predictGradientBoosting } from "dolab";
 * const features = [[0, 0, 0, 1, 1, 1]];
 * const model = gradientBoosting(features, [2, 2, 2, 5, 5, 5], { trees: 200 });
 * Array.from(predictGradientBoosting(model, [[0, 1]]), Math.round); // => [2, 5]
 */
export function predictGradientBoosting(
  { initial, learningRate, trees, importance }: GradientBoosting,
  features: readonly ArrayLike<number>[],
): Float64Array {
  if (features.length !== importance.length)
    throw new TypeError(
      `Cannot predict as there must be ${importance.length} features as in the fit: got ${features.length}`,
    );
  const predicted = new Float64Array(features[0].length).fill(initial);
  for (const { columns, thresholds, leaves } of trees) {
    for (let i = 0; i < predicted.length; i++) {
      let node = 0;
      while (node < columns.length) {
        const column = columns[node];
        const goesRight = column >= 0 && features[column][i] > thresholds[node];
        node = 2 * node + (goesRight ? 2 : 1);
      }
      predicted[i] += learningRate * leaves[node - columns.length];
    }
  }
  return predicted;
}

interface BinnedColumn {
  /** [samples], the bin of each. */
  bins: Uint16Array;
  /** [bins], the least and the greatest value in each. */
  lowest: Float64Array;
  highest: Float64Array;
}

function binnedColumn(column: ArrayLike<number>): BinnedColumn {
  const values = Float64Array.from(column);
  const sorted = values.slice().sort();
  const starts = [0]; // where distinct values begin
  for (let i = 1; i < sorted.length; i++) if (sorted[i] > sorted[i - 1] + SAME_VALUE) starts.push(i);
  const cut = (bin: number) => {
    const from = Math.ceil((bin * sorted.length) / MOST_BINS); // a quantile, moved to where a value begins
    return sorted.indexOf(sorted[from]);
  };
  const quantiles = () => [...new Set(Array.from({ length: MOST_BINS }, (_, bin) => cut(bin)))];
  const firsts = starts.length <= MOST_BINS ? starts : quantiles();
  const lowest = Float64Array.from(firsts, (first) => sorted[first]);
  const highest = Float64Array.from(firsts, (_, bin) => sorted[(firsts[bin + 1] ?? sorted.length) - 1]);
  return { bins: Uint16Array.from(values, (value) => binOf(lowest, value)), lowest, highest };
}

/** The last bin that begins at or below the value. */
function binOf(lowest: Float64Array, value: number): number {
  let [low, high] = [0, lowest.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (lowest[middle] <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

interface Growth {
  /** [samples], filled with each sample's leaf. */
  node: Int32Array;
  depth: number;
  /** [features], what each column's splits gain is added here. */
  gains: Float64Array;
  /** The column that wins where columns split equally well. */
  first: number;
}

/** Grows one tree level by level. */
function growTree(columns: readonly BinnedColumn[], residual: Float64Array, growth: Growth): RegressionTree {
  const { node, depth, gains, first } = growth;
  const inner = 2 ** depth - 1;
  const tree = { columns: new Int32Array(inner).fill(-1), thresholds: new Float64Array(inner) };
  node.fill(0); // within its level
  for (let level = 0; level < depth; level++) {
    const width = 2 ** level;
    const splits = bestSplits(columns, residual, { node, width, first });
    for (const [i, { column, threshold, gain }] of splits.entries()) {
      tree.columns[width - 1 + i] = column;
      tree.thresholds[width - 1 + i] = threshold;
      if (column >= 0) gains[column] += gain;
    }
    for (let sample = 0; sample < node.length; sample++) {
      const { column, bin } = splits[node[sample]];
      const goesRight = column >= 0 && columns[column].bins[sample] >= bin;
      node[sample] = 2 * node[sample] + (goesRight ? 1 : 0);
    }
  }
  const [totals, counts] = [new Float64Array(inner + 1), new Int32Array(inner + 1)];
  for (let i = 0; i < residual.length; i++) {
    totals[node[i]] += residual[i];
    counts[node[i]] += 1;
  }
  return { ...tree, leaves: totals.map((total, i) => (counts[i] > 0 ? total / counts[i] : 0)) };
}

interface Split {
  /** -1 where no split lowers the squared error. */
  column: number;
  /** The first bin that goes right. */
  bin: number;
  threshold: number;
  gain: number;
}

/** The split of each node of a level that lowers the squared error most. */
function bestSplits(
  columns: readonly BinnedColumn[],
  residual: Float64Array,
  { node, width, first }: { node: Int32Array; width: number; first: number },
): Split[] {
  const best = Array.from({ length: width }, (): Split => ({ column: -1, bin: 0, threshold: 0, gain: 0 }));
  for (let turn = 0; turn < columns.length; turn++) {
    const column = (first + turn) % columns.length;
    const count = columns[column].lowest.length;
    const sums = binSums(columns[column], residual, node, width);
    for (let i = 0; i < width; i++) {
      const own = sums.subarray(2 * i * count, 2 * (i + 1) * count);
      const found = bestCut(columns[column], own, best[i].gain);
      if (found) best[i] = { column, ...found };
    }
  }
  return best;
}

/** @returns [nodes, bins, 2], the residuals' sum and how many there are */
function binSums({ bins, lowest }: BinnedColumn, residual: Float64Array, node: Int32Array, nodes: number) {
  const count = lowest.length;
  const sums = new Float64Array(2 * nodes * count);
  for (let i = 0; i < residual.length; i++) {
    const at = 2 * (node[i] * count + bins[i]);
    sums[at] += residual[i];
    sums[at + 1] += 1;
  }
  return sums;
}

/** @returns the cut between bins that gains most, where that is more than `least` */
function bestCut(
  { lowest, highest }: BinnedColumn,
  sums: Float64Array,
  least: number,
): Omit<Split, "column"> | undefined {
  let [total, all] = [0, 0];
  for (let at = 0; at < sums.length; at += 2) {
    total += sums[at];
    all += sums[at + 1];
  }
  let [left, leftCount, last, gain, from, bin] = [0, 0, 0, least, -1, -1];
  for (let i = 0; i < lowest.length; i++) {
    const count = sums[2 * i + 1];
    if (count === 0) continue;
    if (leftCount > 0) {
      const rightCount = all - leftCount;
      const difference = left * rightCount - (total - left) * leftCount;
      const gained = (difference * difference) / (leftCount * rightCount * all);
      if (gained > gain) [gain, from, bin] = [gained, last, i];
    }
    left += sums[2 * i];
    leftCount += count;
    last = i;
  }
  return bin < 0 ? undefined : { bin, threshold: (highest[from] + lowest[bin]) / 2, gain };
}

function requireOptions({
  count,
  depth,
  learningRate,
}: Record<"count" | "depth" | "learningRate", number>): void {
  const rules: [boolean, string, number][] = [
    [Number.isSafeInteger(count) && count >= 1, "trees must be a whole number from 1", count],
    [
      Number.isInteger(depth) && depth >= 1 && depth <= 16,
      "the depth must be a whole number from 1 to 16",
      depth,
    ],
    [
      learningRate > 0 && learningRate < Number.POSITIVE_INFINITY,
      "the learning rate must be above 0",
      learningRate,
    ],
  ];
  for (const [holds, rule, value] of rules)
    if (!holds) throw new RangeError(`Cannot boost trees as ${rule}: got ${value}`);
}

function requireFeatures(features: readonly ArrayLike<number>[], target: ArrayLike<number>): void {
  if (features.length === 0 || target.length === 0)
    throw new TypeError("Cannot boost trees as there must be a feature and a sample: got none");
  for (const [index, values] of [...features, target].entries()) {
    const what = index === features.length ? "the target" : `feature ${index}`;
    if (values.length !== target.length)
      throw new TypeError(
        `Cannot boost trees as ${what} must have the target's ${target.length} samples: got ${values.length}`,
      );
    for (let i = 0; i < values.length; i++)
      if (!Number.isFinite(values[i]))
        throw new RangeError(`Cannot boost trees as ${what} must be finite: got ${values[i]} in sample ${i}`);
  }
}
