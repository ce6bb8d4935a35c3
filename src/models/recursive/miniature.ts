// Reasoners small enough for two cores: 48 channels, two cycles of two, TRM with one block and HRM with one a level. Both mix
// positions by a SwiGLU over the sequence (TRM's mlp_t), which the published HRM does not: with self-attention a miniature of it
// had learned nothing of 4 x 4 Sudoku after 400 steps, and with this it learns in 200.
import { type ReasonerConfiguration, swigluWidth } from "./configuration";

const CHANNELS = 48;
const EXPANSION = 4;
const WIDTH_MULTIPLE = 64; // the published 256 would make the inner widths 256 instead of 128 and 64

/**
 * Gives the configuration of a reasoner that is small enough for two cores.
 *
 * @param kind which of the two
 * @param options.cells of a puzzle: 16 by default, a 4 x 4 Sudoku's
 * @param options.vocabulary how many tokens there are: 6 by default
 * @param options.channels width of the states: 48 by default, a multiple of 4
 * @returns for `createReasoner`
 * @example
 * import { miniatureReasoner } from "dolab";
 * const { lowCycles, highCycles, channelWidth } = miniatureReasoner("trm");
 * [lowCycles, highCycles, channelWidth]; // => [2, 2, 128]
 */
export function miniatureReasoner(
  kind: "trm" | "hrm",
  {
    cells = 16,
    vocabulary = 6,
    channels = CHANNELS,
  }: { cells?: number; vocabulary?: number; channels?: number } = {},
): ReasonerConfiguration {
  const prefix = 1;
  return {
    kind,
    vocabulary,
    cells,
    channels,
    prefix,
    puzzles: 1,
    heads: 4,
    lowLayers: 1,
    highLayers: kind === "hrm" ? 1 : 0,
    lowCycles: 2,
    highCycles: 2,
    mixing: "mlp",
    positionEncoding: "none",
    channelWidth: swigluWidth(channels, EXPANSION, WIDTH_MULTIPLE),
    positionWidth: swigluWidth(prefix + cells, EXPANSION, WIDTH_MULTIPLE),
  };
}
