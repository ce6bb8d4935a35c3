// Who did which unit when: a file a process in log/ of the sweep's folder, a line a unit. Only its process writes a file, so
// that none waits for another, and what a killed process left ends at most in a damaged line, which is passed over.
import { appendFileSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { makeFolder } from "../io/write-atomically";

export interface WorkEntry {
  point: string;
  unit: string;
  end: "done" | "failed" | "paused";
  /** From its beginning to its end in this process. */
  seconds: number;
  /** What failed. */
  error?: string;
}

export interface LoggedWork extends WorkEntry {
  host: string;
  pid: number;
  /** When it ended, as the process's clock had it. */
  date: string;
}

/** @returns what adds a line to this process's file */
export function openWorkLog(folder: string): (entry: WorkEntry) => void {
  const place = join(folder, "log");
  const file = join(place, `${hostname()}-${process.pid}-${Date.now().toString(36)}.jsonl`);
  return (entry) => {
    makeFolder(place);
    const line: LoggedWork = { ...entry, host: hostname(), pid: process.pid, date: new Date().toISOString() };
    appendFileSync(file, `${JSON.stringify(line)}\n`);
  };
}

/** All lines of all processes, those of each in their order. */
export function readWorkLog(folder: string): LoggedWork[] {
  const place = join(folder, "log");
  const files = existsSync(place) ? readdirSync(place).filter((name) => name.endsWith(".jsonl")) : [];
  return files.sort().flatMap((name) => readFileSync(join(place, name), "utf8").split("\n").flatMap(parsed));
}

function parsed(line: string): LoggedWork[] {
  try {
    return line === "" ? [] : [JSON.parse(line)];
  } catch {
    return []; // its process was killed while it wrote
  }
}
