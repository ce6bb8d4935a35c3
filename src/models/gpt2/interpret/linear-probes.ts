// Linear probes (Alain & Bengio 2016, "Understanding intermediate layers using linear classifier probes"): can a variable be
// read off an activation by a linear map? Ridge regression to 0 and 1, judged on inputs that the fit has not seen, beside
// the same with shuffled labels (Hewitt & Liang 2019, "Designing and interpreting probes with control tasks").
import { createRandom, type Random } from "../../../random";
import { predictRidge, ridgeRegression } from "../../../stats";
import type { Gpt2Configuration } from "../configuration";
import type { Observe } from "../gpt2";
import type { Gpt2Parameters } from "../parameters";
import { type Activation, readActivations } from "./read-activations";

export interface ProbeRow {
  variable: string;
  /** How many layers have written to the stream: 0 for the embedding. */
  layer: number;
  position: number;
  /** Share of inputs that are told right when left out of the fit. */
  accuracy: number;
  /** The same with shuffled labels, on average. */
  control: number;
  /** Share of the more frequent label. */
  majority: number;
}

export interface ProbeOptions {
  /** Parts into which the inputs fall; each is told by a fit to the others. */
  folds?: number;
  /** The penalty of the ridge regression, for features whose mean variance is 1. */
  penalty?: number;
  /** How often labels are shuffled for the control. */
  shuffles?: number;
  /** The seed of the parts and of the shuffles; labels are shuffled within parts. */
  seed?: number;
  /** Intervenes in the pass. */
  observe?: Observe;
}

/** Below this share of the mean square, variance is rounding: such features say nothing. */
const ROUNDING = 1e-10;

/**
 * Probes the residual stream for variables, after each layer at each position.
 *
 * @param parameters those of `createGpt2`, or tensors of the same names and shapes
 * @param inputs tokens of equal length, each input once: a copy in another part would be told by heart
 * @param configuration the model's sizes
 * @param labels of each variable, 0 or 1 (or booleans) for each input
 * @param options folds, penalty, shuffles of the control, and seed; see `ProbeOptions`
 * @returns one row for each variable, layer and position, in this order; its accuracies are from 0 to 1
 * @throws {TypeError} where a variable has not one label for each input; {RangeError} for labels other than 0 and 1, or
 *   folds that are not from 2 to the number of inputs
 * @example
 * import { createGpt2, createRandom, probeResiduals } from "dolab";
 * const configuration = { vocabulary: 11, positions: 6, width: 8, layers: 1, heads: 2 };
 * const parameters = createGpt2(configuration, { rng: createRandom(1) });
 * const inputs = [[1, 3], [1, 4], [1, 5], [2, 3], [2, 4], [2, 5]];
 * const labels = { startsWithOne: [1, 1, 1, 0, 0, 0] };
 * const [row] = await probeResiduals(parameters, inputs, configuration, labels, { folds: 3, shuffles: 1 });
 * [row.variable, row.layer, row.position, row.accuracy]; // => ["startsWithOne", 0, 0, 1]
 */
export async function probeResiduals(
  parameters: Gpt2Parameters,
  inputs: readonly ArrayLike<number>[],
  configuration: Gpt2Configuration,
  labels: Readonly<Record<string, ArrayLike<number | boolean>>>,
  { folds = 8, penalty = 1, shuffles = 10, seed = 0, observe }: ProbeOptions = {},
): Promise<ProbeRow[]> {
  const variables = checkLabels(labels, inputs.length);
  if (!(Number.isInteger(folds) && folds >= 2 && folds <= inputs.length))
    throw new RangeError(`Cannot probe as folds are from 2 to the ${inputs.length} inputs: got ${folds}`);
  const layerNames = Array.from({ length: configuration.layers }, (_, layer) => `h.${layer}.residual`);
  const names = ["embedding", ...layerNames];
  const read = await readActivations(parameters, inputs, configuration, { names, observe });
  const rng = createRandom(seed);
  const tasks = variables.map(({ name, values, majority }) => {
    const parts = balancedParts(values, folds, rng.split(`${name} parts`));
    const shuffled = Array.from({ length: shuffles }, (_, i) =>
      shuffleWithin(parts, values, rng.split(`${name} ${i}`)),
    );
    return { name, majority, parts, targets: [values, ...shuffled] };
  });
  const rows: ProbeRow[] = [];
  for (const [layer, name] of names.entries()) {
    const activation = read.get(name) as Activation;
    for (let position = 0; position < activation.shape[1]; position++) {
      const features = featuresAt(activation, position);
      for (const { name: variable, majority, parts, targets } of tasks) {
        const [accuracy, ...controls] = crossValidate(features, targets, { parts, folds, penalty });
        const control = controls.reduce((sum, value) => sum + value, 0) / shuffles;
        rows.push({ variable, layer, position, accuracy, control, majority });
      }
    }
  }
  const order = variables.map(({ name }) => name);
  return rows.sort((a, b) => order.indexOf(a.variable) - order.indexOf(b.variable)); // stable
}

