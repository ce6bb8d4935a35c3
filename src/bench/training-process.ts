// One training step in a process of its own, so that its memory is its own: training-process.ts NAME MODE
//   {"versions": true}  -> {}
//   {"peak": true}      -> {"rate": ...}                        floating-point operations a second of large matrix products
//   {"steps": 10}       -> {"seconds": ..., "memory": ...}      of one step on average; bytes at the highest so far
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { compile, startBackend, tensorflow } from "../tensor";
import type { Mode, TrainingStep } from "./training-step";
import { trainingSteps } from "./training-steps";

async function serve([name, mode]: string[]): Promise<void> {
  await startBackend();
  const run = runner(trainingSteps[name](mode as Mode), mode as Mode);
  for await (const line of createInterface({ input: process.stdin })) {
    let answer: object;
    try {
      const { versions, peak, steps } = JSON.parse(line);
      answer = versions
        ? {}
        : peak
          ? { rate: matmulRate() }
          : { seconds: run(steps), memory: highestMemory() };
    } catch (error) {
      answer = { error: String((error as Error).stack) };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}

/** @returns what takes so many steps and says how many seconds one took, once the last loss is known to be a number */
function runner(
  { step, variables, inputs, seeded, threads, ownGraph }: TrainingStep,
  mode: Mode,
): (steps: number) => number {
  const tf = tensorflow();
  const eager = (...tensors: typeof inputs) => tf.tidy(() => step(...tensors));
  const call =
    mode === "eager" || ownGraph ? eager : compile(step, { variables, jit: mode === "jit", threads });
  let calls = 0;
  return (steps) => {
    const started = performance.now();
    let last = Number.NaN;
    for (let i = 0; i < steps; i++) {
      const seed = seeded ? [tf.tensor1d([0, calls++], "int32")] : [];
      const loss = call(...inputs, ...seed);
      if (i === steps - 1) last = loss.dataSync()[0];
      tf.dispose([loss, seed]);
    }
    const seconds = (performance.now() - started) / 1000 / steps;
    if (!Number.isFinite(last))
      throw new RangeError(`Cannot time a training step as its loss must stay finite: got ${last}`);
    return seconds;
  };
}

const side = 1536;

/** Floating-point operations a second: the fastest of a few products of square matrices. */
function matmulRate(): number {
  const tf = tensorflow();
  return tf.tidy(() => {
    const matrix = tf.ones([side, side]);
    const rates = Array.from({ length: 5 }, () => {
      const started = performance.now();
      tf.matMul(matrix, matrix).dataSync();
      return (2 * side ** 3 * 1000) / (performance.now() - started);
    });
    return Math.max(...rates);
  });
}

/** Bytes of this process at its highest; VmHWM where there is a /proc. */
function highestMemory(): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))![1]) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}

serve(process.argv.slice(2));
