import assert from "node:assert/strict";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { readJson, readSafetensors, writeSafetensors } from "../../../src/io";
import { createGpt2, gpt2, loadGpt2, saveGpt2 } from "../../../src/models/gpt2";
import { createRandom } from "../../../src/random";
import { startBackend, tensorflow } from "../../../src/tensor";
import { temporaryFolder } from "../../support/temporary-folder";

const tf = tensorflow();
const folder = temporaryFolder();
const published = join(__dirname, "../../fixtures/seed003/hugging-face");
const { texts, logits: wanted } = JSON.parse(readFileSync(`${published}.json`, "utf8")) as {
  texts: { ids: number[] }[];
  logits: { shape: number[]; data: number[] };
};
before(startBackend);

async function logitsOf(place: string): Promise<ArrayLike<number>> {
  const { parameters, configuration } = await loadGpt2(place);
  const tokens = tf.tensor2d(
    texts.slice(0, 4).map(({ ids }) => ids),
    undefined,
    "int32",
  );
  const logits = gpt2(parameters, tokens, configuration);
  assert.deepEqual(logits.shape, wanted.shape);
  return logits.dataSync();
}

function assertWanted(found: ArrayLike<number>): void {
  const worst = Array.from(found).reduce(
    (most, value, i) => Math.max(most, Math.abs(value - wanted.data[i])),
    0,
  );
  assert.ok(worst < 1e-4, `${worst}`);
}

describe("loadGpt2()", () => {
  it("gives a folder that transformers wrote the logits that transformers computes", async () => {
    assertWanted(await logitsOf(published));
  });

  it("says which file is missing, and what it does not compute", async () => {
    const copy = join(folder, "copy");
    const config = (change: object) => {
      cpSync(published, copy, { recursive: true });
      const whole = readJson(join(published, "config.json")) as object;
      writeFileSync(join(copy, "config.json"), JSON.stringify({ ...whole, ...change }));
    };
    const refuses = (rule: RegExp) => assert.rejects(loadGpt2(copy), rule);
    mkdirSync(copy);
    await refuses(/RangeError: Cannot load a GPT-2 from .* must hold config.json: got none/);
    config({ model_type: "llama" });
    await refuses(/RangeError: .*config.json as this GPT-2 has model_type "gpt2": got "llama"/);
    config({ activation_function: "relu" });
    await refuses(/activation_function "gelu_new": got "relu"/);
    config({ n_inner: 7 });
    await refuses(/n_inner is 4 n_embd: got 7/);
    config({ n_embd: "8" });
    await refuses(/n_embd must be a number: got "8"/);
    config({ vocab_size: 18 });
    await refuses(/its 18 tokens are the tokenizer's: got 17/);
    config({ n_positions: 12 });
    await refuses(
      /TypeError: Cannot load a state as "transformer.wpe.weight" must be of shape \[12,8\]: got \[24,8\]/,
    );
    config({});
    rmSync(join(copy, "model.safetensors"));
    await refuses(/must hold model.safetensors/);
    writeFileSync(join(copy, "model.safetensors"), "cut");
    await refuses(/SafetensorsError|Cannot read/);
    writeFileSync(join(copy, "config.json"), "[]");
    await refuses(/SyntaxError: Cannot read .*config.json/);
  });

  it("leaves nothing behind where the weights do not fit", async () => {
    const copy = join(folder, "wrong");
    cpSync(published, copy, { recursive: true });
    writeSafetensors(join(copy, "model.safetensors"), { one: { shape: [1], data: Float32Array.of(1) } });
    const before = tf.memory().numTensors;
    await assert.rejects(loadGpt2(copy), /RangeError: Cannot load a state/);
    assert.equal(tf.memory().numTensors, before);
  });
});

describe("saveGpt2()", () => {
  it("writes what it loads again, with transformers' names and settings", async () => {
    const place = join(folder, "saved");
    const model = await loadGpt2(published);
    saveGpt2(place, model, { files: { "note.txt": "ours" } });
    assertWanted(await logitsOf(place));
    const theirs = readJson(join(published, "config.json")) as Record<string, unknown>;
    const ours = readJson(join(place, "config.json")) as Record<string, unknown>;
    for (const key of [
      "model_type",
      "vocab_size",
      "n_positions",
      "n_embd",
      "n_layer",
      "n_head",
      "n_inner",
      "eos_token_id",
    ])
      assert.deepEqual(ours[key], theirs[key], key);
    const [weights, expected] = [place, published].map((from) =>
      readSafetensors(join(from, "model.safetensors")),
    );
    assert.deepEqual(weights.tensors, expected.tensors);
    assert.equal(weights.metadata.get("format"), "pt");
    assert.deepEqual(readdirSync(place).sort(), [
      "config.json",
      "generation_config.json",
      "merges.txt",
      "model.safetensors",
      "note.txt",
      "special_tokens_map.json",
      "tokenizer.json",
      "tokenizer_config.json",
      "vocab.json",
    ]);
    assert.equal(ours.vocab_size, 17);
    assert.match(readFileSync(join(place, "config.json"), "utf8"), /"vocab_size": 17,/); // no 17.0, which Python takes for a float
  });

  it("refuses a tokenizer of another size, writing nothing", async () => {
    const { tokenizer, configuration } = await loadGpt2(published);
    const larger = { ...configuration, vocabulary: 18 };
    const parameters = createGpt2(larger, { rng: createRandom(1) });
    const place = join(folder, "refused");
    assert.throws(
      () => saveGpt2(place, { parameters, configuration: larger, tokenizer }),
      /RangeError: Cannot save a GPT-2 to .* as its 18 tokens are the tokenizer's: got 17/,
    );
    assert.throws(() => readdirSync(place), /ENOENT/);
  });
});
