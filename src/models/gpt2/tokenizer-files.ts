// A tokenizer as the files that Hugging Face's GPT2Tokenizer reads, slow and fast: vocab.json, merges.txt,
// tokenizer.json, tokenizer_config.json and special_tokens_map.json.
import { END_OF_TEXT, Tokenizer } from "./tokenizer";

/** Texts by file name. @param longest the longest sequence of the model that it goes with */
export function tokenizerFiles(
  { vocabulary, merges, endOfText }: Tokenizer,
  longest: number,
): Record<string, string> {
  const ids = Object.fromEntries(vocabulary);
  const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true };
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  const special = {
    bos_token: END_OF_TEXT,
    eos_token: END_OF_TEXT,
    pad_token: END_OF_TEXT,
    unk_token: END_OF_TEXT,
  };
  const model = {
    type: "BPE",
    dropout: null,
    unk_token: null,
    continuing_subword_prefix: "",
    end_of_word_suffix: "",
    fuse_unk: false,
    byte_fallback: false,
    ignore_merges: false,
    vocab: ids,
    merges: merges.map((pair) => pair.join(" ")),
  };
  return {
    "vocab.json": `${JSON.stringify(ids)}\n`,
    "merges.txt": `#version: 0.2\n${merges.map((pair) => `${pair.join(" ")}\n`).join("")}`,
    "tokenizer.json": `${JSON.stringify({
      version: "1.0",
      truncation: null,
      padding: null,
      added_tokens: [{ id: endOfText, content: END_OF_TEXT, ...flags }],
      normalizer: null,
      pre_tokenizer: byteLevel,
      post_processor: byteLevel,
      decoder: byteLevel,
      model,
    })}\n`,
    "tokenizer_config.json": `${JSON.stringify(
      {
        tokenizer_class: "GPT2Tokenizer",
        ...special,
        model_max_length: longest,
        add_prefix_space: false,
        clean_up_tokenization_spaces: false,
        errors: "replace",
        added_tokens_decoder: { [endOfText]: { content: END_OF_TEXT, ...flags } },
      },
      null,
      2,
    )}\n`,
    "special_tokens_map.json": `${JSON.stringify(special, null, 2)}\n`,
  };
}

/**
 * Makes a tokenizer of the texts of vocab.json and merges.txt.
 *
 * @throws {SyntaxError} where one is of another form; {RangeError} where they do not go together
 */
export function tokenizerFromFiles(vocabularyText: string, mergesText: string): Tokenizer {
  let ids: unknown;
  try {
    ids = JSON.parse(vocabularyText);
  } catch {
    ids = undefined;
  }
  if (ids === null || typeof ids !== "object" || !Object.values(ids).every(Number.isInteger))
    throw new SyntaxError("Cannot read vocab.json as it must hold an id for each token");
  const lines = mergesText.split("\n").map((line) => line.replace(/\r$/, ""));
  const numbered = lines.map((line, i) => ({ line, number: i + 1 })).filter(({ line }) => line !== "");
  const merges = numbered
    .filter(({ line, number }) => !(number === 1 && line.startsWith("#version")))
    .map(({ line, number }) => {
      const pair = line.split(" ");
      if (pair.length === 2) return [pair[0], pair[1]] as const;
      throw new SyntaxError(
        `Cannot read line ${number} of merges.txt as it must hold two tokens: got "${line}"`,
      );
    });
  return new Tokenizer({ vocabulary: new Map(Object.entries(ids as Record<string, number>)), merges });
}
