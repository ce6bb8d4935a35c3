// TRM and HRM: two latent states, one of high and one of low level, that take turns at being updated from each other and the
// puzzle. An ACT step is a fixed number of such updates; heads read the answer and the wish to halt off the high state.
// Parameters are named and laid out as the published state dicts, so that these load as they are (`loadStateDict`).
// Published networks compute in bfloat16, ours in float32.
import type { Tensor, Tensor2D, Tensor3D, Variable } from "@tensorflow/tfjs-node";
import type { Random } from "../../random";
import {
  dense,
  drawVariable,
  embedding,
  fillVariable,
  lecunTruncatedNormal,
  tensorflow,
  truncatedNormal,
} from "../../tensor";
import { isPositionsFirst, reasonerBlock } from "./block";
import { lengthOf, type ReasonerConfiguration, requireReasoner, subUpdates } from "./configuration";

export interface Reasoner {
  configuration: ReasonerConfiguration;
  /** By published names; `inner.H_init` and `inner.L_init` are not trained. */
  parameters: Readonly<Record<string, Variable>>;
}

/** Where thinking is. */
export interface ThoughtState {
  /** z_H. [batch, length, channels] */
  high: Tensor;
  /** z_L. [batch, length, channels] */
  low: Tensor;
}

const HALT_BIAS = -5; // logits of halting begin near "no", for faster learning at first (published code)

/** Names of what is not trained by the optimiser: the states that thinking begins with, which stay as they are. */
export const initialStateNames = ["inner.H_init", "inner.L_init"] as const;
/** The vectors of single puzzles, trained by the signs of their gradients. */
export const puzzleVectors = "inner.puzzle_emb.weights";

/**
 * Draws a reasoner as the published code does: weights from LeCun's truncated normal, puzzle vectors 0, the halting head 0
 * with a bias of -5.
 *
 * @param configuration its sizes and kind, such as `miniatureReasoner` gives
 * @param options.rng draws the weights
 * @returns the configuration with variables by their published names
 * @throws {RangeError} where the configuration does not fit together
 * @example
 * import { createRandom, createReasoner, miniatureReasoner, parameterCount } from "dolab";
 * parameterCount(createReasoner(miniatureReasoner("trm"), { rng: createRandom(1) })); // => 22418
 */
export function createReasoner(configuration: ReasonerConfiguration, { rng }: { rng: Random }): Reasoner {
  requireReasoner(configuration);
  const { vocabulary, channels, mixing, positionEncoding, prefix, puzzles } = configuration;
  const { channelWidth, positionWidth } = configuration;
  const length = lengthOf(configuration);
  const matrix = (outputs: number, inputs: number) =>
    drawVariable([outputs, inputs], lecunTruncatedNormal(inputs, rng));
  const state = () => {
    const drawn = drawVariable([channels], truncatedNormal(1, rng));
    drawn.trainable = false;
    return drawn;
  };
  const parameters: Record<string, Variable> = {
    "inner.H_init": state(),
    "inner.L_init": state(),
    "inner.embed_tokens.embedding_weight": matrix(vocabulary, channels), // std 1 / sqrt(channels)
    "inner.lm_head.weight": matrix(vocabulary, channels),
    "inner.q_head.weight": fillVariable([2, channels], 0),
    "inner.q_head.bias": fillVariable([2], HALT_BIAS),
  };
  if (puzzles > 0) parameters[puzzleVectors] = fillVariable([puzzles, prefix * channels], 0);
  if (positionEncoding === "learned")
    parameters["inner.embed_pos.embedding_weight"] = matrix(length, channels);
  for (const [level, layers] of networks(configuration))
    for (let layer = 0; layer < layers; layer++) {
      const name = (rest: string) => `inner.${level}.layers.${layer}.${rest}.weight`;
      if (mixing === "mlp") {
        parameters[name("mlp_t.gate_up_proj")] = matrix(2 * positionWidth, length);
        parameters[name("mlp_t.down_proj")] = matrix(length, positionWidth);
      } else {
        parameters[name("self_attn.qkv_proj")] = matrix(3 * channels, channels);
        parameters[name("self_attn.o_proj")] = matrix(channels, channels);
      }
      parameters[name("mlp.gate_up_proj")] = matrix(2 * channelWidth, channels);
      parameters[name("mlp.down_proj")] = matrix(channels, channelWidth);
    }
  return { configuration, parameters };
}

