// How much each set of latents tells of each causal factor: CITRIS's R^2 and Spearman matrices (Lippe et al. 2022,
// arXiv:2202.03169, section 6.1 and appendix C). One network is taught all factors from every set in turn, on one half of the
// frames, and judged on the other. diag is the mean of what a set tells of its own factor (1 is best), sep the mean over
// factors' sets of the most that one tells of another factor (0 is best); ψ_0's set counts in neither.
// Differs in two things: the learning rate falls along a cosine, and a factor of several columns has the mean of theirs.
// Frames must be independent of one another: in a sequence factors tell of one another by themselves.
import type { Scalar, Tensor, Variable } from "@tensorflow/tfjs-node";
import { factorDistance, factorValue } from "../../../models/citris";
import {
  type CausalFactor,
  createFactorHeads,
  factorHeadVariables,
  factorLosses,
  readFactors,
} from "../../../models/citris/reading/causal-factors";
import { citrisSchedule } from "../../../models/citris/schedules";
import { createRandom } from "../../../random";
import { spearman } from "../../../stats";
import { compile, createDense, createOptimiser, dense, prefixNames, tensorflow } from "../../../tensor";

/** A causal factor as one or several columns of numbers. */
export interface MeasuredFactor {
  readonly name: string;
  readonly columns: readonly CausalFactor[];
}

export interface CorrelationOptions {
  /** [frames, latents] */
  latents: Float32Array;
  /** The factors' columns, [frames, columns]. */
  truth: Float32Array;
  factors: readonly MeasuredFactor[];
  /** Which latents each set has, 0 or 1: for CITRIS one set a factor, then ψ_0's. [sets][latents] */
  sets: readonly ArrayLike<number>[];
  /** How the frames were drawn; "sequence" is refused. */
  sampling: "sequence" | "independent";
  seed: number;
  epochs?: number;
  batchSize?: number;
  hidden?: number;
}

export interface CorrelationMatrices {
  /** [sets][factors] */
  readonly r2: number[][];
  /** [sets][factors] */
  readonly spearman: number[][];
}

/** Latents whose standard deviation is smaller are not blown up. */
const LEAST_DEVIATION = 0.01;
const RATE = 4e-3;

/**
 * Measures what sets of latents tell of factors.
 *
 * @param options latents and factors of the same frames, the sets of latents, a seed, and the training's sizes
 * @param options.epochs 100
 * @param options.batchSize frames a step, each with every set: 512
 * @param options.hidden width of the network's two layers: 128
 * @throws {RangeError} for frames of a sequence, fewer than 20 frames, or numbers that do not fit together
 */
export function correlationMatrices(options: CorrelationOptions): CorrelationMatrices {
  const { factors, sets, sampling, truth } = options;
  if (sampling !== "independent")
    throw new RangeError(
      `Cannot measure how latents and factors belong together as frames must be independent (independentScenes), since in a sequence factors tell of one another by themselves: got frames of a ${sampling}`,
    );
  const columns = columnsOf(factors);
  const [count, width] = [truth.length / columns.length, sets[0]?.length ?? 0];
  if (!(count >= 20 && Number.isInteger(count)) || options.latents.length !== count * width) {
    const got = `${options.latents.length / width} and ${count} frames`;
    throw new RangeError(
      `Cannot measure correlations as latents and truth must have the same frames, 20 or more: got ${got}`,
    );
  }
  const readings = tensorflow().tidy(() => readOtherHalf(options, count, columns));
  const test = readings.rows.length;
  const labels = columns.map((_, column) =>
    Float64Array.from(readings.rows, (row) => truth[row * columns.length + column]),
  );
  const perColumn = sets.map((_, set) =>
    columns.map((column, index) => {
      const values = readings.values[index]; // [test, sets, outputs]
      const size = values.length / (test * sets.length);
      const reading = (row: number) => {
        const start = (row * sets.length + set) * size;
        return values.subarray(start, start + size);
      };
      return { r2: r2Of(column, reading, labels[index]), rho: rhoOf(column, reading, labels[index]) };
    }),
  );
  const byFactor = (pick: (cell: { r2: number; rho: number }) => number) =>
    perColumn.map((cells) => {
      let column = 0;
      return factors.map(({ columns: own }) => {
        const values = own.map(() => pick(cells[column++]));
        return values.reduce((sum, value) => sum + value, 0) / own.length;
      });
    });
  return { r2: byFactor(({ r2 }) => r2), spearman: byFactor(({ rho }) => rho) };
}

/** The columns of factors, as heads read them. */
export const columnsOf = (factors: readonly MeasuredFactor[]): CausalFactor[] =>
  factors.flatMap(({ columns }) => [...columns]);

