// Training with deep supervision and adaptive computation time (ACT): every ACT step is a step of the optimiser. The states go
// on to the next one without gradient; a sequence that halts makes room for a new puzzle. The whole step is one compiled graph:
// what is carried along (states, puzzles, counters) are variables, so that a checkpoint resumes in the middle of thoughts.
// Of the 20 to 24 ms of processor time that a step of the miniature TRM takes, 15 are products of matrices at the core's full rate. What
// brought it there from 30: positions first (block.ts), shorter gradients of the gate and of rmsNorm, one thread. XLA (`jit`) fuses
// what lies between the products and multiplies more slowly: it gains nothing.
import type { Scalar, Tensor, Tensor1D, Tensor2D, Variable } from "@tensorflow/tfjs-node";
import {
  type CompiledStep,
  compile,
  createOptimiser,
  fillVariable,
  type OptimiserOptions,
  prefixNames,
  statelessNormal,
  statelessUniform,
  tensorflow,
  withoutGradient,
} from "../../tensor";
import { actLoss } from "./act-loss";
import { gradientFrom, lengthOf, subUpdates } from "./configuration";
import {
  answerLogits,
  embedPuzzles,
  haltingLogits,
  initialStateNames,
  initialThought,
  puzzleVectors,
  type Reasoner,
  type ThoughtState,
  think,
} from "./reasoner";

export interface ActTrainerOptions {
  /** Sequences that are thought about at once. */
  batchSize: number;
  /** ACT steps after which a sequence halts in any case: 16. */
  mostSteps?: number;
  /** Probability that a sequence must think for a drawn number of steps, 2 to `mostSteps`, before it may halt: 0.1. */
  exploration?: number;
  /**
   * Whether the continuing head learns, too, from one forward pass more: by default HRM's does and TRM's does not (published
   * `no_ACT_continue`). Where it does, a sequence halts when halting beats continuing, else when its logit is above 0.
   */
  learnsToContinue?: boolean;
  /** AdamATan2 with betas 0.9, 0.95 and decay 0.1 unless given. */
  optimiser?: OptimiserOptions;
  /** What the learning rate of puzzle vectors, trained by sign-SGD with decay 0.1, is multiplied by: 1. */
  puzzleRateFactor?: number;
  /** Standard deviation of noise that is added to the states of sequences that go on thinking: 0. */
  noise?: number;
  /** Share of the average of all earlier weights that is kept at each step, for `averaged`; none is kept by default. */
  averageDecay?: number;
  /** Whether XLA compiles the step, and how many threads it has, see `compile`: by default one, as its operations are small. */
  jit?: boolean;
  threads?: number;
}

export interface ActTrainer {
  reasoner: Reasoner;
  /** The reasoner with averaged weights where `averageDecay` is given, else the one that is trained. */
  averaged: Reasoner;
  /** Weights, moments, averages and what is carried along, by name. */
  variables: Readonly<Record<string, Variable>>;
  /**
   * Takes one ACT step with every sequence, and one of the optimiser.
   *
   * @param inputs tokens of new puzzles, for sequences that have halted. int32, [batchSize, cells]
   * @param labels int32, [batchSize, cells]
   * @param seed of exploration and noise; another one in each call. int32, [2]
   * @returns means over the batch: the loss before the step, and the share of right answers
   */
  step(
    inputs: Tensor2D,
    labels: Tensor2D,
    learningRate: Scalar,
    seed: Tensor1D,
  ): { loss: Scalar; exact: Scalar };
  /** Frees all but the reasoners. */
  dispose(): void;
}

/**
 * Makes a trainer, at the start of a training.
 *
 * @param reasoner whose weights are trained
 * @param options batch size, ACT steps, exploration, optimiser and averages; see `ActTrainerOptions`
 * @returns the trainer, to be disposed of after use
 * @throws {RangeError} for options out of their range
 * @example
 * import { createActTrainer, createRandom, createReasoner, miniatureReasoner, tensorflow } from "dolab";
 * const tf = tensorflow();
 * const small = miniatureReasoner("trm", { cells: 4, vocabulary: 3, channels: 8 });
 * const configuration = { ...small, lowCycles: 1, highCycles: 1 };
 * const trainer = createActTrainer(createReasoner(configuration, { rng: createRandom(1) }), { batchSize: 2 });
 * const inputs = tf.tensor2d([[0, 1, 0, 2], [2, 0, 0, 1]], [2, 4], "int32");
 * const labels = tf.tensor2d([[1, 1, 2, 2], [2, 2, 1, 1]], [2, 4], "int32");
 * const { loss } = trainer.step(inputs, labels, tf.scalar(1e-3), tf.tensor1d([0, 1], "int32"));
 * loss.dataSync()[0] > 0; // => true
 * trainer.dispose();
 */
