// Training on two gradients, as source document 000 does: one of noisy labels at every step, one of clean labels that is
// taken anew every so many steps and kept in between, mixed as directions (see dual-gradient-mix.ts).
// It is `createTrainer` with gradients of its own. The kept gradient is a set of variables, so that a checkpoint has it. A step that takes the clean gradient anew runs the
// network twice, as the document does: both passes update the running statistics of batch normalisation. Sharing what the
// two passes have in common would save a fiftieth of sixteen steps, and hold for no network with dropout.
import type { NamedTensorMap, Scalar, Tensor, Variable } from "@tensorflow/tfjs-node";
import { requireKnownOptions } from "../io/known-options";
import { crossEntropy, fillVariable, type OptimiserOptions, tensorflow } from "../tensor";
import { residencyOf } from "../tensor/compile/residency";
import { globalNorm, mixGradients } from "./dual-gradient-mix";
import { lossAndGradients } from "./loss-gradients";
import { requireVariables } from "./require-variables";
import { createTrainer, type Trainer } from "./trainer";

export interface DualGradientOptions {
  /** The rule and its settings: by default the document's SGD, momentum 0.9 and weight decay 5e-4. */
  optimiser?: OptimiserOptions;
  /** The clean gradient is taken anew where the step is a multiple of this, from 1. */
  refreshEvery?: number;
  /** Whether the steps run as graphs, see `compile`. */
  compiled?: boolean;
}

export interface DualGradientSettings {
  /** The weight of the clean direction, from 0 to 1. */
  lambda: number;
  /** The learning rate of this step, at least 0. */
  learningRate: number;
  /** The number of this step, from 0. */
  step: number;
}

/** What a step measures, before its update; the caller disposes of the scalars. */
export type DualGradientResult = {
  /** Mean cross-entropy of the noisy labels, in nats. */
  loss: Scalar;
  /** The cosine of the angle between the noisy gradient and the clean one that is used. */
  cosine: Scalar;
  noisyNorm: Scalar;
  cleanNorm: Scalar;
};

export interface DualGradientTrainer {
  /**
   * Takes one step.
   *
   * @param images [batch, ...], as `forward` takes them
   * @param noisyLabels int32 [batch]
   * @param cleanLabels int32 [batch]; used only where the clean gradient is taken anew
   * @throws {RangeError} where a setting is out of its range; nothing has changed then
   */
  step(
    images: Tensor,
    noisyLabels: Tensor,
    cleanLabels: Tensor,
    settings: DualGradientSettings,
  ): DualGradientResult;
  /** Begins anew, without a kept gradient; see `Trainer`. */
  begin(values?: Parameters<Trainer<Tensor[], Tensor>["begin"]>[0]): void;
  /** All that a checkpoint needs: the parameters by their names, `optimiser/...` and `clean_gradient/...`. */
  readonly variables: Readonly<Record<string, Variable>>;
  /** Frees the graphs, the optimiser's state and the kept gradient; the parameters stay. */
  dispose(): void;
}

/** The norm that stands for "no gradient is kept yet". */
const NONE = -1;

/**
 * Makes a trainer of any classifier.
 *
 * Learning rate and lambda are arguments of the graphs: a jump of either costs nothing. A step that takes the clean
 * gradient anew and one that does not have a graph each, with the parameters in one session.
 *
 * @param parameters every variable of the network by name; those that are `trainable` are trained, the others (running
 *   statistics) belong to `variables`
 * @param forward images to logits [batch, classes], in training mode
 * @param options see `DualGradientOptions`
 * @throws {RangeError} where `refreshEvery` is no whole number from 1; {TypeError} for parameters that are no variables by name
 * @example
 * import { createDense, createDualGradientTrainer, createRandom, dense, prefixNames, tensorflow } from "dolab";
 * const tf = tensorflow();
 * const head = createDense(2, 3, { rng: createRandom(0) });
 * const trainer = createDualGradientTrainer(prefixNames("head", head), (points) => dense(head, points));
 * const labels = tf.tensor1d([0, 2], "int32");
 * const settings = { lambda: 0.35, learningRate: 0.1, step: 0 };
 * const { cosine } = trainer.step(tf.eye(2), labels, labels, settings);
 * Math.abs(cosine.dataSync()[0] - 1) < 1e-6; // => true
 * trainer.dispose();
 */
