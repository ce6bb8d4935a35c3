// What a tracked run has to say, in a file of its own: FOLDER/tracking/KEY.jsonl, one JSON object a line, appended while the
// run goes. A training only ever writes here; sending (send-journal.ts) reads what stands here, at its own pace, from any
// process and at any later time. So a server that is slow, gone or never there costs a training nothing and loses nothing.
import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  truncateSync,
} from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";

/** MLflow's words for where a run is. */
export type RunStatus = "RUNNING" | "FINISHED" | "FAILED" | "KILLED";

/** A number as JSON can write it. */
export type JournalNumber = number | "NaN" | "Infinity" | "-Infinity";

/** What stands in a line; `time` is in milliseconds since 1970. */
export type JournalEntry =
  | {
      kind: "run";
      /** Tells this run from any other, on whatever server. */
      id: string;
      /** The run that it is a part of. */
      parent?: string;
      experiment: string;
      title: string;
      time: number;
      parameters: Record<string, string>;
      tags: Record<string, string>;
    }
  | { kind: "metrics"; time: number; step: number; values: Record<string, JournalNumber> }
  | { kind: "tags"; tags: Record<string, string> }
  | { kind: "file" /** Relative to the run's folder. */; file: string; path: string }
  | { kind: "text"; path: string; content: string }
  | { kind: "status"; status: RunStatus; time: number };

/** An entry, and the place in the file where the next one begins. */
export interface PlacedEntry {
  entry: JournalEntry;
  end: number;
}

export const trackingFolder = (folder: string): string => join(folder, "tracking");
export const journalFile = (folder: string, key: string): string =>
  join(trackingFolder(folder), `${key}.jsonl`);

/** The keys of the runs that a folder tracks. */
export function journalKeys(folder: string): string[] {
  const inner = trackingFolder(folder);
  const names = existsSync(inner) ? readdirSync(inner) : [];
  return names.filter((name) => name.endsWith(".jsonl")).map((name) => name.slice(0, -".jsonl".length));
}

/**
 * Opens a run's journal for more entries. A last line that a killed process left torn is taken off.
 *
 * @returns what it holds, and `append`, which never throws: where the disk is full it says so once, and tracking misses an entry
 */
export function openJournal(file: string): {
  entries: JournalEntry[];
  append: (entry: JournalEntry) => void;
} {
  mkdirSync(dirname(file), { recursive: true });
  if (existsSync(file)) {
    const bytes = readFileSync(file);
    const whole = bytes.lastIndexOf(10) + 1;
    if (whole < bytes.length) truncateSync(file, whole);
  }
  let isTold = false;
  return {
    entries: readJournal(file).map(({ entry }) => entry),
    append(entry) {
      try {
        appendFileSync(file, `${JSON.stringify(entry)}\n`);
      } catch (error) {
        if (!isTold)
          process.emitWarning(
            `Cannot keep what is tracked in ${file}: ${(error as Error).message}`,
            "DolabWarning",
          );
        isTold = true;
      }
    },
  };
}

/** Reads the whole lines that come after a place. @param from in bytes @param most bytes read at once */
export function readJournal(file: string, from = 0, most = Number.POSITIVE_INFINITY): PlacedEntry[] {
  if (!existsSync(file)) return [];
  const opened = openSync(file, "r");
  try {
    const length = fstatSync(opened).size - from;
    if (length <= 0) return [];
    let bytes = Buffer.alloc(Math.min(length, most));
    bytes = bytes.subarray(0, readSync(opened, bytes, 0, bytes.length, from));
    if (bytes.lastIndexOf(10) < 0 && bytes.length < length) return readJournal(file, from, 2 * most);
    return linesOf(bytes, from, file);
  } finally {
    closeSync(opened);
  }
}

function linesOf(bytes: Buffer, from: number, file: string): PlacedEntry[] {
  const entries: PlacedEntry[] = [];
  for (let start = 0, end = bytes.indexOf(10); end >= 0; start = end + 1, end = bytes.indexOf(10, start)) {
    const line = bytes.toString("utf8", start, end);
    try {
      entries.push({ entry: JSON.parse(line) as JournalEntry, end: from + end + 1 });
    } catch {
      throw new SyntaxError(
        `Cannot read ${file} as each line must hold JSON: got ${JSON.stringify(line.slice(0, 80))}; remove the line`,
      );
    }
  }
  return entries;
}

/** @returns a number in JSON's words */
export const journalNumber = (value: number): JournalNumber =>
  Number.isFinite(value) ? value : (String(value) as JournalNumber);
