// Logistic regression (Cox 1958) by Newton's method, with a small ridge so that separable data have an answer too.

export interface LogisticModel {
  intercept: number;
  /** [features], of the standardised features. */
  weights: Float64Array;
  /** [features] */
  means: Float64Array;
  /** [features]; 1 where a feature does not vary. */
  deviations: Float64Array;
}

/**
 * Fits the probability of a yes: sigmoid(intercept + sum weights z), z the standardised features. The mean log-likelihood less
 * ridge / (2 n) |weights|^2 is maximised; the intercept is free. O(steps n features^2).
 *
 * @param rows features of each sample. [samples][features]
 * @param labels yes or no. [samples]
 * @param options.ridge at least 0
 * @throws {RangeError} where there is no sample or one class is missing; {TypeError} where labels are not one for each row
 * @example
 * import { logisticRegression, predictLogistic } from "dolab";
 * const rows = [[0], [0], [0], [1], [1], [1]];
 * const model = logisticRegression(rows, [0, 0, 1, 0, 1, 1], { ridge: 0 });
 * Math.abs(predictLogistic(model, [1]) - 2 / 3) < 1e-9; // => true
 */
export function logisticRegression(
  rows: readonly (readonly number[])[],
  labels: ArrayLike<number | boolean>,
  { ridge = 1, steps = 50 }: { ridge?: number; steps?: number } = {},
): LogisticModel {
  if (rows.length !== labels.length)
    throw new TypeError(
      `Cannot fit a logistic regression as each of ${rows.length} rows needs a label: got ${labels.length}`,
    );
  const yes = Array.from(labels, Number).filter((label) => label === 1).length;
  if (yes === 0 || yes === rows.length)
    throw new RangeError(
      `Cannot fit a logistic regression as both classes must be there: got ${yes} of ${rows.length} yes`,
    );
  const size = rows[0].length;
  const column = (feature: number) => rows.map((row) => row[feature]);
  const means = Float64Array.from({ length: size }, (_, i) => sum(column(i)) / rows.length);
  const deviations = Float64Array.from({ length: size }, (_, i) => {
    const variance = sum(column(i).map((value) => (value - means[i]) ** 2)) / rows.length;
    return variance > 0 ? Math.sqrt(variance) : 1;
  });
  const standard = rows.map((row) => [1, ...row.map((value, i) => (value - means[i]) / deviations[i])]);
  let coefficients = new Array<number>(size + 1).fill(0);
  for (let step = 0; step < steps; step++) {
    const gradient = coefficients.map((value, i) => (i === 0 ? 0 : -ridge * value));
    const hessian = coefficients.map((_, i) =>
      coefficients.map((__, j) => (i === j ? (i === 0 ? 1e-12 : ridge + 1e-12) : 0)),
    );
    for (const [n, row] of standard.entries()) {
      const p = sigmoid(dot(coefficients, row));
      for (let i = 0; i <= size; i++) {
        gradient[i] += (Number(labels[n]) - p) * row[i];
        for (let j = 0; j <= size; j++) hessian[i][j] += p * (1 - p) * row[i] * row[j];
      }
    }
    const change = solve(hessian, gradient);
    const longest = Math.max(...change.map(Math.abs));
    const scale = longest > 5 ? 5 / longest : 1; // separable data without a ridge would run away
    coefficients = coefficients.map((value, i) => value + scale * change[i]);
    if (longest < 1e-10) break;
  }
  return { intercept: coefficients[0], weights: Float64Array.from(coefficients.slice(1)), means, deviations };
}

/** The probability of a yes. @param row [features] */
export const predictLogistic = (
  { intercept, weights, means, deviations }: LogisticModel,
  row: readonly number[],
): number =>
  sigmoid(intercept + sum(row.map((value, i) => (weights[i] * (value - means[i])) / deviations[i])));

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const dot = (left: readonly number[], right: readonly number[]) =>
  sum(left.map((value, i) => value * right[i]));
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** Gauss's elimination with pivots. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]]);
  const size = right.length;
  for (let pivot = 0; pivot < size; pivot++) {
    let best = pivot;
    for (let row = pivot + 1; row < size; row++)
      if (Math.abs(rows[row][pivot]) > Math.abs(rows[best][pivot])) best = row;
    [rows[pivot], rows[best]] = [rows[best], rows[pivot]];
    for (let row = pivot + 1; row < size; row++) {
      const factor = rows[row][pivot] / rows[pivot][pivot];
      for (let column = pivot; column <= size; column++) rows[row][column] -= factor * rows[pivot][column];
    }
  }
  const solution = new Array<number>(size).fill(0);
  for (let row = size - 1; row >= 0; row--) {
    let rest = rows[row][size];
    for (let column = row + 1; column < size; column++) rest -= rows[row][column] * solution[column];
    solution[row] = rest / rows[row][row];
  }
  return solution;
}
