// Ridge regression in closed form, as sklearn.linear_model.Ridge: minimises |y - X w - b|^2 + penalty |w|^2, the intercept b
// unpenalised (Hoerl & Kennard 1970). Solved by Cholesky's decomposition in the smaller of two spaces: that of the features,
// or that of the samples (w = X' (X X' + penalty)^-1 y), so that activations wider than the sample cost nothing more.
import { requireKnownOptions } from "../io/known-options";
import { mean } from "./mean";
import { numbersOf, type Rows, rowsOf, type Values } from "./values";

export interface RidgeModel {
  /** [features] */
  weights: Float64Array;
  intercept: number;
}

/**
 * Fits linear models to several targets over the same features.
 *
 * @param features [samples][features], finite
 * @param targets [targets][samples]
 * @param options.penalty above 0
 * @returns one model for each target
 * @throws {TypeError} where lengths differ or there is nothing to fit; {RangeError} for a penalty that is not above 0, or
 *   features that are not finite
 * @example
 * import { ridgeRegression } from "dolab";
 * const [{ weights, intercept }] = ridgeRegression([[0], [1], [2]], [[1, 3, 5]], { penalty: 2 });
 * weights; // => [1]
 * intercept; // => 2
 */
export function ridgeRegression(
  features: Rows,
  targets: Rows,
  options: { penalty?: number } = {},
): RidgeModel[] {
  requireKnownOptions("fit a ridge", options, ["penalty"]);
  const { penalty = 1 } = options;
  const measured = rowsOf("fit a ridge", "features", features);
  const wanted = rowsOf("fit a ridge", "targets", targets);
  checkSamples(measured, wanted, penalty);
  const [samples, width] = [measured.length, measured[0].length];
  const centres = combine(measured, new Float64Array(samples).fill(1 / samples));
  const rows = measured.map((row) => {
    const centred = Float64Array.from(row);
    for (let i = 0; i < width; i++) centred[i] -= centres[i];
    return centred;
  });
  const wide = width > samples;
  const columns = wide ? [] : Array.from(centres, (_, i) => Float64Array.from(rows, (row) => row[i]));
  const factor = decompose(gramMatrix(wide ? rows : columns, penalty));
  return wanted.map((target) => {
    const level = mean(target);
    const centred = Float64Array.from(target, (value) => value - level);
    const weights = wide
      ? combine(rows, solve(factor, centred))
      : solve(
          factor,
          columns.map((column) => dot(column, centred)),
        );
    return { weights, intercept: level - dot(weights, centres) };
  });
}

/**
 * Returns what a linear model predicts for one sample.
 *
 * @param model one of those that `ridgeRegression` returns
 * @param features the sample's features, [features]
 * @throws {TypeError} where there are more or fewer features than the model has weights
 * @example
 * import { predictRidge } from "dolab";
 * predictRidge({ weights: Float64Array.of(2, 1), intercept: 3 }, [10, 1]); // => 24
 */
export function predictRidge({ weights, intercept }: RidgeModel, features: Values): number {
  const values = numbersOf("predict by a ridge", "features", features);
  if (values.length !== weights.length)
    throw new TypeError(
      `Cannot predict by a ridge as the model takes one sample of ${weights.length} features: got ${values.length}`,
    );
  return intercept + dot(weights, values);
}

function checkSamples(
  features: readonly ArrayLike<number>[],
  targets: readonly ArrayLike<number>[],
  penalty: number,
): void {
  if (!(penalty > 0 && penalty < Number.POSITIVE_INFINITY))
    throw new RangeError(`Cannot fit a ridge as its penalty must be finite and above 0: got ${penalty}`);
  const width = features[0]?.length ?? 0;
  if (width === 0)
    throw new TypeError("Cannot fit a ridge as there must be a sample and a feature: got none");
  for (const [sample, row] of features.entries()) {
    if (row.length !== width)
      throw new TypeError(
        `Cannot fit a ridge as samples have ${width} features as the first: got ${row.length} in sample ${sample}`,
      );
    for (let i = 0; i < width; i++)
      if (!Number.isFinite(row[i]))
        throw new RangeError(
          `Cannot fit a ridge as features must be finite: got ${row[i]} in sample ${sample}`,
        );
  }
  for (const { length } of targets)
    if (length !== features.length)
      throw new TypeError(
        `Cannot fit a ridge as a target has as many values as there are samples, ${features.length}: got ${length}`,
      );
}

/** The sum of rows, each times its factor. */
function combine(rows: readonly ArrayLike<number>[], factors: Float64Array): Float64Array {
  const sum = new Float64Array(rows[0].length);
  for (const [sample, row] of rows.entries()) {
    const factor = factors[sample];
    for (let i = 0; i < sum.length; i++) sum[i] += factor * row[i];
  }
  return sum;
}

function dot(left: ArrayLike<number>, right: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < left.length; i++) sum += left[i] * right[i];
  return sum;
}

/** Products of all pairs, the lower triangle, with the penalty on the diagonal. */
const gramMatrix = (vectors: readonly Float64Array[], penalty: number): Float64Array[] =>
  vectors.map((vector, i) =>
    Float64Array.from({ length: i + 1 }, (_, j) => dot(vector, vectors[j]) + (i === j ? penalty : 0)),
  );

/** Cholesky's lower triangle, in place. */
function decompose(lower: Float64Array[]): Float64Array[] {
  for (const [i, row] of lower.entries()) {
    for (let j = 0; j <= i; j++) {
      let rest = row[j];
      for (let k = 0; k < j; k++) rest -= row[k] * lower[j][k];
      row[j] = i === j ? Math.sqrt(rest) : rest / lower[j][j];
    }
  }
  return lower;
}

/** Solves lower lower' x = right. */
function solve(lower: readonly Float64Array[], right: ArrayLike<number>): Float64Array {
  const x = Float64Array.from(right);
  for (let i = 0; i < x.length; i++) {
    for (let k = 0; k < i; k++) x[i] -= lower[i][k] * x[k];
    x[i] /= lower[i][i];
  }
  for (let i = x.length - 1; i >= 0; i--) {
    for (let k = i + 1; k < x.length; k++) x[i] -= lower[k][i] * x[k];
    x[i] /= lower[i][i];
  }
  return x;
}
