// Greedy generation by a small GPT-2, each side with its key-value cache, against Hugging Face transformers: 22 tokens after
// prompts of 10, of one sequence and of the 32 states of a boolean world at once. Both sides have the same weights and must
// say the same tokens. The peer runs with one thread or all of them, whichever is faster in its first turn.
import path from "node:path";
import { writeSafetensors } from "../../io";
import { compileGenerator, createGpt2, type DecodeOptions, generate } from "../../models/gpt2";
import { createRandom } from "../../random";
import { startBackend, toStateDict } from "../../tensor";
import type { Benchmark, Measure, Result } from "../benchmark";
import { pythonPeer } from "../python-peer";
import { benchFolder } from "../shared-input";
import { timedFunctions } from "../timed-functions";

const sizes = { positions: 32, width: 128, layers: 4, heads: 4 };
const [prompt, maximum] = [10, 22];
const cases = [32, 50257].flatMap((vocabulary) => [1, 32].map((batch) => ({ vocabulary, batch })));
const modes = { compiled: "compiled", jit: "compiled by XLA", eager: "op by op" } as const;

export const booleanGeneration: Benchmark = {
  name: "boolean-generation",
  title: `Generation of ${maximum} tokens by a GPT-2 of 4 layers, 128 wide`,
  measures: cases.flatMap(({ vocabulary, batch }) =>
    Object.entries(modes).map(
      ([mode, inWords]): Measure => ({
        key: `${mode}/${vocabulary}/${batch}`,
        title: `${batch === 1 ? "1 sequence" : `${batch} at once`}, ${vocabulary} tokens, ${inWords}`,
        unit: "seconds",
        peer: "transformers generate()",
        ...(mode === "compiled" ? { target: { ratioAtMost: 1 / 2 } } : {}),
      }),
    ),
  ),
  needs: "transformers",
  warmUps: 2,
  turns: 11,
  async start() {
    await startBackend();
    const functions: Record<string, () => Promise<Result>> = {};
    const files: string[] = [];
    for (const vocabulary of [32, 50257]) {
      const configuration = { ...sizes, vocabulary };
      const parameters = createGpt2(configuration, { rng: createRandom(1) });
      const file = path.join(benchFolder, `gpt2-${vocabulary}-seed-1.safetensors`);
      writeSafetensors(file, toStateDict(parameters));
      files.push(file);
      const compiled = compileGenerator(parameters, configuration);
      const jit = compileGenerator(parameters, configuration, { jit: true });
      const generators: Record<keyof typeof modes, typeof compiled.generate> = {
        compiled: compiled.generate,
        jit: jit.generate,
        eager: (prompts, options?: DecodeOptions) => generate(parameters, prompts, configuration, options),
      };
      for (const { batch } of cases.filter((each) => each.vocabulary === vocabulary))
        for (const [mode, run] of Object.entries(generators))
          functions[`${mode}/${vocabulary}/${batch}`] = async () =>
            (await run(promptsOf(batch), { maximum })).flat();
    }
    const names = Object.keys(modes).join();
    return {
      ours: timedFunctions(functions),
      peer: pythonPeer("generation_gpt2", [String(maximum), names, ...files]),
    };
  },
};

/** The same as the peer's. */
const promptsOf = (batch: number) =>
  Array.from({ length: batch }, (_, i) => Array.from({ length: prompt }, (_, j) => (7 * i + 3 * j) % 32));
