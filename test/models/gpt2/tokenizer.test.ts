import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { decode, encode } from "gpt-tokenizer/cjs/encoding/r50k_base";
import { compactTokenizer, END_OF_TEXT, gpt2Tokenizer, Tokenizer } from "../../../src/models/gpt2";
import { tokenizerFiles, tokenizerFromFiles } from "../../../src/models/gpt2/tokenizer-files";

const fixtures = join(__dirname, "../../fixtures/seed003");
const { texts } = JSON.parse(readFileSync(join(fixtures, "hugging-face.json"), "utf8")) as {
  texts: { text: string; ids: number[]; decoded: string }[];
};
const saved = (name: string) => readFileSync(join(fixtures, "hugging-face", name), "utf8");
const world = texts.slice(0, 32).map(({ text }) => text);

/** Old ids by new ones. */
const compactIds = (full: Tokenizer, compact: Tokenizer): number[] =>
  Array.from(compact.vocabulary.keys(), (token) => full.vocabulary.get(token) as number);

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(..."aAtheé ' \n\r\t0129日😀.,-\u00a0\ufeff"), maxLength: 60 }),
);

describe("gpt2Tokenizer()", () => {
  it("has GPT-2's 50,257 tokens, 50,000 merges, and known texts", () => {
    const tokenizer = gpt2Tokenizer();
    assert.deepEqual(
      [tokenizer.size, tokenizer.merges.length, tokenizer.endOfText],
      [50_257, 50_000, 50_256],
    );
    assert.deepEqual(tokenizer.merges.slice(0, 4), [
      ["Ġ", "t"],
      ["Ġ", "a"],
      ["h", "e"],
      ["i", "n"],
    ]); // of the published merges.txt
    assert.deepEqual(tokenizer.encode("Hello world"), [15496, 995]);
    assert.deepEqual(tokenizer.encode("3 - 1\n"), [18, 532, 352, 198]);
    assert.deepEqual(tokenizer.encode(`a${END_OF_TEXT}b`), [64, 50256, 65]);
    assert.equal(tokenizer.decode([15496, 995, 50256]), `Hello world${END_OF_TEXT}`);
  });

  it("splits any text as gpt-tokenizer does, by merges instead of ranks, and gives it back", () => {
    const tokenizer = gpt2Tokenizer();
    fc.assert(
      fc.property(anyText, (text) => {
        const ids = tokenizer.encode(text);
        assert.deepEqual(ids, encode(text));
        assert.equal(tokenizer.decode(ids), decode(ids));
      }),
      { seed: 3, numRuns: 1500 },
    );
  });

  it("writes U+FFFD for bytes that are no character, and refuses ids that are no token", () => {
    const tokenizer = gpt2Tokenizer();
    const [first] = tokenizer.encode("😀");
    assert.match(tokenizer.decode([first]), /^\ufffd+$/);
    assert.throws(
      () => tokenizer.decode([50_257]),
      /RangeError: Cannot decode tokens as ids go from 0 to 50256: got 50257/,
    );
  });
});

describe("tokenizerFromFiles()", () => {
  it("encodes and decodes as Hugging Face's GPT2Tokenizer whose files it reads", () => {
    const tokenizer = tokenizerFromFiles(saved("vocab.json"), saved("merges.txt"));
    for (const { text, ids, decoded } of texts) {
      assert.deepEqual(tokenizer.encode(text), ids, JSON.stringify(text));
      assert.equal(tokenizer.decode(ids), decoded);
    }
  });

  it("reads what tokenizerFiles() wrote", () => {
    const tokenizer = compactTokenizer(gpt2Tokenizer(), ["some text, and 10 more", "日本"]);
    const files = tokenizerFiles(tokenizer, 12);
    const again = tokenizerFromFiles(files["vocab.json"], files["merges.txt"]);
    assert.deepEqual(
      again,
      tokenizerFromFiles(files["vocab.json"], files["merges.txt"].replaceAll("\n", "\r\n")),
    );
    assert.deepEqual([...again.vocabulary], [...tokenizer.vocabulary]);
    assert.deepEqual(again.merges, tokenizer.merges);
    for (const text of Object.values(files).slice(2)) JSON.parse(text);
  });

  it("refuses files that are damaged or do not go together", () => {
    const merges = saved("merges.txt");
    assert.throws(() => tokenizerFromFiles("[", merges), /SyntaxError: Cannot read vocab.json/);
    assert.throws(
      () => tokenizerFromFiles(saved("vocab.json"), "Ġ 1\nĠ\n"),
      /SyntaxError: Cannot read line 2 of merges.txt/,
    );
    assert.throws(
      () => tokenizerFromFiles('{"a": 0, "b": 2}', ""),
      /RangeError: .* ids are 0, 1, ... without a gap/,
    );
    assert.throws(() => tokenizerFromFiles('{"a": 0}', ""), /RangeError: .* holds <\|endoftext\|>/);
    assert.throws(
      () => new Tokenizer({ vocabulary: new Map([[END_OF_TEXT, 0]]), merges: [["a", "b"]] }),
      /RangeError: .* a merge joins two tokens to a third: got a b/,
    );
  });
});

describe("compactTokenizer()", () => {
  const full = gpt2Tokenizer();
  const compact = compactTokenizer(full, world);

  it("keeps the tokens of its texts and what these are made of, in the order of GPT-2's ids", () => {
    assert.equal(
      Array.from(compact.vocabulary.keys()).join(" "),
      ", - 0 1 2 3 4 5 Ċ Ġ Ġ1 Ġ2 Ġ3 Ġ- Ġ4 Ġ0 <|endoftext|>",
    );
    assert.deepEqual(
      compactIds(full, compact),
      [11, 12, 15, 16, 17, 18, 19, 20, 198, 220, 352, 362, 513, 532, 604, 657, 50256],
    );
  });

  it("splits its texts as the full one does", () => {
    const old = compactIds(full, compact);
    for (const text of world) {
      const ids = compact.encode(text);
      assert.deepEqual(
        ids.map((id) => old[id]),
        full.encode(text),
      );
      assert.equal(compact.decode(ids), text);
    }
  });

  it("keeps any text whole, whatever it is cut down to", () => {
    fc.assert(
      fc.property(fc.array(anyText, { maxLength: 5 }), (some) => {
        const small = compactTokenizer(full, some);
        const old = compactIds(full, small);
        for (const text of some)
          assert.deepEqual(
            small.encode(text).map((id) => old[id]),
            full.encode(text),
          );
      }),
      { seed: 5, numRuns: 25 },
    );
  });

  it("refuses a text that it has no tokens for", () => {
    assert.throws(
      () => compact.encode("1,0,x"),
      /RangeError: Cannot encode "x" as each of its bytes must be a token/,
    );
  });
});