function checkLabels(labels: Readonly<Record<string, ArrayLike<number | boolean>>>, inputs: number) {
  return Object.entries(labels).map(([name, given]) => {
    if (given.length !== inputs)
      throw new TypeError(`Cannot probe for "${name}" as it needs ${inputs} labels: got ${given.length}`);
    const values = Array.from(given, Number);
    const bad = values.find((value) => value !== 0 && value !== 1);
    if (bad !== undefined)
      throw new RangeError(`Cannot probe for "${name}" as labels are 0 or 1: got ${bad}`);
    const ones = values.filter((value) => value === 1).length;
    return { name, values, majority: Math.max(ones, inputs - ones) / inputs };
  });
}

/** Deals inputs to parts so that each has its share of both labels: else what is left out betrays the label. */
function balancedParts(values: readonly number[], folds: number, rng: Random): number[] {
  const order = Array.from(rng.permutation(values.length)).sort((a, b) => values[a] - values[b]); // stable
  const parts = values.map(() => 0);
  for (const [place, input] of order.entries()) parts[input] = place % folds;
  return parts;
}

/** Shuffles labels in each part, so that parts keep their shares. */
function shuffleWithin(parts: readonly number[], values: readonly number[], rng: Random): number[] {
  const shuffled = values.slice();
  for (const part of new Set(parts)) {
    const members = Array.from(parts.keys()).filter((input) => parts[input] === part);
    const order = rng.permutation(members.length);
    for (const [i, member] of members.entries()) shuffled[member] = values[members[order[i]]];
  }
  return shuffled;
}

/** One position's channels of each input, divided by one number so that their mean variance is 1. [inputs][channels] */
function featuresAt({ shape, data }: Activation, position: number): Float64Array[] {
  const [inputs, time, channels] = shape;
  const rows = Array.from({ length: inputs }, (_, input) => {
    const start = (input * time + position) * channels;
    return Float64Array.from(data.subarray(start, start + channels));
  });
  let [square, variance] = [0, 0];
  for (let channel = 0; channel < channels; channel++) {
    const average = rows.reduce((sum, row) => sum + row[channel], 0) / inputs;
    for (const row of rows) {
      square += row[channel] ** 2;
      variance += (row[channel] - average) ** 2;
    }
  }
  const scale = variance > ROUNDING * square ? Math.sqrt((inputs * channels) / variance) : 0;
  return rows.map((row) => row.map((value) => value * scale));
}

/** @returns for each target the share of samples that are told right by the fits without their part */
function crossValidate(
  features: readonly Float64Array[],
  targets: readonly ArrayLike<number>[],
  { parts, folds, penalty }: { parts: readonly number[]; folds: number; penalty: number },
): number[] {
  const right = targets.map(() => 0);
  for (let fold = 0; fold < folds; fold++) {
    const seen = Array.from(parts.keys()).filter((sample) => parts[sample] !== fold);
    const held = Array.from(parts.keys()).filter((sample) => parts[sample] === fold);
    const models = ridgeRegression(
      seen.map((sample) => features[sample]),
      targets.map((target) => seen.map((sample) => target[sample])),
      { penalty },
    );
    for (const [i, model] of models.entries())
      for (const sample of held)
        if (Number(predictRidge(model, features[sample]) >= 0.5) === targets[i][sample]) right[i]++;
  }
  return right.map((count) => count / features.length);
}
