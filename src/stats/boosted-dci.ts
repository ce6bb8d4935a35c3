// DCI of a code by gradient boosting, as the published weakly supervised causal representation learning code has it (Brehmer
// et al. 2022): one booster a factor predicts it from all codes, and its importances are the factor's column of the matrix.
import { type DciScores, dciScores, informativeness } from "./dci";
import { gradientBoosting, predictGradientBoosting } from "./gradient-boosting";

export interface BoostedDci extends DciScores {
  /** [codes][factors], each column sums to 1, or is 0 throughout. */
  readonly importance: number[][];
  /** Mean squared error over the factors, of what was fitted; lower is better. */
  readonly informativenessTrain: number;
  /** The same of the held-out samples. */
  readonly informativenessTest: number;
}

/** Columns of equal length. */
export interface CodesAndFactors {
  /** [codes][samples] */
  readonly codes: readonly ArrayLike<number>[];
  /** [factors][samples] */
  readonly factors: readonly ArrayLike<number>[];
}

/**
 * Scores how well each code captures one factor and no other.
 *
 * @param train what the boosters are fitted to
 * @param test held-out samples, for `informativenessTest` alone
 * @throws {TypeError | RangeError} where lengths differ, or a value is not finite
 * @example
 * import { boostedDci, createRandom } from "dolab";
 * const rng = createRandom(0);
 * const columns = [0, 1].map(() => Array.from({ length: 200 }, () => rng.normal()));
 * const same = { codes: [columns[1], columns[0]], factors: columns };
 * const { disentanglement } = boostedDci(same, same);
 * disentanglement > 0.9; // => true
 */
export function boostedDci(train: CodesAndFactors, test: CodesAndFactors): BoostedDci {
  const models = train.factors.map((factor) => gradientBoosting(train.codes, factor));
  const importance = train.codes.map((_, code) => models.map((model) => model.importance[code]));
  const error = ({ codes, factors }: CodesAndFactors) =>
    informativeness(
      factors,
      models.map((model) => predictGradientBoosting(model, codes)),
    ).meanSquaredError;
  return {
    ...dciScores(importance),
    importance,
    informativenessTrain: error(train),
    informativenessTest: error(test),
  };
}
