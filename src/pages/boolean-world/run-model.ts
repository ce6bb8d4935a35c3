// What the model does under a set-up: what it writes with everything that it computed on the way, and how many states it
// answers. Weights are flipped for one run and are bit for bit as saved after it, so that runs must go one after the other.
import type { Tensor2D } from "@tensorflow/tfjs-node";
import { allStates, formatState } from "../../data/boolean-world/states";
import { type Evaluation, evaluateModel } from "../../experiments/boolean-world/model/evaluate";
import { type GenerateOptions, generate } from "../../models/gpt2/generate";
import type { Observe } from "../../models/gpt2/gpt2";
import { prepareInterventions } from "../../models/gpt2/interpret/interventions";
import { withTimedWeightFlips } from "../../models/gpt2/interpret/weight-flips";
import type { PageModel } from "./load-model";
import { flipsOf, interventionsOf, partKey, type Setup } from "./setup";

/** What one run computed, for each token that the model read: the prompt's and all it wrote but the last. */
export interface Reading {
  /** The prompt's tokens and those written. */
  tokens: number[];
  /** How many of them are the prompt's. */
  prompt: number;
  /** What the model wrote, without the end of text. */
  answer: string;
  /** What the token after each of the last positions is chosen from, [written, vocabulary]. */
  logits: Float32Array[];
  /** By activation and position: a row of its channels; a pattern's are its heads, one after the other. */
  rows: Map<string, Float32Array[]>;
}

export class ModelRunner {
  private reference: number[][] | undefined;
  private prepared: { key: string; observe: Observe } | undefined;

  constructor(readonly model: PageModel) {}

  /** Answers one prompt. @throws as `generate` does */
  async read(setup: Setup, prompt: readonly number[]): Promise<Reading> {
    const { parameters, configuration, tokenizer } = this.model;
    const rows = new Map<string, Float32Array[]>();
    const logits: Float32Array[] = [];
    const intervene = await this.intervene(setup);
    const [ids] = await this.withFlips(setup, (atToken) =>
      generate(parameters, [prompt], configuration, {
        atToken,
        stopAt: [tokenizer.endOfText],
        observe: (name, activation, first) => {
          const seen = intervene(name, activation, first);
          const [, time, channels] = seen.shape;
          const isPattern = name.endsWith(".pattern");
          if (!isPattern && seen.rank !== 3) return seen; // each head's output, which no view shows
          const data = seen.dataSync<"float32">();
          const list = rows.get(name) ?? [];
          rows.set(name, list);
          if (isPattern) list.push(...patternRows(data, seen.shape));
          else for (let i = 0; i < time; i++) list.push(data.slice(i * channels, (i + 1) * channels));
          return seen;
        },
        atLogits: (scores: Tensor2D) => {
          logits.push(scores.dataSync<"float32">().slice());
        },
      }),
    );
    const end = ids.indexOf(tokenizer.endOfText);
    const answer = tokenizer.decode(end < 0 ? ids : ids.slice(0, end));
    return { tokens: [...prompt, ...ids], prompt: prompt.length, answer, logits, rows };
  }

  /** Answers all states. */
  async evaluate(setup: Setup): Promise<Evaluation> {
    const observe = await this.intervene(setup);
    return this.withFlips(setup, (atToken) => evaluateModel(this.model, { observe, atToken }));
  }

  private async intervene(setup: Setup): Promise<Observe> {
    const { parameters, configuration } = this.model;
    const key = `${setup.by} ${setup.off.map(partKey)}`;
    if (setup.off.length === 0) return (_name, activation) => activation;
    if (this.prepared?.key === key) return this.prepared.observe;
    if (setup.by === "mean") this.reference ??= await this.answeredStates();
    const interventions = interventionsOf(setup);
    const reference = setup.by === "mean" ? this.reference : undefined;
    const observe = await prepareInterventions(parameters, configuration, interventions, { reference });
    this.prepared = { key, observe };
    return observe;
  }

  /** What means are taken over: all states with what the model as saved goes on to write, to its last position. */
  private async answeredStates(): Promise<number[][]> {
    const { parameters, configuration, tokenizer, rules } = this.model;
    const prompts = allStates(rules).map((state) => tokenizer.encode(formatState(state)));
    const written = await generate(parameters, prompts, configuration);
    return prompts.map((prompt, i) => [...prompt, ...written[i]]);
  }

  private withFlips<Result>(
    setup: Setup,
    body: (atToken: GenerateOptions["atToken"]) => Promise<Result>,
  ): Promise<Result> {
    return withTimedWeightFlips(this.model.parameters, flipsOf(setup), body);
  }
}

/** @param data [1, heads, time, total] @returns for each of the time's positions [heads, total] */
function patternRows(data: Float32Array, [, heads, time, total]: number[]): Float32Array[] {
  return Array.from({ length: time }, (_, row) => {
    const joined = new Float32Array(heads * total);
    for (let head = 0; head < heads; head++) {
      const start = (head * time + row) * total;
      joined.set(data.subarray(start, start + total), head * total);
    }
    return joined;
  });
}
