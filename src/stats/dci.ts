// DCI: disentanglement, completeness and informativeness of a code (Eastwood & Williams 2018), computed as in
// disentanglement_lib and the published weakly supervised causal representation learning code.
// Informativeness is the mean squared error, lower is better, as in that code; the paper's normalised error is not used.
import { mean } from "./mean";
import { requirePairs } from "./pairs";
import { type Rows, rowsOf } from "./values";

export interface DciScores {
  /** Mean of disentanglementPerCode with codeWeights: 1 if each code is important for one factor only. */
  readonly disentanglement: number;
  /** Mean of completenessPerFactor with factorWeights: 1 if each factor is captured by one code only. */
  readonly completeness: number;
  /** [codes] */
  readonly disentanglementPerCode: Float64Array;
  /** [factors] */
  readonly completenessPerFactor: Float64Array;
  /** [codes], share of the total importance; equal if the total is 0 */
  readonly codeWeights: Float64Array;
  /** [factors], share of the total importance; equal if the total is 0 */
  readonly factorWeights: Float64Array;
}

/**
 * Scores how close an importance matrix is to a one-to-one map between codes and factors.
 *
 * @param importance [codes][factors], at least 0: how much each code matters to the regressor of each factor
 * @returns scores 0 to 1 up to the 1e-12 that is added to importances; disentanglement is NaN for a single factor and
 *   completeness for a single code, because there is no entropy to judge
 * @throws TypeError if rows have different lengths or there are none; RangeError for a negative, infinite or NaN entry
 *
 * @example
 * import { dciScores } from "dolab";
 * dciScores([[0.5, 0.5], [0.5, 0.5]]).disentanglement; // => 0
 * dciScores([[0, 1], [1, 0]]).completeness.toFixed(6); // => "1.000000"
 */
export function dciScores(importance: Rows): DciScores {
  const matrix = rowsOf("score importances", "importance", importance);
  const codes = matrix.length;
  const factors = codes === 0 ? 0 : matrix[0].length;
  if (factors === 0) {
    throw new TypeError(
      `Cannot score importances as there must be a code and a factor: got ${codes} x ${factors}`,
    );
  }
  const rows = matrix.map((row, code) => {
    if (row.length !== factors) {
      throw new TypeError(
        `Cannot score importances as rows must be as long as the first, ${factors}: got ${row.length} in row ${code}`,
      );
    }
    return Float64Array.from(row, (value, factor) => {
      if (value >= 0 && value < Number.POSITIVE_INFINITY) return value;
      throw new RangeError(
        `Cannot score importances as each must be finite and at least 0: got ${value} at [${code}][${factor}]`,
      );
    });
  });
  const columns = Array.from(rows[0], (_, factor) => Float64Array.from(rows, (row) => row[factor]));
  const [disentanglementPerCode, codeWeights, disentanglement] = concentration(rows);
  const [completenessPerFactor, factorWeights, completeness] = concentration(columns);
  return {
    disentanglement,
    completeness,
    disentanglementPerCode,
    completenessPerFactor,
    codeWeights,
    factorWeights,
  };
}

/** One minus the entropy of each line, to the base of its length; the lines' shares of the sum; the weighted mean. */
function concentration(lines: readonly Float64Array[]): [Float64Array, Float64Array, number] {
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
  const scores = Float64Array.from(lines, (line) => {
    const lifted = line.map((value) => value + 1e-12);
    const total = sum(lifted);
    const entropy = -sum(lifted.map((value) => (value / total) * Math.log(value / total)));
    return 1 - entropy / Math.log(line.length);
  });
  const sums = Float64Array.from(lines, sum);
  const total = sum(sums);
  const weights = sums.map((value) => (total === 0 ? 1 / lines.length : value / total));
  return [scores, weights, sum(scores.map((score, i) => score * weights[i]))];
}

export interface Informativeness {
  /** Mean of perFactor; lower is better. */
  readonly meanSquaredError: number;
  /** [factors] mean squared errors */
  readonly perFactor: Float64Array;
}

/**
 * Measures how well regressors on the code predict the factors.
 *
 * @param factors [factors][samples], one column of true values each
 * @param predictions [factors][samples]
 * @returns NaN for a factor without samples or with a NaN, and for no factors
 * @throws TypeError if the shapes differ
 *
 * @example
 * import { informativeness } from "dolab";
 * informativeness([[1, 2], [0, 0]], [[1, 4], [0, 1]]); // => { meanSquaredError: 1.25, perFactor: [2, 0.5] }
 */
export function informativeness(factors: Rows, predictions: Rows): Informativeness {
  const actual = rowsOf("measure informativeness", "factors", factors);
  const predicted = rowsOf("measure informativeness", "predictions", predictions);
  requirePairs("measure informativeness", actual, predicted);
  const perFactor = Float64Array.from(actual, (factor, index) => {
    const prediction = predicted[index];
    requirePairs(`measure informativeness of factor ${index}`, factor, prediction);
    let total = 0;
    for (let i = 0; i < factor.length; i++) total += (factor[i] - prediction[i]) ** 2;
    return total / factor.length;
  });
  return { meanSquaredError: mean(perFactor), perFactor };
}