/** Networks by their published names, with their numbers of blocks. */
const networks = ({ kind, lowLayers, highLayers }: ReasonerConfiguration): [string, number][] =>
  kind === "trm"
    ? [["L_level", lowLayers]]
    : [
        ["H_level", highLayers],
        ["L_level", lowLayers],
      ];

/**
 * Counts the numbers that training changes.
 *
 * @param reasoner as `createReasoner` makes it
 * @returns a whole number: that of all parameters but the two states that thinking begins with
 * @example
 * import { createRandom, createReasoner, miniatureReasoner, parameterCount } from "dolab";
 * const configuration = miniatureReasoner("trm", { cells: 4, vocabulary: 3, channels: 8 });
 * parameterCount(createReasoner(configuration, { rng: createRandom(1) })); // => 2570
 */
export const parameterCount = ({ parameters }: Reasoner): number =>
  Object.entries(parameters)
    .filter(([name]) => !(initialStateNames as readonly string[]).includes(name))
    .reduce((sum, [, { size }]) => sum + size, 0);

/**
 * Gives the states that thinking begins with, the same for every puzzle.
 *
 * @param reasoner as `createReasoner` makes it
 * @param batch how many puzzles
 * @returns both states, each [batch, length, channels]
 * @example
 * import { createRandom, createReasoner, initialThought, miniatureReasoner } from "dolab";
 * const configuration = miniatureReasoner("trm", { cells: 4, vocabulary: 3, channels: 8 });
 * const reasoner = createReasoner(configuration, { rng: createRandom(1) });
 * initialThought(reasoner, 2).high.shape; // => [2, 5, 8]
 */
export function initialThought({ parameters, configuration }: Reasoner, batch: number): ThoughtState {
  const shape = [batch, lengthOf(configuration), configuration.channels];
  const [high, low] = initialStateNames.map((name) => tensorflow().broadcastTo(parameters[name], shape));
  return { high, low };
}

/**
 * Embeds puzzles: what it returns is added to each update of the low state.
 *
 * @param reasoner as `createReasoner` makes it
 * @param inputs tokens, int32. [batch, cells]
 * @param identifiers which puzzle each is, where puzzles have vectors of their own: 0 for all by default. int32, [batch]
 * @returns [batch, length, channels]
 * @example
 * import { createRandom, createReasoner, embedPuzzles, miniatureReasoner, tensorflow } from "dolab";
 * const configuration = miniatureReasoner("trm", { cells: 4, vocabulary: 3, channels: 8 });
 * const reasoner = createReasoner(configuration, { rng: createRandom(1) });
 * const puzzle = tensorflow().tensor2d([[0, 1, 0, 2]], [1, 4], "int32");
 * embedPuzzles(reasoner, puzzle).shape; // => [1, 5, 8]
 */
export function embedPuzzles(
  { parameters, configuration }: Reasoner,
  inputs: Tensor2D,
  identifiers?: Tensor,
): Tensor {
  const tf = tensorflow();
  const { channels, prefix, puzzles, positionEncoding } = configuration;
  const [batch] = inputs.shape;
  let embedded = embedding({ weight: parameters["inner.embed_tokens.embedding_weight"] }, inputs);
  if (prefix > 0) {
    const own = identifiers ?? tf.zeros([batch], "int32");
    const vectors =
      puzzles > 0
        ? embedding({ weight: parameters[puzzleVectors] }, own).reshape([batch, prefix, channels])
        : tf.zeros([batch, prefix, channels]);
    embedded = tf.concat([vectors, embedded], 1); // [batch, length, channels]
  }
  if (positionEncoding === "learned")
    embedded = embedded.add(parameters["inner.embed_pos.embedding_weight"]).mul(Math.SQRT1_2);
  return embedded.mul(Math.sqrt(channels));
}