export function createActTrainer(reasoner: Reasoner, options: ActTrainerOptions): ActTrainer {
  const { configuration, parameters } = reasoner;
  const {
    batchSize,
    mostSteps = 16,
    exploration = 0.1,
    noise = 0,
    averageDecay,
    puzzleRateFactor = 1,
  } = options;
  const { learnsToContinue = configuration.kind === "hrm" } = options;
  const { optimiser: rule = { kind: "adam-atan2", betas: [0.9, 0.95], weightDecay: 0.1 } } = options;
  requireOptions(options);
  const tf = tensorflow();
  const trained = Object.entries(parameters).filter(([name]) => !isFixed(name));
  const named = (keep: (name: string) => boolean) =>
    Object.fromEntries(trained.filter(([name]) => keep(name)));
  const optimisers = [
    createOptimiser(
      named((name) => name !== puzzleVectors),
      rule,
    ),
  ];
  const vectors = named((name) => name === puzzleVectors);
  const signs =
    configuration.puzzles > 0 ? createOptimiser(vectors, { kind: "sign-sgd", weightDecay: 0.1 }) : undefined;
  const carry = createCarry(reasoner, batchSize);
  const averages = averageDecay === undefined ? {} : copies(Object.fromEntries(trained));
  const variables = {
    ...parameters,
    ...prefixNames("optimiser", Object.fromEntries(optimisers[0].state)),
    ...(signs ? prefixNames("signs", Object.fromEntries(signs.state)) : {}),
    ...prefixNames("carry", carry),
    ...prefixNames("average", averages),
  };
  const updates = subUpdates(configuration);
  const first = gradientFrom(configuration);

  const step = (inputs: Tensor2D, labels: Tensor2D, learningRate: Scalar, seed: Tensor1D) => {
    const fresh = carry.halted as Tensor;
    const puzzles = tf.where(fresh.expandDims(1), inputs as Tensor, carry.inputs) as Tensor2D;
    const answers = tf.where(fresh.expandDims(1), labels as Tensor, carry.labels) as Tensor2D;
    const count = tf.where(fresh, tf.zerosLike(carry.steps), carry.steps).add(tf.scalar(1, "int32"));
    const begun = beginThought(reasoner, carry, noise, seed);
    const before = think(reasoner, begun, embedPuzzles(reasoner, puzzles), updates.slice(0, first));
    const last = count.greaterEqual(tf.scalar(mostSteps, "int32"));
    let after: ThoughtState | undefined;
    let halting: Tensor2D | undefined;
    let exact: Tensor | undefined;
    const { value: loss, grads } = tf.variableGrads(
      () => {
        const injection = embedPuzzles(reasoner, puzzles);
        after = think(reasoner, before, injection, updates.slice(first));
        halting = haltingLogits(reasoner, after.high);
        const target = learnsToContinue ? continueTarget(reasoner, after, injection, last) : undefined;
        const each = actLoss(answerLogits(reasoner, after.high), halting, answers, target);
        exact = tf.keep(each.exact);
        for (const tensor of [after.high, after.low, halting]) tf.keep(tensor);
        return each.loss.mean() as Scalar;
      },
      trained.map(([, variable]) => variable),
    );
    const { high, low } = after as unknown as ThoughtState;
    const halts = wantsToHalt(halting as unknown as Tensor2D, learnsToContinue);
    const draws = statelessUniform([2, batchSize], seed);
    const [explores, length] = tf.unstack(draws);
    const drawn = length
      .mul(mostSteps - 1)
      .floor()
      .add(2); // 2 to mostSteps
    const fewest = tf.where(explores.less(exploration), drawn, tf.zerosLike(drawn));
    const enough = count.cast("float32").greaterEqual(fewest);
    optimisers[0].apply(grads, learningRate);
    signs?.apply(grads, learningRate.mul(puzzleRateFactor) as Scalar);
    for (const [name, average] of Object.entries(averages))
      average.assign(
        average.mul(averageDecay as number).add(parameters[name].mul(1 - (averageDecay as number))),
      );
    const next = { high, low, steps: count, halted: last.logicalOr(halts).logicalAnd(enough) };
    for (const [name, value] of Object.entries({ ...next, inputs: puzzles, labels: answers }))
      carry[name].assign(value);
    const right = (exact as unknown as Tensor).mean() as Scalar;
    tf.dispose([high, low, halting, exact] as unknown as Tensor[]);
    return { loss, exact: right };
  };
  const compiled: CompiledStep<[Tensor2D, Tensor2D, Scalar, Tensor1D], { loss: Scalar; exact: Scalar }> =
    compile(step, { variables: Object.values(variables), jit: options.jit, threads: options.threads ?? 1 });
  const averaged =
    averageDecay === undefined ? reasoner : { configuration, parameters: { ...parameters, ...averages } };
  return {
    reasoner,
    averaged,
    variables,
    step: compiled,
    dispose() {
      compiled.pull();
      compiled.dispose();
      for (const each of signs ? [...optimisers, signs] : optimisers) each.dispose();
      tf.dispose(Object.values(carry));
    },
  };
}