/** Trains on a random half. @returns rows of the other, and per column their readings [test, sets, outputs] */
function readOtherHalf(options: CorrelationOptions, count: number, columns: readonly CausalFactor[]) {
  const { sets, seed, epochs = 100, batchSize = 512, hidden = 128 } = options;
  const tf = tensorflow();
  const width = sets[0].length;
  const rng = createRandom(seed).split("correlation");
  const order = rng.permutation(count);
  const half = Math.floor(count / 2);
  const [training, rows] = [order.slice(0, half), order.slice(half)];
  const z = tf.tensor2d(options.latents, [count, width]);
  const { mean, variance } = tf.moments(z, 0);
  const standard = z.sub(mean).div(variance.sqrt().maximum(LEAST_DEVIATION));
  const truth = tf.tensor2d(options.truth, [count, columns.length]);
  const masks = tf.tensor2d(Float32Array.from(sets.flatMap((set) => Array.from(set))), [sets.length, width]);

  const layers = [createDense(2 * width, hidden, { rng }), createDense(hidden, hidden, { rng })];
  const heads = createFactorHeads(columns, hidden, rng);
  const network: Record<string, Variable> = Object.assign(
    factorHeadVariables(heads),
    ...layers.map((layer, index) => prefixNames(`encoder.${index}`, layer)),
  );
  const adam = createOptimiser(network, { kind: "adam" });
  /** [rows, width] to readings of [rows sets] */
  const read = (batch: Tensor) => {
    const shown = batch.expandDims(1).mul(masks); // [rows, sets, width]
    const input = tf.concat([shown, masks.expandDims(0).tile([batch.shape[0], 1, 1])], 2);
    const features = layers.reduce<Tensor>(
      (x, layer) => dense(layer, x).tanh(),
      input.reshape([-1, 2 * width]),
    );
    return readFactors(heads, features);
  };
  const repeat = (labels: Tensor) =>
    labels.expandDims(1).tile([1, sets.length, 1]).reshape([-1, columns.length]); // [rows sets, columns]
  const step = compile(
    (batch: Tensor, labels: Tensor, rate: Scalar) => {
      const { value, grads } = tf.variableGrads(() => {
        const losses = factorLosses(columns, read(batch), repeat(labels), { training: true });
        return Object.values(losses).reduce((sum, loss) => sum.add(loss));
      }, Object.values(network));
      adam.apply(grads, rate);
      return value;
    },
    { variables: [...Object.values(network), ...adam.state.values()], threads: 1 },
  );
  const size = Math.min(batchSize, half);
  const perEpoch = Math.floor(half / size);
  const rate = citrisSchedule(RATE, { totalSteps: epochs * perEpoch, warmUpSteps: 0 });
  for (let epoch = 0; epoch < epochs; epoch++) {
    const shuffled = rng.permutation(half);
    for (let batch = 0; batch < perEpoch; batch++)
      tf.tidy(() => {
        const chosen = tf.tensor1d(
          Array.from(shuffled.subarray(batch * size, (batch + 1) * size), (place) => training[place]),
          "int32",
        );
        const now = tf.scalar(rate(epoch * perEpoch + batch)) as Scalar;
        step(tf.gather(standard, chosen), tf.gather(truth, chosen), now);
      });
  }
  const values = read(tf.gather(standard, tf.tensor1d(rows, "int32"))).map(
    (reading) => reading.dataSync() as Float32Array,
  );
  step.dispose();
  for (const variable of [...Object.values(network), ...adam.state.values()]) variable.dispose();
  return { rows, values };
}

type Reading = (row: number) => Float32Array;

/** 1 - mean squared distance over that of the best constant: the mean, the circular mean or the commonest class. */
export function r2Of(factor: CausalFactor, reading: Reading, labels: Float64Array): number {
  let [residual, total] = [0, 0];
  const constant = bestConstant(factor, labels);
  for (const [row, label] of labels.entries()) {
    residual += factorDistance(factor, reading(row), label) ** 2;
    total += factorDistance(factor, constant, label) ** 2;
  }
  return 1 - residual / total;
}

function bestConstant(factor: CausalFactor, labels: Float64Array): number[] {
  if (factor.kind === "continuous") return [labels.reduce((sum, label) => sum + label, 0) / labels.length];
  if (factor.kind === "angle") {
    const sine = labels.reduce((sum, label) => sum + Math.sin(label), 0);
    const cosine = labels.reduce((sum, label) => sum + Math.cos(label), 0);
    const length = Math.hypot(sine, cosine);
    return [sine / length, cosine / length];
  }
  const counts = Array.from({ length: factor.classes }, () => 0);
  for (const label of labels) counts[label] += 1;
  return counts.map((tally) => tally / labels.length);
}

/** Rank correlation of reading and truth; of an angle the mean of those of its sine and cosine; 0 for a constant reading. */
export function rhoOf(factor: CausalFactor, reading: Reading, labels: Float64Array): number {
  const rank = (found: (row: number) => number, wanted: (label: number) => number) => {
    const rho = spearman(
      labels.map((_, row) => found(row)),
      labels.map(wanted),
    );
    return Number.isNaN(rho) ? 0 : rho;
  };
  if (factor.kind !== "angle") return rank((row) => factorValue(factor, reading(row)), Number);
  const length = (row: number) => Math.hypot(reading(row)[0], reading(row)[1]);
  const sine = rank((row) => reading(row)[0] / length(row), Math.sin);
  const cosine = rank((row) => reading(row)[1] / length(row), Math.cos);
  return (sine + cosine) / 2;
}

/**
 * Says what a matrix tells in two numbers.
 *
 * @param matrix [factors or factors + 1][factors]; a further row, ψ_0's, is left out
 * @returns diag, the mean diagonal, and sep, the mean over rows of the largest other entry (NaN for a single factor)
 * @example
 * import { citris } from "dolab";
 * citris.diagonalAndSeparation([[1, 0.25], [0.5, 0.75]]); // => { diag: 0.875, sep: 0.375 }
 */
export function diagonalAndSeparation(matrix: readonly (readonly number[])[]): {
  diag: number;
  sep: number;
} {
  const factors = matrix[0].length;
  const rows = matrix.slice(0, factors);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const largestOther = (row: readonly number[], own: number) =>
    row.reduce((best, value, factor) => (factor === own ? best : Math.max(best, value)), -Infinity);
  return {
    diag: mean(rows.map((row, factor) => row[factor])),
    sep: factors > 1 ? mean(rows.map((row, factor) => largestOther(row, factor))) : Number.NaN,
  };
}
