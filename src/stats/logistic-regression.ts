// Logistic regression (Cox 1958) by Newton's method, with a small ridge so that separable data have an answer too.
import { requireKnownOptions } from "../io/known-options";
import { labelsOf } from "./pairs";
import { type Labels, numbersOf, type Rows, rowsOf, type Values } from "./values";

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
 * @param features the features of each sample, [samples][features]
 * @param classes 1 or true for yes, 0 or false for no, [samples]
 * @param options.ridge how much large weights cost, at least 0: by default 1
 * @param options.steps the most steps of Newton's method: by default 50
 * @throws {RangeError} where there is no sample, one class is missing, or a label is another; {TypeError} where labels are not
 *   one for each row, or rows differ in length
 * @example
 * import { logisticRegression, predictLogistic } from "dolab";
 * const rows = [[0], [0], [0], [1], [1], [1]];
 * const model = logisticRegression(rows, [0, 0, 1, 0, 1, 1], { ridge: 0 });
 * Math.abs(predictLogistic(model, [1]) - 2 / 3) < 1e-9; // => true
 */
export function logisticRegression(
  features: Rows,
  classes: Labels,
  options: { ridge?: number; steps?: number } = {},
): LogisticModel {
  requireKnownOptions("fit a logistic regression", options, ["ridge", "steps"]);
  const { ridge = 1, steps = 50 } = options;
  const rows = rowsOf("fit a logistic regression", "rows", features).map((row) => Array.from(row));
  const labels = labelsOf("fit a logistic regression", classes);
  if (rows.length !== labels.length)
    throw new TypeError(
      `Cannot fit a logistic regression as each of ${rows.length} rows needs a label: got ${labels.length}`,
    );
  const other = Array.from(labels, Number).find((label) => label !== 0 && label !== 1);
  if (other !== undefined)
    throw new RangeError(`Cannot fit a logistic regression as labels must be 0 or 1: got ${other}`);
  const ragged = rows.find((row) => row.length !== rows[0].length);
  if (ragged)
    throw new TypeError(
      `Cannot fit a logistic regression as rows must be as long as the first, ${rows[0].length}: got ${ragged.length}`,
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

/**
 * Returns the probability of a yes for one sample.
 *
 * @param model what `logisticRegression` has fitted
 * @param row the sample's features, [features]
 * @throws {TypeError} where there are more or fewer features than the model has weights
 * @example
 * import { predictLogistic } from "dolab";
 * const [zero, one] = [Float64Array.of(0), Float64Array.of(1)];
 * predictLogistic({ intercept: 0, weights: one, means: zero, deviations: one }, [0]); // => 0.5
 */
export function predictLogistic(model: LogisticModel, row: Values): number {
  const { intercept, weights, means, deviations } = model;
  const values = Array.from(numbersOf("predict a class", "row", row));
  if (values.length !== weights.length)
    throw new TypeError(
      `Cannot predict a class as the model takes one sample of ${weights.length} features: got ${values.length}`,
    );
  return sigmoid(
    intercept + sum(values.map((value, i) => (weights[i] * (value - means[i])) / deviations[i])),
  );
}

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
