// What source document 004 measures of a trained model: DCI of its causal variables, how often it finds the intervention, the
// held-out likelihood, and the causal graph behind its solution functions.
import type { Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs-node";
import type { Nature, PairedInterventions, PairedSplits } from "../../../data/paired-interventions";
import {
  drawNoisePermutations,
  implicitGraph,
  learnEncoGraph,
  noiseToCausal,
  type SolutionFunctions,
  topologicalOrder,
} from "../../../models/lcm";
import { createRandom } from "../../../random";
import { type BoostedDci, bestAssignment, boostedDci, compareGraphs } from "../../../stats";
import { tensorflow } from "../../../tensor";
import { stepSeed } from "../../../train";
import type { EvaluationConfiguration, TrainingConfiguration, WscrlConfiguration } from "../configuration";
import type { LatentModel } from "../training/model";
import { trainingSchedule } from "../training/training-schedule";
import { answerInterventions, type InterventionAnswers } from "./answer-interventions";

/** How well a model tells which variable was intervened on; undefined of the beta-VAE, which cannot. */
export interface InterventionScores {
  /** Share of the pairs whose likeliest intervention is the true one, latents matched to variables so that it is largest. */
  accuracy: number;
  /** Mean probability of the true intervention, latents matched in the same manner. */
  meanPosterior: number;
  /** Mean of log(p + 1e-9), again. */
  meanLogPosterior: number;
  /** [labels][labels], row: the true label, column: mean probability of each of the model's; matched as for the accuracy. */
  posterior: number[][];
}

/** The graph that a model implies beside the true one; variables are the true ones, matched by importance. */
export interface GraphScores {
  /**
   * [variables][variables] causal effect of row on column, latents in the place of the variables that they match; of an
   * explicit model the probability of the edge.
   */
  effects: number[][];
  /** Effects above the threshold; of an explicit model its likeliest edges. */
  found: number[][];
  truth: number[][];
  structuralHammingDistance: number;
  /** Whether found and true graph are the same. */
  isRight: boolean;
  /** Latents from first cause to last effect, in the model's own numbering. */
  order: number[];
  /** What ENCO finds among the latents, in their own numbering; undefined where it was not asked. */
  enco?: { adjacency: number[][]; structuralHammingDistance: number };
  /** The effects in the model's own numbering, as published files have them. */
  latentEffects: number[][];
}

/** What is kept of a model's DCI scores. */
export type DciScores = Pick<
  BoostedDci,
  "disentanglement" | "completeness" | "importance" | "informativenessTrain" | "informativenessTest"
>;

export const dciScores = ({
  disentanglement,
  completeness,
  importance,
  informativenessTrain,
  informativenessTest,
}: BoostedDci): DciScores => ({
  disentanglement,
  completeness,
  importance,
  informativenessTrain,
  informativenessTest,
});

export interface Evaluation {
  dci: DciScores;
  /** Which latent stands for each variable. */
  latentOf: number[];
  interventions?: InterventionScores;
  graph?: GraphScores;
  answers: InterventionAnswers;
  /** Importance-weighted bound on the negative log likelihood of a held-out pair, in nats. */
  nll: number;
}

/** Evaluates a trained model. @param seed of noise and permutations */
export function evaluateModel(
  model: LatentModel,
  data: PairedSplits,
  nature: Nature,
  configuration: WscrlConfiguration,
  { seed }: { seed: number },
): Evaluation {
  const dci = dciScores(dciOf(model, data.dci, data.test));
  const { importance } = dci;
  const latentOf = bestAssignment(importance[0].map((_, factor) => importance.map((row) => row[factor])));
  return {
    dci,
    latentOf,
    interventions: interventionScores(model, data.test, configuration),
    graph: graphScores(model, data.test, nature, configuration, { latentOf, seed }),
    answers: answerInterventions(model, data.test, nature, { latentOf, seed }),
    nll: negativeLogLikelihood(model, data.test, configuration, seed),
  };
}

/** DCI of a model's causal variables before interventions. */
export const dciOf = (
  model: LatentModel,
  train: PairedInterventions,
  test: PairedInterventions,
): BoostedDci => boostedDci(codesAndFactors(model, train), codesAndFactors(model, test));

function codesAndFactors(model: LatentModel, pairs: PairedInterventions) {
  const tf = tensorflow();
  const codes = tf.tidy(() => model.encode(observations(pairs)).dataSync<"float32">());
  return { codes: columnsOf(codes, model.latents), factors: columnsOf(pairs.causalBefore, pairs.variables) };
}

const observations = ({ before, pairs, variables, features = variables }: PairedInterventions): Tensor2D =>
  tensorflow().tensor2d(before, [pairs, features]);

/** @param rows [rows, width] @returns [width][rows] */
const columnsOf = (rows: Float32Array, width: number): Float64Array[] =>
  Array.from({ length: width }, (_, column) =>
    Float64Array.from({ length: rows.length / width }, (_, row) => rows[row * width + column]),
  );

/** Undefined of a model without a posterior. */
export function interventionScores(
  model: LatentModel,
  { pairs, variables, features = variables, before, after, intervention }: PairedInterventions,
  { offset }: EvaluationConfiguration,
): InterventionScores | undefined {
  const tf = tensorflow();
  const labels = variables + 1;
  const posterior = tf.tidy(() => {
    const shape: [number, number] = [pairs, features];
    const pair = { before: tf.tensor2d(before, shape), after: tf.tensor2d(after, shape) };
    return model.posterior(pair, offset)?.dataSync<"float32">();
  });
  if (!posterior) return undefined;
  const table = () => Array.from({ length: labels }, () => new Array<number>(labels).fill(0));
  const [hits, mass, logMass] = [table(), table(), table()]; // [true label][the model's label]
  const counts = new Array<number>(labels).fill(0);
  for (let pair = 0; pair < pairs; pair++) {
    const row = posterior.subarray(pair * labels, (pair + 1) * labels);
    const label = intervention[pair];
    counts[label] += 1;
    hits[label][row.indexOf(Math.max(...row))] += 1;
    for (let k = 0; k < labels; k++) {
      mass[label][k] += row[k];
      logMass[label][k] += Math.log(row[k] + 1e-9);
    }
  }
  const best = (sums: number[][]) => {
    const latents = bestAssignment(sums.slice(1).map((row) => row.slice(1)));
    const total = latents.reduce((sum, latent, i) => sum + sums[i + 1][latent + 1], sums[0][0]);
    return { latents, mean: total / pairs };
  };
  const { latents, mean: accuracy } = best(hits);
  const order = [0, ...latents.map((latent) => latent + 1)];
  return {
    accuracy,
    meanPosterior: best(mass).mean,
    meanLogPosterior: best(logMass).mean,
    posterior: mass.map((row, label) => order.map((k) => row[k] / counts[label])),
  };
}

/** Undefined of a model without solution functions. */
export function graphScores(
  model: LatentModel,
  test: PairedInterventions,
  { graph: truth }: Pick<Nature, "graph">,
  configuration: EvaluationConfiguration,
  { latentOf, seed }: { latentOf: readonly number[]; seed: number },
): GraphScores | undefined {
  const { ilcm, encodeNoise, latents } = model;
  const { graphPairs, edgeThreshold } = configuration;
  const matched = (matrix: number[][]) => latentOf.map((from) => latentOf.map((to) => matrix[from][to]));
  const learnt = model.explicitGraph?.();
  if (learnt) {
    const { probabilities, likeliest } = learnt;
    const causes = probabilities.map((_, i) => probabilities.map((row) => row[i]));
    return {
      ...foundGraph(matched(probabilities), matched(likeliest), truth),
      order: topologicalOrder(causes),
      latentEffects: probabilities,
    };
  }
  if (!ilcm) return undefined;
  const tf = tensorflow();
  const rows = Math.min(graphPairs, test.pairs);
  const permutations = drawNoisePermutations(rows, latents, createRandom(seed).split("implicit graph"));
  const { effects: latentEffects, order } = tf.tidy(() => {
    const noise = encodeNoise(observations(test).slice([0, 0], [rows, -1]));
    return implicitGraph(ilcm.solutionFunctions, noise, permutations) as never;
  }) as ReturnType<typeof implicitGraph>;
  const effects = matched(latentEffects);
  const found = effects.map((row) => row.map((effect) => Number(effect > edgeThreshold)));
  return {
    ...foundGraph(effects, found, truth),
    order,
    latentEffects,
    ...(configuration.encoEpochs > 0
      ? { enco: encoScores(model, test, truth, configuration, { latentOf, seed }) }
      : {}),
  };
}

function foundGraph(effects: number[][], found: number[][], truth: Nature["graph"]) {
  const { structuralHammingDistance } = compareGraphs(found, truth);
  const isRight = structuralHammingDistance === 0;
  return { effects, found, truth: truth.map((row) => row.slice()), structuralHammingDistance, isRight };
}

/**
 * ENCO's graph of the causal variables before and after interventions, as the model infers both: what it believes was not
 * intervened on keeps the noise of before. (The published code mixes both noises there, at random.)
 */
function encoScores(
  model: LatentModel,
  { pairs, variables, features = variables, before, after }: PairedInterventions,
  truth: Nature["graph"],
  { encoEpochs: epochs, encoSparsity: sparsity, offset }: EvaluationConfiguration,
  { latentOf, seed }: { latentOf: readonly number[]; seed: number },
): NonNullable<GraphScores["enco"]> {
  const tf = tensorflow();
  const inferred = tf.tidy(() => {
    const [x1, x2] = [before, after].map((rows) => tf.tensor2d(rows, [pairs, features]));
    const likeliest = model.posterior({ before: x1, after: x2 }, offset)?.argMax(1).toInt() as Tensor1D;
    const targets = tf
      .oneHot(likeliest, variables + 1)
      .slice([0, 1])
      .cast("float32") as Tensor2D;
    const noise = model.encodeNoise(x1);
    const changed = noise.add(model.encodeNoise(x2).sub(noise).mul(targets)) as Tensor2D;
    const functions = model.ilcm?.solutionFunctions as SolutionFunctions;
    const causal = [noise, changed].map((one) => (noiseToCausal(functions, one) as Tensor2D).arraySync());
    return [...causal, targets.arraySync()] as never;
  }) as [number[][], number[][], number[][]];
  const { adjacency } = learnEncoGraph(...inferred, {
    rng: createRandom(seed).split("enco"),
    epochs,
    sparsity,
  });
  const found = latentOf.map((from) => latentOf.map((to) => adjacency[from][to]));
  return { adjacency, structuralHammingDistance: compareGraphs(found, truth).structuralHammingDistance };
}

const CHUNK = 1000; // pairs at once
const LOG_TWO_PI = Math.log(2 * Math.PI);

/**
 * -log of the mean over samples of exp(-loss) with beta 1 (Burda et al. 2016, arXiv:1509.00519), the constant of the decoder's
 * density included, in the phase in which the training ends.
 */
export function negativeLogLikelihood(
  model: LatentModel,
  { pairs, variables, features = variables, before, after }: PairedInterventions,
  configuration: TrainingConfiguration & Pick<WscrlConfiguration, "nllSamples">,
  seed: number,
): number {
  const tf = tensorflow();
  const { nllSamples, offset, epochs } = configuration;
  const phase = trainingSchedule(configuration).phase(epochs - 1);
  const options = {
    phase,
    beta: 1,
    pretrainingBeta: 1,
    noiseRegularisation: 0,
    consistency: 0,
    entropy: 0,
    offset,
  };
  const constant = LOG_TWO_PI * features; // of two observations
  let total = 0;
  for (let first = 0; first < pairs; first += CHUNK) {
    const count = Math.min(CHUNK, pairs - first);
    const slice = (rows: Float32Array) =>
      tf.tensor2d(rows.subarray(first * features, (first + count) * features), [count, features]);
    total += tf.tidy(() => {
      const pair = { before: slice(before), after: slice(after) };
      const logs: Tensor[] = Array.from({ length: nllSamples }, (_, sample) => {
        const noiseSeed = tf.tensor1d(stepSeed(seed, first * nllSamples + sample), "int32");
        return model.loss(pair, noiseSeed, options).lossPerPair.neg();
      });
      return tf.logSumExp(tf.stack(logs), 0).sum().dataSync()[0] as never;
    }) as number;
  }
  return Math.log(nllSamples) - total / pairs + constant;
}
