// Training the boolean world's model: steps against Hugging Face transformers' GPT-2 of the same configuration, and the whole
// of `dolab boolean --train` with the document's numbers.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { inProject } from "../../environment/paths.mjs";
import type { Benchmark } from "../benchmark";
import { runToEnd } from "../run-to-end";
import { trainingBenchmark } from "../training-benchmark";

/** Each step reads 16 x 24 = 384 tokens. */
const steps = (vocabulary: number, ours: number, theirs: number, speed: number) =>
  trainingBenchmark({
    name: `boolean-training-${vocabulary}`,
    title: `384 tokens by the boolean world's GPT-2, vocabulary ${vocabulary}, AdamW`,
    step: `gpt2-${vocabulary}`,
    steps: { jit: ours },
    aim: "jit",
    peers: [
      {
        title: "transformers in PyTorch",
        program: "training_transformers",
        args: [String(vocabulary)],
        steps: theirs,
        speed,
      },
    ],
    needs: "transformers",
  });

const train: Benchmark = {
  name: "boolean-train",
  title: "dolab boolean --train",
  measures: [{ key: "train", title: "3,750 steps, command to saved model", unit: "seconds" }],
  onlyByName: true,
  warmUps: 0,
  turns: 1,
  async start() {
    const out = mkdtempSync(path.join(tmpdir(), "dolab-bench-"));
    const boolean = (flag: string) => [inProject("src", "cli", "dolab.mjs"), "boolean", flag];
    await runToEnd([...boolean("--generate"), "-o", "1,0,1,0,1;0,1,0,1,0"], out);
    return {
      ours: {
        async turn() {
          const model = path.join(out, "out");
          rmSync(model, { recursive: true, force: true });
          const started = performance.now();
          await runToEnd(boolean("--train"), out);
          const seconds = (performance.now() - started) / 1000;
          if (!existsSync(model)) throw new Error(`Cannot time the training as it left no ${model}`);
          return { values: { train: seconds } };
        },
        close: async () => rmSync(out, { recursive: true, force: true }),
      },
    };
  },
};

export const booleanTraining = [steps(32, 30, 30, 1), steps(50257, 5, 3, 2), train];