/**
 * Thinks: updates the states in turn.
 *
 * @param reasoner as `createReasoner` makes it
 * @param state where thinking is, such as `initialThought` returns
 * @param injection what `embedPuzzles` returned. [batch, length, channels]
 * @param updates which state each update is of: by default those of one ACT step, highCycles times lowCycles updates of the low
 *   state and one of the high state
 * @returns both states afterwards, each [batch, length, channels]
 * @example
 * import { answerLogits, createRandom, createReasoner, embedPuzzles } from "dolab";
 * import { initialThought, miniatureReasoner, tensorflow, think } from "dolab";
 * const configuration = miniatureReasoner("trm", { cells: 4, vocabulary: 3, channels: 8 });
 * const reasoner = createReasoner(configuration, { rng: createRandom(1) });
 * const injection = embedPuzzles(reasoner, tensorflow().tensor2d([[0, 1, 0, 2]], [1, 4], "int32"));
 * let state = initialThought(reasoner, 1);
 * for (let step = 0; step < 3; step++) state = think(reasoner, state, injection);
 * answerLogits(reasoner, state.high).shape; // => [1, 4, 3]
 */
export function think(
  reasoner: Reasoner,
  { high, low }: ThoughtState,
  injection: Tensor,
  updates: readonly ("low" | "high")[] = subUpdates(reasoner.configuration),
): ThoughtState {
  const { configuration, parameters } = reasoner;
  const network = (level: "low" | "high", state: Tensor, added: Tensor) => {
    const name = configuration.kind === "hrm" && level === "high" ? "H_level" : "L_level";
    const layers = name === "H_level" ? configuration.highLayers : configuration.lowLayers;
    let sum = state.add(added);
    for (let layer = 0; layer < layers; layer++)
      sum = reasonerBlock((rest) => parameters[`inner.${name}.layers.${layer}.${rest}`], sum, configuration);
    return sum;
  };
  const turned = (tensor: Tensor) => (isPositionsFirst(configuration) ? tensor.transpose([1, 0, 2]) : tensor); // and back
  const added = turned(injection);
  let state = { high: turned(high), low: turned(low) };
  for (const update of updates) {
    if (update === "low") state = { ...state, low: network("low", state.low, state.high.add(added)) };
    else state = { ...state, high: network("high", state.high, state.low) };
  }
  return { high: turned(state.high), low: turned(state.low) };
}

/**
 * Reads the answer off the high state.
 *
 * @param reasoner as `createReasoner` makes it
 * @param high z_H. [batch, length, channels]
 * @returns logits of each cell's token. [batch, cells, vocabulary]
 * @example
 * import { answerLogits, createRandom, createReasoner, initialThought, miniatureReasoner } from "dolab";
 * const configuration = miniatureReasoner("trm", { cells: 4, vocabulary: 3, channels: 8 });
 * const reasoner = createReasoner(configuration, { rng: createRandom(1) });
 * answerLogits(reasoner, initialThought(reasoner, 2).high).shape; // => [2, 4, 3]
 */
export function answerLogits({ parameters, configuration }: Reasoner, high: Tensor): Tensor3D {
  const { prefix, cells } = configuration;
  const answers = high.slice([0, prefix, 0], [-1, cells, -1]);
  return dense({ weight: parameters["inner.lm_head.weight"] }, answers) as Tensor3D;
}

/**
 * Reads off the high state whether to halt.
 *
 * @param reasoner as `createReasoner` makes it
 * @param high z_H. [batch, length, channels]
 * @returns logits of halting and of continuing. [batch, 2]
 * @example
 * import { createRandom, createReasoner, haltingLogits, initialThought, miniatureReasoner } from "dolab";
 * const configuration = miniatureReasoner("trm", { cells: 4, vocabulary: 3, channels: 8 });
 * const reasoner = createReasoner(configuration, { rng: createRandom(1) });
 * haltingLogits(reasoner, initialThought(reasoner, 1).high).dataSync(); // => [-5, -5]
 */
export function haltingLogits({ parameters, configuration }: Reasoner, high: Tensor): Tensor2D {
  const first = high.slice([0, 0, 0], [-1, 1, -1]).reshape([-1, configuration.channels]);
  const head = { weight: parameters["inner.q_head.weight"], bias: parameters["inner.q_head.bias"] };
  return dense(head, first) as Tensor2D;
}
