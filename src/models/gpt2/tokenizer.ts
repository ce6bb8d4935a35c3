// GPT-2's byte-level byte-pair encoding (Sennrich et al. 2016; Radford et al. 2019, section 2.2) for any vocabulary and
// merges, as Hugging Face's GPT2Tokenizer computes it. Needs nothing of Node: a page makes one from a saved model's files.
import { bytesOfSymbols, symbolsOfText } from "./tokenizer-bytes";

export interface TokenizerOptions {
  /** Ids by token, in the byte alphabet ("Ġ1" for " 1"); a token is there for each id from 0. */
  vocabulary: ReadonlyMap<string, number>;
  /** Pairs of tokens that are joined, the first one before the others. */
  merges: readonly (readonly [string, string])[];
}

/** The token that ends a text; in a text it stands for itself, as Hugging Face's tokenizer has it. */
export const END_OF_TEXT = "<|endoftext|>";

/** How GPT-2 splits a text before it joins bytes. */
const PIECE = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;
const MOST_CACHED = 50_000;

/**
 * Splits texts into tokens, and makes texts of tokens.
 *
 * @example
 * import { END_OF_TEXT, Tokenizer } from "dolab";
 * const tokens = ["a", "b", "ab", END_OF_TEXT];
 * const vocabulary = new Map(tokens.map((token, id) => [token, id]));
 * const tokenizer = new Tokenizer({ vocabulary, merges: [["a", "b"]] });
 * tokenizer.encode("abba"); // => [2, 1, 0]
 * tokenizer.decode([2, 1, 0]); // => "abba"
 */
export class Tokenizer implements TokenizerOptions {
  /** The tokens in the order of their ids. */
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly merges: readonly (readonly [string, string])[];
  /** The id of END_OF_TEXT. */
  readonly endOfText: number;
  private readonly tokens: readonly string[];
  private readonly ranks: ReadonlyMap<string, number>;
  private readonly cache = new Map<string, number[]>();

  /**
   * @param options tokens with their ids, and the pairs that are joined
   * @throws {RangeError} where ids are not 0, 1, ..., END_OF_TEXT is missing, or a merge makes no token
   */
  constructor({ vocabulary, merges }: TokenizerOptions) {
    const tokens: string[] = [];
    for (const [token, id] of vocabulary) tokens[id] = token;
    if (tokens.length !== vocabulary.size || Object.keys(tokens).length !== vocabulary.size)
      throw refuse("ids are 0, 1, ... without a gap or one that comes twice", `${vocabulary.size} tokens`);
    const endOfText = vocabulary.get(END_OF_TEXT);
    if (endOfText === undefined) throw refuse(`its vocabulary holds ${END_OF_TEXT}`, "none");
    const strange = merges.find((pair) => [...pair, pair.join("")].some((token) => !vocabulary.has(token)));
    if (strange) throw refuse("a merge joins two tokens to a third", strange.join(" "));
    this.vocabulary = new Map(tokens.map((token, id) => [token, id]));
    this.merges = merges;
    this.endOfText = endOfText;
    this.tokens = tokens;
    this.ranks = new Map(merges.map((pair, rank) => [pair.join(" "), rank]));
  }

  /** How many tokens there are. */
  get size(): number {
    return this.tokens.length;
  }

  /**
   * Splits a text into tokens.
   *
   * @param text in which END_OF_TEXT stands for itself
   * @returns ids
   * @throws {RangeError} where the vocabulary lacks a byte of the text
   */
  encode(text: string): number[] {
    const parts = text.split(END_OF_TEXT);
    return parts.flatMap((part, i) => [...(i > 0 ? [this.endOfText] : []), ...this.encodePart(part)]);
  }

  /**
   * Makes a text of tokens.
   *
   * @param ids each from 0 to below `size`
   * @returns the text, with U+FFFD where bytes are no UTF-8
   * @throws {RangeError} for an id that no token has
   */
  decode(ids: Iterable<number>): string {
    let text = "";
    let symbols = "";
    const flush = () => {
      text += new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytesOfSymbols(symbols));
      symbols = "";
    };
    for (const id of ids) {
      const token = this.tokens[id];
      if (token === undefined)
        throw new RangeError(`Cannot decode tokens as ids go from 0 to ${this.size - 1}: got ${id}`);
      if (id !== this.endOfText) symbols += token;
      else {
        flush();
        text += END_OF_TEXT;
      }
    }
    flush();
    return text;
  }

  private encodePart(text: string): number[] {
    return (text.match(PIECE) ?? []).flatMap((piece) => {
      const known = this.cache.get(piece);
      if (known) return known;
      const ids = this.join(symbolsOfText(piece)).map((token) => this.idOf(token, piece));
      if (this.cache.size >= MOST_CACHED) this.cache.clear();
      this.cache.set(piece, ids);
      return ids;
    });
  }

  /** Joins, again and again, every pair of the earliest merge that is there. */
  private join(symbols: string): string[] {
    let parts = Array.from(symbols);
    while (parts.length > 1) {
      const ranks = parts.slice(1).map((part, i) => this.ranks.get(`${parts[i]} ${part}`) ?? Infinity);
      const best = ranks.reduce((least, rank) => Math.min(least, rank), Infinity);
      if (best === Infinity) break;
      const [left, right] = this.merges[best];
      const next: string[] = [];
      for (let i = 0; i < parts.length; i++) {
        const pair = parts[i] === left && parts[i + 1] === right;
        next.push(pair ? left + right : parts[i]);
        if (pair) i += 1;
      }
      parts = next;
    }
    return parts;
  }

  private idOf(token: string, piece: string): number {
    const id = this.vocabulary.get(token);
    if (id !== undefined) return id;
    throw new RangeError(
      `Cannot encode ${JSON.stringify(piece)} as each of its bytes must be a token: got none for ${JSON.stringify(token)}`,
    );
  }
}

const refuse = (rule: string, got: string) =>
  new RangeError(`Cannot make a tokenizer as ${rule}: got ${got}`);
