// One way to train a network: a loss function, an optimiser and a learning rate become one compiled step. What a step changes
// (weights, moments, the step count, averages) is in `variables`, so that `train` can keep and restore it; the learning rate
// reaches the graph as an argument of each step, so that a schedule cannot freeze in it.
import type { NamedTensorMap, Scalar, Tensor, Variable } from "@tensorflow/tfjs-node";
import { requireKnownOptions } from "../io/known-options";
import { clipGlobalNorm, compile, type Optimiser, tensorflow } from "../tensor";
import { residencyOf } from "../tensor/compile/residency";
import { isTracing } from "../tensor/compile/trace";
import { watchingBroadcasts } from "./broadcast-warning";
import type { NamedVariables } from "./checkpoint";
import { type Loss, lossAndGradients } from "./loss-gradients";
import { type LearningRate, type OptimisationOptions, partsOf, rateOf, refuse } from "./optimisation";
import { requireVariables } from "./require-variables";

export interface TrainerOptions<Inputs extends readonly Tensor[], Result extends Loss>
  extends OptimisationOptions {
  /** Every variable of the network by name; those that are `trainable` are trained, the others are its running statistics. */
  parameters: NamedVariables;
  /** The loss of a step's tensors, a scalar, or { loss, ...metrics }. Variables that it assigns must be in `parameters` or `state`. */
  loss?: (...inputs: Inputs) => Result;
  /** Instead of `loss`: gradients that are not those of one loss, by the variables' own names, and what a step returns. */
  gradients?: (...inputs: Inputs) => { gradients: NamedTensorMap; result: Result };
  /** An exponential moving average of the trainable parameters, kept up after each step: decay average + (1 - decay) value. */
  average?: { decay: number };
  /** Further variables that a step assigns, by name, such as a gradient that is kept; `begin` sets them back to what they are now. */
  state?: NamedVariables;
  /** Whether XLA compiles the step, see `compile`. */
  jit?: boolean;
  /** How many threads the step may use, see `compile`: 1 is fastest for small networks. */
  threads?: number;
  /** false runs steps operation by operation, to debug a loss function. */
  compiled?: boolean;
}

export interface Trainer<Inputs extends readonly Tensor[], Result extends Loss> {
  /**
   * Takes one step.
   *
   * @param inputs what the loss function takes, of few different shapes: each traces a graph of its own
   * @returns what the loss function returned, before the update; the caller disposes of it (`train` does)
   * @throws {RangeError} where the learning rate is below 0 or not finite; nothing has changed then
   */
  step(...inputs: Inputs): Result;
  /**
   * Begins anew: the optimisers and `state` are as before the first step, and the step count is 0.
   *
   * @param values new values of all parameters by name, or a function that makes them, which are disposed of then; without
   *   it the parameters stay as they are, as where a checkpoint has filled them
   * @param options.learningRate takes the place of the one before (of one optimiser)
   * @throws {RangeError} where a parameter has no value; {TypeError} where one has another shape; nothing has changed then
   */
  begin(
    values?: Readonly<Record<string, Tensor>> | (() => Readonly<Record<string, Tensor>>),
    options?: { learningRate?: LearningRate },
  ): void;
  readonly parameters: NamedVariables;
  /** What a checkpoint holds beside the parameters: `optimiser/...` (with several optimisers `optimiser/NAME/...`), `average/...`, and `state`. */
  readonly state: NamedVariables;
  /** Parameters and state: what `train` takes. */
  readonly variables: NamedVariables;
  /** The averages under the parameters' names, with the parameters that are not trained: an evaluation takes them like `parameters`. */
  readonly averages: NamedVariables;
  /** Steps done since it began, those before a restored checkpoint among them. */
  readonly stepsDone: number;
  /** Frees the graph, the optimisers and the averages; parameters and the given `state` stay. */
  dispose(): void;
}

const optionNames = [
  "parameters",
  "loss",
  "gradients",
  "optimiser",
  "learningRate",
  "clipNorm",
  "optimisers",
  "average",
  "state",
  "jit",
  "threads",
  "compiled",
];

