// dolab bench: times dolab against its peers, prints a table, and keeps it under results/bench.
import { availableParallelism } from "node:os";
import path from "node:path";
import process from "node:process";
import type { Command } from "commander";
import { makeBenchPython } from "../bench/bench-python";
import type { Benchmark } from "../bench/benchmark";
import { type BenchmarkRecord, writeBenchmarkRecord } from "../bench/benchmark-record";
import { formatBenchmarks } from "../bench/benchmark-table";
import { everyBenchmark, isOnlyByName } from "../bench/every-benchmark";
import { measure } from "../bench/harness";
import { currentLoad, describeMachine, type Machine } from "../bench/machine";
import { inProject } from "../environment/paths.mjs";
import { selectByName } from "./select-by-name";
import { withProgress } from "./with-progress";

interface BenchOptions {
  list?: boolean;
  strict?: boolean;
  out: string;
}

export function addBench(program: Command) {
  program
    .command("bench")
    .description("time dolab against numpy, scikit-learn and its own targets")
    .argument("[name...]", "benchmarks (default: all that take less than a few minutes)")
    .option("--list", "say which there are, and run none")
    .option("--strict", "exit 1 where a target is missed")
    .option("--out <folder>", "where the tables go", inProject("results", "bench"))
    .action(async (names: string[], { list, strict, out }: BenchOptions) => {
      if (list) return everyBenchmark.forEach(describe);
      const wanted = selectByName(
        "benchmark",
        everyBenchmark,
        names,
        (benchmark) => !isOnlyByName(benchmark),
      );
      const isNeeded = (library: "torch" | "transformers") => wanted.some(({ needs }) => needs === library);
      if (wanted.some(({ needs }) => needs))
        await makeBenchPython({ torch: isNeeded("torch"), transformers: isNeeded("transformers") });
      const machine = await describeMachine();
      const records: BenchmarkRecord[] = [];
      for (const benchmark of wanted) {
        const record = await run(benchmark, machine);
        if (!record) continue;
        records.push(record);
        writeBenchmarkRecord(out, record);
      }
      if (records.length > 0) {
        console.log(`\n${formatBenchmarks(records)}`);
        console.log(`written: ${path.join(out, "latest.md")} and a JSON file for each`);
      }
      const missed = records.some(({ rows }) => rows.some(({ verdict }) => verdict && !verdict.met));
      if (records.length < wanted.length || (strict && missed)) process.exitCode = 1;
    });
}

function describe(benchmark: Benchmark) {
  const { name, title, measures, needs } = benchmark;
  const when = isOnlyByName(benchmark) ? " (only when named)" : "";
  console.log(
    `${name.padEnd(10)} ${title}${when}${needs && needs !== "python" ? ` (installs ${needs})` : ""}`,
  );
  for (const measure of measures) console.log(`${"".padEnd(12)}${measure.title}`);
}

/** @returns undefined if it failed, which has then been said */
async function run(benchmark: Benchmark, machine: Machine): Promise<BenchmarkRecord | undefined> {
  const { name, title, warmUps, turns, repeat = 1 } = benchmark;
  const before = currentLoad();
  if (before > 0.75 * availableParallelism())
    console.log(`note: this machine is busy (load ${before.toFixed(1)}): the times of ${name} will vary`);
  try {
    const measurement = await withProgress(name, "turns", (onTurn) => measure(benchmark, onTurn));
    const measuredAt = new Date().toISOString();
    const load = { before, after: currentLoad() };
    return {
      schema: 1,
      benchmark: name,
      title,
      measuredAt,
      machine,
      load,
      warmUps,
      turns,
      repeat,
      ...measurement,
    };
  } catch (error) {
    console.log(`${name}: FAILED: ${(error as Error).message}`);
    return undefined;
  }
}
