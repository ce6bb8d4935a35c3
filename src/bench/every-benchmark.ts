// The benchmarks, in the order in which they run. Training steps are compared with PyTorch, and run by name.
import type { Benchmark } from "./benchmark";
import { booleanGeneration } from "./benchmarks/boolean-generation";
import { booleanTraining } from "./benchmarks/boolean-training";
import { citrisTraining } from "./benchmarks/citris-training";
import { kernel } from "./benchmarks/kernel";
import { npz } from "./benchmarks/npz";
import { reasoners } from "./benchmarks/reasoners";
import { report } from "./benchmarks/report";
import { setUp } from "./benchmarks/set-up";
import { stats } from "./benchmarks/stats";
import { sweep, sweepPool } from "./benchmarks/sweep";
import { training } from "./benchmarks/training";
import { w2Data } from "./benchmarks/w2-data";
import { wscrl } from "./benchmarks/wscrl";

export const everyBenchmark: readonly Benchmark[] = [
  stats,
  npz,
  kernel,
  report,
  setUp,
  sweep,
  sweepPool,
  ...training,
  ...citrisTraining,
  w2Data,
  ...reasoners,
  ...wscrl,
  ...booleanTraining,
  booleanGeneration,
];

/** Runs only when asked for by name: it takes minutes, or a large download. */
export const isOnlyByName = ({ onlyByName, needs }: Benchmark) =>
  Boolean(onlyByName) || needs === "torch" || needs === "transformers";
