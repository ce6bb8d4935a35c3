// Reasoners small enough for two cores: TRM with the mixing over the sequence and one block, HRM with one block a level, both
// with 48 channels and two cycles of two.
import { type ReasonerConfiguration, swigluWidth } from "./configuration";

const CHANNELS = 48;
const EXPANSION = 4;
const WIDTH_MULTIPLE = 64; // the published 256 would make the inner widths 256 instead of 128 and 64

/**
 * @param kind TRM (mlp_t) or HRM (self-attention with rotary positions)
 * @param options.cells of a puzzle: 16 by default, a 4 x 4 Sudoku's
 * @param options.vocabulary its tokens: 6 by default
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
    ...{ kind, vocabulary, cells, channels, prefix, puzzles: 1, heads: 4 },
    ...{ lowLayers: 1, highLayers: kind === "hrm" ? 1 : 0, lowCycles: 2, highCycles: 2 },
    ...(kind === "trm"
      ? { mixing: "mlp" as const, positionEncoding: "none" as const }
      : { mixing: "attention" as const, positionEncoding: "rope" as const }),
    channelWidth: swigluWidth(channels, EXPANSION, WIDTH_MULTIPLE),
    positionWidth: swigluWidth(prefix + cells, EXPANSION, WIDTH_MULTIPLE),
  };
}
