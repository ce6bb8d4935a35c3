// A GPT-2's sizes as Hugging Face's config.json has them, and the settings under which our forward pass is the same as
// theirs; a model of other settings is refused rather than computed wrongly. Needs nothing of Node.
import { checkGpt2Configuration, type Gpt2Configuration } from "./configuration";

const SIZES = {
  vocabulary: "vocab_size",
  positions: "n_positions",
  width: "n_embd",
  layers: "n_layer",
  heads: "n_head",
} as const;

/** What config.json must say, or leave out. */
const FIXED = {
  model_type: "gpt2",
  activation_function: "gelu_new",
  layer_norm_epsilon: 1e-5,
  scale_attn_weights: true,
  scale_attn_by_inverse_layer_idx: false,
  tie_word_embeddings: true,
  add_cross_attention: false,
} as const;

/** The content of config.json. @param options.dropout what the model was trained with; @param options.endOfText an id */
export function huggingFaceConfiguration(
  configuration: Gpt2Configuration,
  { endOfText, dropout }: { endOfText: number; dropout: number },
): Record<string, unknown> {
  const sizes = Object.entries(SIZES).map(([ours, theirs]) => [
    theirs,
    configuration[ours as keyof typeof SIZES],
  ]);
  return {
    architectures: ["GPT2LMHeadModel"],
    ...FIXED,
    ...Object.fromEntries(sizes),
    n_ctx: configuration.positions,
    n_inner: null,
    initializer_range: 0.02,
    reorder_and_upcast_attn: false,
    attn_pdrop: dropout,
    embd_pdrop: dropout,
    resid_pdrop: dropout,
    bos_token_id: endOfText,
    eos_token_id: endOfText,
    pad_token_id: endOfText,
    torch_dtype: "float32",
    use_cache: true,
  };
}

/** The content of generation_config.json: greedy, to the end of the text. */
export const huggingFaceGeneration = ({ positions }: Gpt2Configuration, endOfText: number) => ({
  bos_token_id: endOfText,
  eos_token_id: endOfText,
  pad_token_id: endOfText,
  do_sample: false,
  max_length: positions,
});

/**
 * The sizes in a config.json.
 *
 * @param config its content
 * @param source what it is called in errors, such as its file
 * @throws {SyntaxError} where it is no JSON object; {RangeError} where it is of another model, or of settings that we do
 *   not compute
 */
export function fromHuggingFaceConfiguration(config: unknown, source = "config.json"): Gpt2Configuration {
  if (config === null || typeof config !== "object" || Array.isArray(config))
    throw new SyntaxError(`Cannot read ${source} as it must hold a JSON object`);
  const found = config as Record<string, unknown>;
  const { n_embd: width, n_inner: inner } = found;
  const refuse = (rule: string, got: unknown) =>
    new RangeError(`Cannot read ${source} as ${rule}: got ${JSON.stringify(got)}`);
  if (found.model_type === undefined) throw refuse('its model_type must be "gpt2"', undefined);
  for (const [key, value] of Object.entries(FIXED))
    if (found[key] !== undefined && found[key] !== value)
      throw refuse(`this GPT-2 has ${key} ${JSON.stringify(value)}`, found[key]);
  if (inner !== undefined && inner !== null && inner !== 4 * Number(width))
    throw refuse("this GPT-2's n_inner is 4 n_embd", inner);
  const sizes = Object.entries(SIZES).map(([ours, theirs]) => {
    const size = found[theirs];
    if (typeof size !== "number") throw refuse(`${theirs} must be a number`, size);
    return [ours, size];
  });
  const configuration = Object.fromEntries(sizes) as unknown as Gpt2Configuration;
  checkGpt2Configuration(configuration);
  return configuration;
}