/**
 * Makes a trainer of a network.
 *
 * A step is compiled: forward pass, gradients and updates are one graph (see `compile`), traced at the first step.
 * A loss function is traced too: it draws random numbers by stateless ops with a seed among its inputs.
 *
 * @param options see `TrainerOptions`; `parameters`, `loss`, and either `optimiser` with `learningRate` or `optimisers`
 * @returns the trainer, to be disposed of after use
 * @throws {RangeError} for unknown options, settings out of their range, and parameters that no optimiser, or more than one, trains;
 *   {TypeError} for parameters that are no variables by name, such as a layer in the place of its weight and bias
 * @example
 * import { createDense, createRandom, createTrainer, dense, tensorflow } from "dolab";
 * const tf = tensorflow();
 * const line = createDense(1, 1, { rng: createRandom(0) });
 * const trainer = createTrainer({
 *   parameters: { weight: line.weight, bias: line.bias },
 *   loss: (x, y) => dense(line, x).sub(y).square().mean(),
 *   optimiser: { kind: "sgd" },
 *   learningRate: (step) => 0.5 / (1 + step),
 * });
 * const [x, y] = [tf.tensor2d([[-1], [1]]), tf.tensor2d([[-1], [3]])]; // y = 2 x + 1
 * for (let step = 0; step < 20; step++) trainer.step(x, y).dispose();
 * trainer.step(x, y).dataSync()[0] < 1e-6; // => true
 * trainer.stepsDone; // => 21
 * trainer.dispose();
 */
export function createTrainer<Inputs extends readonly Tensor[], Result extends Loss>(
  options: TrainerOptions<Inputs, Result>,
): Trainer<Inputs, Result> {
  requireKnownOptions("make a trainer", options, optionNames);
  const { parameters, state: given = {}, average, jit, threads, compiled = true } = options;
  requireVariables("make a trainer", "parameters", parameters);
  requireVariables("make a trainer", "state", given);
  const tf = tensorflow();
  const trained = Object.fromEntries(Object.entries(parameters).filter(([, { trainable }]) => trainable));
  const parts = partsOf(options, trained);
  const gradientsOf = options.gradients ?? gradientsOfLoss(requireLoss(options), Object.values(trained));
  if (average && !(average.decay >= 0 && average.decay < 1))
    throw refuse("average.decay must be at least 0 and below 1", average.decay);
  const averaged = Object.entries(average ? trained : {}).map(([name, variable]) => ({
    name,
    variable,
    mean: tf.tidy(() => tf.variable(variable.clone(), false)),
  }));
  const state: NamedVariables = {
    ...Object.assign({}, ...parts.map((part) => part.state)),
    ...Object.fromEntries(averaged.map(({ name, mean }) => [`average/${name}`, mean])),
    ...given,
  };
  const variables = { ...parameters, ...state };
  if (Object.keys(variables).length < Object.keys(parameters).length + Object.keys(state).length)
    throw refuse("parameters and state must have different names", Object.keys(given).join(", "));
  const body = (...tensors: Tensor[]): Result => {
    const inputs = tensors.slice(parts.length) as Tensor[] as unknown as Inputs;
    const { gradients, result } = gradientsOf(...inputs);
    for (const [i, { optimiser, clipNorm, names }] of parts.entries()) {
      const own = parts.length === 1 ? gradients : pick(gradients, names);
      const taken = clipNorm === undefined ? own : clipGlobalNorm(own, clipNorm).gradients;
      optimiser.apply(taken, tensors[i] as Scalar);
    }
    for (const { variable, mean } of averaged) {
      const { decay } = average as { decay: number };
      mean.assign(mean.mul(decay).add(variable.mul(1 - decay)));
    }
    return result;
  };
  const settings = { variables: Object.values(variables), jit, threads };
  const graph = compiled ? compile(body, settings) : undefined;
  const run = graph ?? ((...tensors: Tensor[]) => tidyLoss(() => body(...tensors)));
  const count = stepCount(parts[0].optimiser);
  let watched = false;
  const blank = Object.values(given).map((variable) => ({ variable, value: variable.clone() }));
  return {
    parameters,
    state,
    variables,
    averages: { ...parameters, ...Object.fromEntries(averaged.map(({ name, mean }) => [name, mean])) },
    get stepsDone() {
      return count.done();
    },
    step: (...inputs) => {
      if (isTracing()) {
        const cure = "the trainer compiles its steps itself: call it from plain code";
        throw new Error(
          `Cannot take a trainer's step within a compiled step, where its learning rate would freeze (${cure})`,
        );
      }
      const done = count.done();
      const rates = parts.map(({ learningRate }) => tf.scalar(rateOf(learningRate, done)));
      try {
        const take = () => run(...rates, ...inputs);
        const result = watched ? take() : watchingBroadcasts(take);
        watched = true;
        count.add(done);
        return result;
      } finally {
        tf.dispose(rates);
      }
    },
    begin: (values, { learningRate } = {}) => {
      if (learningRate !== undefined) {
        if (parts.length > 1)
          throw refuse("begin sets the learning rate of one optimiser only", parts.length);
        rateOf(learningRate, 0);
        parts[0].learningRate = learningRate;
      }
      if (typeof values === "function") {
        const made = values();
        try {
          assignAll(parameters, made);
        } finally {
          tf.dispose(Object.values(made));
        }
      } else if (values !== undefined) assignAll(parameters, values);
      for (const { optimiser } of parts) optimiser.reset();
      for (const { variable, value } of blank) variable.assign(value);
      for (const { variable, mean } of averaged) tf.tidy(() => mean.assign(variable.clone()));
    },
    dispose: () => {
      graph?.dispose();
      for (const { optimiser } of parts) optimiser.dispose();
      tf.dispose([...averaged.map(({ mean }) => mean), ...blank.map(({ value }) => value)]);
    },
  };
}

