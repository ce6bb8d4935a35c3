// What a model says of an intervention that it has never seen the target of, next to the true system's answer: from an
// observation it finds the noise, sets one causal variable, and decodes what would be observed then. The true system does the
// same with its own mechanisms. A latent is known up to an affine map only, which is fitted on held-out pairs.
import type { Tensor2D } from "@tensorflow/tfjs-node";
import {
  linearModelNoise,
  type Nature,
  observeNature,
  type PairedInterventions,
  solveLinearModel,
} from "../../../data/paired-interventions";
import { createRandom } from "../../../random";
import { mean } from "../../../stats";
import { tensorflow } from "../../../tensor";
import type { LatentModel } from "../training/model";

/** Observations after one variable was set to each of several values; all else stays as it was. */
export interface InterventionAnswer {
  variable: number;
  /** What it is set to, in the true variable's units. */
  values: number[];
  /** [values][features] */
  answered: number[][];
  /** [values][features] */
  truth: number[][];
}

export interface InterventionAnswers {
  /**
   * [variables] squared error of the observation that is answered, over the squared change that the intervention brings about:
   * 0 is a perfect answer, 1 as good as to say that nothing changes.
   */
  errors: number[];
  /** Answers for the first held-out observation, each variable set from -2 to 2. */
  examples: InterventionAnswer[];
}

const MOST_PAIRS = 500;
const GRID = Array.from({ length: 9 }, (_, i) => -2 + i / 2);
/** Digits of the examples, which are drawn and nothing else. */
const DIGITS = 6;

/** @param options.latentOf which latent stands for each variable @param options.seed of the values that variables are set to */
export function answerInterventions(
  model: LatentModel,
  test: PairedInterventions,
  nature: Nature,
  { latentOf, seed }: { latentOf: readonly number[]; seed: number },
): InterventionAnswers {
  const { variables } = test;
  const pairs = Math.min(test.pairs, MOST_PAIRS);
  const rng = createRandom(seed).split("answered interventions");
  const row = (rows: Float32Array, pair: number) => rows.subarray(pair * variables, (pair + 1) * variables);
  const answers = latentOf.map((latent, variable) => {
    const ask = (indices: readonly number[], values: readonly number[]) => {
      const scale = affineFit(model, test, pairs, { latent, variable });
      const inUnits = values.map((value) => (value - scale.offset) / scale.slope);
      const answered = answerOf(model, test, indices, { latent, values: inUnits });
      const truth = indices.map((pair, i) => {
        const noise = linearModelNoise(nature, row(test.causalBefore, pair));
        noise[variable] = values[i];
        return Array.from(observeNature(nature, solveLinearModel(nature, noise, variable)));
      });
      return { answered, truth };
    };
    const all = Array.from({ length: pairs }, (_, pair) => pair);
    const { answered, truth } = ask(
      all,
      all.map(() => rng.normal()),
    );
    const before = all.map((pair) => row(test.before, pair));
    const distance = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      Array.from(a).reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0);
    const error = mean(answered.map((one, pair) => distance(one, truth[pair])));
    const change = mean(before.map((one, pair) => distance(one, truth[pair])));
    const example = ask(
      GRID.map(() => 0),
      GRID,
    );
    const rounded = (rows: number[][]) => rows.map((one) => one.map((x) => Number(x.toPrecision(DIGITS))));
    return {
      error: error / change,
      example: {
        variable,
        values: GRID.slice(),
        answered: rounded(example.answered),
        truth: rounded(example.truth),
      },
    };
  });
  return { errors: answers.map(({ error }) => error), examples: answers.map(({ example }) => example) };
}

/** The model's observations after it has set a latent. @returns [indices][features] */
function answerOf(
  model: LatentModel,
  { before, variables }: PairedInterventions,
  indices: readonly number[],
  { latent, values }: { latent: number; values: readonly number[] },
): number[][] {
  const tf = tensorflow();
  const rows = indices.map((pair) => Array.from(before.subarray(pair * variables, (pair + 1) * variables)));
  return tf.tidy(() => {
    const noise = model.encodeNoise(tf.tensor2d(rows));
    const set = model.setCausal(noise, latent, tf.tensor2d(values.slice(), [values.length, 1]));
    return (model.decode(set) as Tensor2D).arraySync() as never;
  }) as number[][];
}

/** The straight line from a latent to a variable. */
export function affineFit(
  model: LatentModel,
  { before, causalBefore, variables }: PairedInterventions,
  pairs: number,
  { latent, variable }: { latent: number; variable: number },
): { slope: number; offset: number } {
  const tf = tensorflow();
  const codes = tf.tidy(() =>
    model
      .encode(tf.tensor2d(before.subarray(0, pairs * variables), [pairs, variables]))
      .dataSync<"float32">(),
  );
  const x = Array.from({ length: pairs }, (_, pair) => codes[pair * model.latents + latent]);
  const y = Array.from({ length: pairs }, (_, pair) => causalBefore[pair * variables + variable]);
  const [middleX, middleY] = [mean(x), mean(y)];
  const covariance = mean(x.map((value, i) => (value - middleX) * (y[i] - middleY)));
  const slope = covariance / mean(x.map((value) => (value - middleX) ** 2));
  return { slope, offset: middleY - slope * middleX };
}
