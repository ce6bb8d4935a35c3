// The tiny GPT2LMHeadModel of Hugging Face transformers that the fixture holds.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Tensor2D, Variable } from "@tensorflow/tfjs-node";
import {
  createGpt2,
  fromHuggingFaceGpt2,
  type Gpt2Configuration,
  type Gpt2Parameters,
} from "../../../src/models/gpt2";
import { createRandom } from "../../../src/random";
import { loadStateDict, tensorflow } from "../../../src/tensor";

export interface Described {
  shape: number[];
  data: number[];
}

interface Published {
  tokens: number[][];
  mask: number[][];
  state: Record<string, Described>;
  logits: Described;
  loss: number;
  maskedLoss: number;
  losses: number[];
  stateAfter: Record<string, Described>;
}

export const published: Published = JSON.parse(
  readFileSync(join(__dirname, "../../fixtures/gpt2/gpt2.json"), "utf8"),
);

export const configuration: Gpt2Configuration = {
  vocabulary: 11,
  positions: 7,
  width: 8,
  layers: 2,
  heads: 2,
};

export const publishedTokens = (): Tensor2D => tensorflow().tensor2d(published.tokens, undefined, "int32");
export const publishedMask = (): Tensor2D => tensorflow().tensor2d(published.mask, undefined, "int32");

export function publishedParameters(): Gpt2Parameters<Variable> {
  const parameters = createGpt2(configuration, { rng: createRandom(1) });
  loadStateDict(parameters, fromHuggingFaceGpt2(new Map(Object.entries(published.state))));
  return parameters;
}
