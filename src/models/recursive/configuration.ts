// What a recursive reasoner is made of: HRM (Wang et al. 2025, "Hierarchical Reasoning Model") and TRM (Jolicoeur-Martineau
// 2025, "Less is More: Recursive Reasoning with Tiny Networks"). Published names stand in brackets.

export interface ReasonerConfiguration {
  /** HRM has a network for each level and the gradient of the very last two updates; TRM one for both, and the last cycle's. */
  kind: "trm" | "hrm";
  /** Tokens, padding among them. [vocab_size] */
  vocabulary: number;
  /** Cells of a puzzle. [seq_len] */
  cells: number;
  /** [hidden_size] */
  channels: number;
  /** Blocks of the low level's network; TRM's only one. [L_layers] */
  lowLayers: number;
  /** Blocks of the high level's network; TRM has none of its own. [H_layers] */
  highLayers: number;
  /** Updates of the low state before each of the high one. [L_cycles] */
  lowCycles: number;
  /** Updates of the high state in an ACT step. [H_cycles] */
  highCycles: number;
  /** What mixes positions: self-attention, or a SwiGLU over the sequence (TRM's mlp_t). */
  mixing: "attention" | "mlp";
  /** Heads of the self-attention. [num_heads] */
  heads: number;
  /** [pos_encodings] */
  positionEncoding: "rope" | "learned" | "none";
  /** Positions before the cells; the halting head reads the first position. [puzzle_emb_len] */
  prefix: number;
  /** Puzzles with a vector of their own in the prefix, 0 for none. [num_puzzle_identifiers where puzzle_emb_ndim > 0] */
  puzzles: number;
  /** Inner width of the SwiGLU over channels, see `swigluWidth`. */
  channelWidth: number;
  /** Inner width of the SwiGLU over positions, where `mixing` is "mlp". */
  positionWidth: number;
}

/**
 * Counts the positions of the state: the prefix and the cells.
 *
 * @param configuration of the reasoner
 * @returns prefix + cells
 * @example
 * import { lengthOf, miniatureReasoner } from "dolab";
 * lengthOf(miniatureReasoner("trm", { cells: 16 })); // => 17
 */
export const lengthOf = ({ prefix, cells }: ReasonerConfiguration) => prefix + cells;

/**
 * Computes the inner width of a SwiGLU: 2/3 expansion width, rounded up to a multiple.
 *
 * @param width channels that go in and come out
 * @param expansion how many times wider a plain MLP would be: 4 in the published code
 * @param multiple 256 in the published code; less for small networks
 * @returns a whole number
 * @example
 * import { swigluWidth } from "dolab";
 * swigluWidth(512, 4); // => 1536
 */
export const swigluWidth = (width: number, expansion: number, multiple = 256): number =>
  Math.ceil(Math.round((expansion * width * 2) / 3) / multiple) * multiple;

/** The updates of one ACT step in their order: lowCycles of the low state, then one of the high state, highCycles times. */
export function subUpdates({ lowCycles, highCycles }: ReasonerConfiguration): ("low" | "high")[] {
  const cycle = [...Array.from({ length: lowCycles }, () => "low" as const), "high" as const];
  return Array.from({ length: highCycles }, () => cycle).flat();
}

/** From which sub-update on training has a gradient: TRM's last cycle, HRM's last low and high update. */
export const gradientFrom = (configuration: ReasonerConfiguration): number =>
  subUpdates(configuration).length - (configuration.kind === "trm" ? configuration.lowCycles + 1 : 2);

/** @throws {RangeError} naming what does not fit */
export function requireReasoner(configuration: ReasonerConfiguration): void {
  const { kind, channels, heads, mixing, positionEncoding, prefix, puzzles } = configuration;
  const refuse = (rule: string, got: unknown) =>
    new RangeError(`Cannot make a recursive reasoner as ${rule}: got ${got}`);
  const sizes = [
    "vocabulary",
    "cells",
    "channels",
    "lowLayers",
    "lowCycles",
    "highCycles",
    "channelWidth",
  ] as const;
  for (const size of sizes)
    if (!(Number.isInteger(configuration[size]) && configuration[size] >= 1))
      throw refuse(`${size} is a whole number from 1`, configuration[size]);
  if (kind === "hrm" && !(configuration.highLayers >= 1))
    throw refuse("HRM has highLayers from 1", configuration.highLayers);
  if (mixing === "mlp" && !(configuration.positionWidth >= 1))
    throw refuse('mixing "mlp" has a positionWidth from 1', configuration.positionWidth);
  if (mixing === "attention" && channels % heads !== 0)
    throw refuse(`${channels} channels divide into the heads`, heads);
  if (positionEncoding === "rope" && mixing === "attention" && (channels / heads) % 2 !== 0)
    throw refuse("rotary positions need an even number of channels a head", channels / heads);
  if (puzzles > 0 && prefix < 1)
    throw refuse("puzzles with vectors of their own have a prefix from 1", prefix);
}
