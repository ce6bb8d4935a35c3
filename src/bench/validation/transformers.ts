// GPT-2 folders in both directions: dolab writes and Hugging Face transformers reads, transformers writes and dolab reads.
// Random models of random sizes with the whole and with cut-down tokenizers; tokens must be the same, also of random
// texts and logits equal to 1e-4 of their scale.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  compactTokenizer,
  createGpt2,
  type Gpt2Configuration,
  gpt2,
  gpt2Tokenizer,
  loadGpt2,
  type SavedGpt2,
  saveGpt2,
  type Tokenizer,
} from "../../models";
import { createRandom, type Random } from "../../random";
import { startBackend, tensorflow } from "../../tensor";
import { benchPython } from "../bench-python";
import { JsonLinesProcess } from "../json-lines-process";
import { peerPath } from "../python-peer";
import type { Finding, Validation } from "./validation";

const models = 12;
const tolerance = 1e-4;
const [batch, time] = [3, 7];

interface Read {
  strange: string[];
  slow: number[][];
  fast: number[][];
  decoded: string[];
  logits: number[];
}

export const transformers: Validation = {
  name: "transformers",
  title: "GPT-2 folders between Hugging Face transformers and dolab, both ways",
  needs: "transformers",
  async run({ seed, rounds, onCases = () => {} }) {
    await startBackend();
    const cases = Math.ceil(models * rounds);
    const folder = mkdtempSync(path.join(tmpdir(), "dolab-validate-"));
    const [ours, theirs] = ["ours", "theirs"].map((name) => path.join(folder, name));
    const peer = new JsonLinesProcess(benchPython, [peerPath("transformers_reference")]);
    const finding = (check: string, against: string, allowed: number): Finding => ({
      check,
      against,
      cases,
      numbers: 0,
      worst: 0,
      tolerance: allowed,
      disagreements: [],
    });
    const findings = {
      saved: finding("saveGpt2", "GPT2LMHeadModel.from_pretrained", tolerance),
      loaded: finding("loadGpt2", "GPT2LMHeadModel.save_pretrained", tolerance),
      tokens: finding("Tokenizer", "GPT2Tokenizer, slow and fast", 0),
    };
    try {
      for (let i = 0; i < cases; i++) {
        const rng = createRandom(seed).split("transformers").split(i);
        const where = `model ${i} of seed ${seed}`;
        const model = randomModel(rng, i % 4 === 0 ? "whole" : "compact");
        saveGpt2(ours, model);
        const texts = randomTexts(rng, model.tokenizer);
        const tokens = randomTokens(rng, model.configuration);
        const ask = (place: string) => peer.ask<Read>({ read: place, texts, tokens });
        const read = await ask(ours);
        compareTokens(findings.tokens, where, model.tokenizer, texts, read);
        compareLogits(findings.saved, where, model, tokens, read);
        dispose(model);
        const { width: n_embd, layers: n_layer, heads: n_head, positions: n_positions } = model.configuration;
        const sizes = { n_embd, n_layer, n_head, n_positions };
        await peer.ask({ write: theirs, source: ours, sizes, seed: rng.integer(0, 2 ** 31) });
        const loaded = await loadGpt2(theirs);
        compareLogits(findings.loaded, where, loaded, tokens, await ask(theirs));
        dispose(loaded);
        onCases(i + 1, cases);
      }
      return Object.values(findings);
    } finally {
      await peer.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function randomModel(rng: Random, vocabulary: "whole" | "compact"): SavedGpt2 {
  const full = gpt2Tokenizer();
  const words = Array.from({ length: 40 }, () => full.decode([rng.integer(0, 50_000)]));
  const tokenizer = vocabulary === "whole" ? full : compactTokenizer(full, [...words, "0,1,0\n 3 - 1\n"]);
  const heads = rng.integer(1, 4);
  const configuration: Gpt2Configuration = {
    vocabulary: tokenizer.size,
    positions: rng.integer(time, 20),
    heads,
    width: heads * 4 * rng.integer(1, 5),
    layers: rng.integer(1, 4),
  };
  const parameters = createGpt2(configuration, { rng });
  const tf = tensorflow();
  for (const variable of Object.values(parameters)) {
    const noise = Float32Array.from({ length: variable.size }, () => 0.2 * rng.normal());
    tf.tidy(() => variable.assign(variable.add(tf.tensor(noise, variable.shape))));
  }
  return { parameters, configuration, tokenizer };
}

/** Texts of the tokenizer's own tokens, joined at random; where it is whole, of any characters too. */
function randomTexts(rng: Random, tokenizer: Tokenizer): string[] {
  const isWhole = tokenizer.size > 50_000;
  const characters = Array.from("aZ é'ßd ll  \n\n\t09,-日本😀\u00a0…");
  const whole = () =>
    Array.from({ length: rng.integer(0, 30) }, () => characters[rng.integer(0, characters.length)]).join("");
  const joined = () =>
    tokenizer.decode(Array.from({ length: rng.integer(0, 12) }, () => rng.integer(0, tokenizer.size)));
  return Array.from({ length: 40 }, (_, i) => (isWhole && i % 2 === 0 ? whole() : joined())).filter(
    (text) => isWhole || !text.includes("\ufffd"),
  );
}

const randomTokens = (rng: Random, { vocabulary }: Gpt2Configuration): number[][] =>
  Array.from({ length: batch }, () => Array.from({ length: time }, () => rng.integer(0, vocabulary)));

function compareTokens(
  finding: Finding,
  where: string,
  tokenizer: Tokenizer,
  texts: string[],
  read: Read,
): void {
  for (const [i, text] of texts.entries()) {
    const ids = tokenizer.encode(text);
    finding.numbers += ids.length;
    const same =
      ids.join() === read.slow[i].join() &&
      ids.join() === read.fast[i].join() &&
      tokenizer.decode(ids) === read.decoded[i];
    if (same) continue;
    finding.worst = Number.POSITIVE_INFINITY;
    finding.disagreements.push(
      `${where}: ${JSON.stringify(text)} is [${ids}], and [${read.slow[i]}] and [${read.fast[i]}] there`,
    );
  }
}

function compareLogits(
  finding: Finding,
  where: string,
  { parameters, configuration }: SavedGpt2,
  tokens: number[][],
  read: Read,
): void {
  const tf = tensorflow();
  const found = tf.tidy(() =>
    gpt2(parameters, tf.tensor2d(tokens, [batch, time], "int32"), configuration).dataSync(),
  );
  const scale = read.logits.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const worst = read.logits.reduce((most, value, i) => Math.max(most, Math.abs(value - found[i]) / scale), 0);
  finding.numbers += read.logits.length;
  finding.worst = Math.max(finding.worst, worst);
  if (worst > tolerance) finding.disagreements.push(`${where}: logits differ by ${worst} of their scale`);
  if (found.length === read.logits.length && read.strange.length === 0) return;
  finding.worst = Number.POSITIVE_INFINITY;
  finding.disagreements.push(
    `${where}: there are ${read.strange.join(", ")} and ${read.logits.length} logits`,
  );
}

const dispose = ({ parameters }: SavedGpt2) => tensorflow().dispose(Object.values(parameters));