/** The carry before the first step: every sequence has halted, so that its states and puzzles are never read. */
function createCarry({ configuration }: Reasoner, batchSize: number): Record<string, Variable> {
  const tf = tensorflow();
  const { channels, cells } = configuration;
  const fixed = (tensor: Tensor) => {
    const variable = tf.variable(tensor, false);
    tensor.dispose();
    return variable;
  };
  const state = () => fillVariable([batchSize, lengthOf(configuration), channels], 0, { trainable: false });
  return {
    high: state(),
    low: state(),
    inputs: fixed(tf.zeros([batchSize, cells], "int32")),
    labels: fixed(tf.zeros([batchSize, cells], "int32")),
    steps: fixed(tf.zeros([batchSize], "int32")),
    halted: fixed(tf.ones([batchSize], "bool")),
  };
}

/** The states to think on from: fresh ones where a sequence has halted, else the carried ones, with noise. */
function beginThought(
  reasoner: Reasoner,
  carry: Record<string, Variable>,
  noise: number,
  seed: Tensor1D,
): ThoughtState {
  const tf = tensorflow();
  const initial = initialThought(reasoner, carry.high.shape[0]);
  const begin = (fresh: Tensor, carried: Tensor, stream: number) => {
    if (noise === 0) return tf.where(carry.halted.reshape([-1, 1, 1]), fresh, carried);
    const draws = statelessNormal(carried.shape, seed.add(tf.tensor1d([0, stream], "int32")));
    return tf.where(carry.halted.reshape([-1, 1, 1]), fresh, carried.add(draws.mul(noise)));
  };
  return { high: begin(initial.high, carry.high, 1), low: begin(initial.low, carry.low, 2) };
}

/** What one step more would be worth: sigmoid(last ? halt' : max(halt', continue')), without gradient. [batch] */
function continueTarget(reasoner: Reasoner, state: ThoughtState, injection: Tensor, last: Tensor): Tensor {
  const tf = tensorflow();
  const worth = (high: Tensor, low: Tensor, added: Tensor) => {
    const [halt, go] = tf.unstack(haltingLogits(reasoner, think(reasoner, { high, low }, added).high), 1);
    return tf.where(last, halt, tf.maximum(halt, go)).sigmoid();
  };
  return withoutGradient(worth, state.high, state.low, injection);
}

/** @param halting [batch, 2] @returns bool, [batch] */
export function wantsToHalt(halting: Tensor2D, learnsToContinue: boolean): Tensor {
  const [halt, go] = tensorflow().unstack(halting, 1);
  return learnsToContinue ? halt.greater(go) : halt.greater(0);
}

const isFixed = (name: string) => (initialStateNames as readonly string[]).includes(name);

function copies(variables: Readonly<Record<string, Variable>>): Record<string, Variable> {
  const tf = tensorflow();
  return Object.fromEntries(
    Object.entries(variables).map(([name, variable]) => [
      name,
      tf.tidy(() => tf.variable(variable.clone(), false)),
    ]),
  );
}

function requireOptions({
  batchSize,
  mostSteps = 16,
  exploration = 0,
  noise = 0,
  averageDecay = 0,
}: ActTrainerOptions) {
  const refuse = (rule: string, got: number) =>
    new RangeError(`Cannot train a reasoner as ${rule}: got ${got}`);
  for (const [what, value] of Object.entries({ batchSize, mostSteps }))
    if (!(Number.isInteger(value) && value >= 1)) throw refuse(`${what} is a whole number from 1`, value);
  if (!(exploration >= 0 && exploration <= 1)) throw refuse("exploration is a probability", exploration);
  if (!(noise >= 0 && Number.isFinite(noise))) throw refuse("noise is at least 0", noise);
  if (!(averageDecay >= 0 && averageDecay < 1))
    throw refuse("averageDecay is from 0 to below 1", averageDecay);
}
