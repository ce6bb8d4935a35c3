// What a run of a benchmark leaves under results/bench: DATE-NAME.json with every turn, and latest.md, the table of the
// newest record of each benchmark.
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { readJson, writeFileAtomically } from "../io";
import { formatBenchmarks } from "./benchmark-table";
import type { Measurement } from "./harness";
import type { Machine } from "./machine";

export interface BenchmarkRecord extends Measurement {
  schema: 1;
  /** The benchmark's name. */
  benchmark: string;
  title: string;
  /** When it ended, in ISO 8601. */
  measuredAt: string;
  machine: Machine;
  /** One-minute load averages around the run. */
  load: { before: number; after: number };
  warmUps: number;
  turns: number;
  repeat: number;
}

/**
 * Writes a record and brings latest.md up to date.
 *
 * @returns the record's path
 */
export function writeBenchmarkRecord(folder: string, record: BenchmarkRecord): string {
  const date = record.measuredAt.replace(/\.\d+Z$/, "Z").replaceAll(":", "-");
  const file = path.join(folder, `${date}-${record.benchmark}.json`);
  writeFileAtomically(file, `${JSON.stringify(record, null, 2)}\n`);
  writeFileAtomically(
    path.join(folder, "latest.md"),
    `# Benchmarks\n\n${formatBenchmarks(newestRecords(folder))}`,
  );
  return file;
}

/** @returns the newest record of each benchmark, by name */
export function newestRecords(folder: string): BenchmarkRecord[] {
  const newest = new Map<string, string>();
  for (const file of existsSync(folder) ? readdirSync(folder).sort() : []) {
    const [, name] = /^\d{4}-\d\d-\d\dT[\d-]+Z-(.+)\.json$/.exec(file) ?? [];
    if (name) newest.set(name, file);
  }
  return [...newest.keys()]
    .sort()
    .map((name) => readJson(path.join(folder, newest.get(name)!)) as BenchmarkRecord);
}