export function createDualGradientTrainer(
  parameters: Readonly<Record<string, Variable>>,
  forward: (images: Tensor) => Tensor,
  options: DualGradientOptions = {},
): DualGradientTrainer {
  requireKnownOptions("make a dual-gradient trainer", options, ["optimiser", "refreshEvery", "compiled"]);
  requireVariables("make a dual-gradient trainer", "parameters", parameters);
  const { optimiser = { kind: "sgd", momentum: 0.9, weightDecay: 5e-4 }, refreshEvery = 16 } = options;
  if (!Number.isInteger(refreshEvery) || refreshEvery < 1) {
    const rule = "refreshEvery must be a whole number from 1";
    throw new RangeError(`Cannot make a dual-gradient trainer as ${rule}: got ${refreshEvery}`);
  }
  const tf = tensorflow();
  const kept = Object.entries(parameters).flatMap(([name, variable]) =>
    variable.trainable
      ? [{ name, variable, gradient: fillVariable(variable.shape, 0, { trainable: false }) }]
      : [],
  );
  const keptNorm = fillVariable([], NONE, { trainable: false });
  const gradientsOf = (images: Tensor, labels: Tensor) => {
    const loss = () => crossEntropy(forward(images), labels).mean();
    return lossAndGradients(
      loss,
      kept.map(({ variable }) => variable),
    );
  };
  const refresh = (images: Tensor, labels: Tensor) => {
    const { gradients } = gradientsOf(images, labels);
    for (const { variable, gradient } of kept) gradient.assign(gradients[variable.name]);
    keptNorm.assign(globalNorm(kept.map(({ gradient }) => gradient)));
  };
  /** The clean labels come last, and only where their gradient is taken anew. */
  const gradients = (...[images, noisyLabels, lambda, cleanLabels]: Tensor[]) => {
    const { result: loss, gradients: noisy } = gradientsOf(images, noisyLabels);
    if (cleanLabels) refresh(images, cleanLabels);
    const clean: NamedTensorMap = Object.fromEntries(
      kept.map(({ variable, gradient }) => [variable.name, gradient]),
    );
    const { mixed, ...measured } = mixGradients(noisy, clean, keptNorm as Tensor as Scalar, lambda as Scalar);
    const result = { loss, ...measured, cleanNorm: keptNorm.clone() } as DualGradientResult;
    return { gradients: mixed, result };
  };
  let learningRate = 0; // of the step that is being taken
  const trainer = createTrainer({
    parameters,
    gradients,
    optimiser,
    learningRate: () => learningRate,
    state: {
      ...Object.fromEntries(kept.map(({ name, gradient }) => [`clean_gradient/${name}`, gradient])),
      clean_gradient_norm: keptNorm,
    },
    compiled: options.compiled,
  });
  // Reading the norm fetches every variable from the graph: only where another than this trainer has set it, such as a restore.
  const residency = residencyOf(keptNorm);
  let own: number | undefined;
  const keepsNone = () => residency.version !== own && keptNorm.dataSync()[0] === NONE;
  return {
    step: (images, noisyLabels, cleanLabels, settings) => {
      requireSettings(settings);
      const anew = settings.step % refreshEvery === 0 || keepsNone();
      const lambda = tf.scalar(settings.lambda);
      learningRate = settings.learningRate;
      try {
        const measured = trainer.step(images, noisyLabels, lambda, ...(anew ? [cleanLabels] : []));
        own = residency.version;
        return measured;
      } finally {
        lambda.dispose();
      }
    },
    begin: (values) => trainer.begin(values),
    variables: trainer.variables,
    dispose: () => {
      trainer.dispose();
      tf.dispose([keptNorm, ...kept.map(({ gradient }) => gradient)]);
    },
  };
}

function requireSettings({ lambda, learningRate, step }: DualGradientSettings): void {
  const refuse = (rule: string, got: number) => {
    throw new RangeError(`Cannot take a dual-gradient step as ${rule}: got ${got}`);
  };
  if (!(lambda >= 0 && lambda <= 1)) refuse("lambda must be from 0 to 1", lambda);
  if (!(learningRate >= 0 && learningRate < Infinity))
    refuse("the learning rate must be at least 0", learningRate);
  if (!(Number.isInteger(step) && step >= 0)) refuse("the step must be a whole number from 0", step);
}
