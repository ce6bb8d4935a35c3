// A sample at a glance, as pandas.Series.describe: its size, place, spread and quartiles. NaN counts as missing, as there.
import { refuseSurplus } from "../io/known-options";
import { mean } from "./mean";
import { percentiles } from "./percentile";
import { sampleStandardDeviation } from "./standard-deviation";
import { numbersOf, type Values } from "./values";

export interface Description {
  /** How many values are numbers. */
  readonly count: number;
  /** How many are NaN; everything else is of the others. */
  readonly missing: number;
  readonly mean: number;
  /** Divided by n - 1; NaN for fewer than two numbers. */
  readonly standardDeviation: number;
  readonly minimum: number;
  /** The 25th percentile. */
  readonly lowerQuartile: number;
  readonly median: number;
  /** The 75th percentile. */
  readonly upperQuartile: number;
  readonly maximum: number;
}

/**
 * Describes a sample.
 *
 * @param values [n]; an array of `io` may have any shape
 * @returns counts, mean, deviation and quartiles; NaN where there is no number
 * @throws {TypeError} for anything but numbers
 * @example
 * import { describe } from "dolab";
 * const { count, missing, mean, median, maximum } = describe([1, 2, 3, NaN, 10]);
 * [count, missing, mean, median, maximum]; // => [4, 1, 4, 2.5, 10]
 */
export function describe(values: Values, ...surplus: never[]): Description {
  refuseSurplus("describe(values)", surplus);
  const all = Float64Array.from(numbersOf("describe a sample", "values", values));
  const numbers = all.filter((value) => !Number.isNaN(value));
  const [minimum, lowerQuartile, median, upperQuartile, maximum] = percentiles(numbers, [0, 25, 50, 75, 100]);
  return {
    count: numbers.length,
    missing: all.length - numbers.length,
    mean: mean(numbers),
    standardDeviation: sampleStandardDeviation(numbers),
    minimum,
    lowerQuartile,
    median,
    upperQuartile,
    maximum,
  };
}
