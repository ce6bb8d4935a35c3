// The sizes of a GPT-2 (Radford et al. 2019, "Language Models are Unsupervised Multitask Learners", section 2.3).

export interface Gpt2Configuration {
  /** How many tokens there are. */
  vocabulary: number;
  /** The longest sequence. */
  positions: number;
  /** Channels of the residual stream. */
  width: number;
  layers: number;
  /** Attention heads of each layer, a divisor of the width. */
  heads: number;
}

/** @throws {RangeError} where a size is not a whole number from 1, or the width does not divide into the heads */
export function checkGpt2Configuration(configuration: Gpt2Configuration): void {
  for (const name of ["vocabulary", "positions", "width", "layers", "heads"] as const) {
    const size = configuration[name];
    if (Number.isInteger(size) && size >= 1) continue;
    throw new RangeError(`Cannot make a GPT-2 as ${name} must be a whole number from 1: got ${size}`);
  }
  const { width, heads } = configuration;
  if (width % heads !== 0)
    throw new RangeError(
      `Cannot make a GPT-2 as its width of ${width} must divide into the heads: got ${heads}`,
    );
}