function requireLoss<Inputs extends readonly Tensor[], Result extends Loss>({
  loss,
  gradients,
}: TrainerOptions<Inputs, Result>): (...inputs: Inputs) => Result {
  if (typeof loss === "function" && gradients === undefined) return loss;
  throw refuse(
    "it needs loss, a function of a step's tensors, or gradients",
    loss && gradients ? "both" : loss,
  );
}

const gradientsOfLoss =
  <Inputs extends readonly Tensor[], Result extends Loss>(
    loss: (...inputs: Inputs) => Result,
    trained: readonly Variable[],
  ) =>
  (...inputs: Inputs) =>
    lossAndGradients(() => loss(...inputs), trained);

/** Knows how many steps an optimiser has done without reading its count, except where a checkpoint or `begin` has set it. */
function stepCount(optimiser: Optimiser) {
  const counter = optimiser.state.get("step") as Variable;
  const residency = residencyOf(counter);
  let known = 0;
  let version = residency.version;
  return {
    done(): number {
      if (version !== residency.version) {
        known = counter.dataSync()[0];
        version = residency.version;
      }
      return known;
    },
    add(done: number): void {
      known = done + 1;
      version = residency.version;
    },
  };
}

/** Assigns all values, or throws and assigns none. */
function assignAll(variables: NamedVariables, values: Readonly<Record<string, Tensor>>): void {
  for (const [name, { shape }] of Object.entries(variables)) {
    const found = values[name];
    if (found === undefined)
      throw new RangeError(`Cannot begin as each parameter needs a value: got none for "${name}"`);
    if (found.shape.join() === shape.join()) continue;
    throw new TypeError(`Cannot begin as "${name}" must have the shape [${shape}]: got [${found.shape}]`);
  }
  for (const [name, variable] of Object.entries(variables)) variable.assign(values[name]);
}

function tidyLoss<Result extends Loss>(body: () => Result): Result {
  return tensorflow().tidy(body as () => Tensor) as Result;
}

const pick = (gradients: NamedTensorMap, names: readonly string[]): NamedTensorMap =>
  Object.fromEntries(names.filter((name) => name in gradients).map((name) => [name, gradients[name]]));
