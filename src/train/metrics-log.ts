// What a run measured, row by row: metrics.jsonl, one JSON object a line, appended while the run goes. JSON has no NaN
// and no infinities: they are written as null and read as NaN. A last line that a killed process left torn is no row.
import { appendFileSync, closeSync, existsSync, fsyncSync, openSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { writeFileAtomically } from "../io";
import { isPlainObject } from "../io/plain-data";
import { explainWriteFailure } from "../io/write-atomically";

/** What was measured after so many steps. */
export interface MetricsRow {
  /** Steps done. */
  step: number;
  /** Epochs done, with a fraction within an epoch. */
  epoch: number;
  /** Seconds of training so far, those before a resume among them. */
  seconds: number;
  /** The means of the step's metrics since the last row of such, and the results of an evaluation. */
  values: Record<string, number>;
}

export interface MetricsLog {
  readonly rows: readonly MetricsRow[];
  /** @throws {Error} naming file and cure where the disk is full or not writable; the row is not kept then */
  append(row: MetricsRow): void;
  /** Drops the rows that come after a step, from the file too. */
  cutAfter(step: number): void;
  /** Makes the file's content survive a power cut. */
  flush(): void;
}

/** Rows that are kept in memory alone. */
export function memoryLog(): MetricsLog {
  const rows: MetricsRow[] = [];
  return { rows, append: (row) => rows.push(row), cutAfter() {}, flush() {} };
}

/** Opens a log for more rows, changing nothing yet. @throws {SyntaxError} as `readMetrics` does */
export function openMetricsLog(file: string): MetricsLog {
  const rows = existsSync(file) ? readMetrics(file) : [];
  return {
    rows,
    append(row) {
      try {
        appendFileSync(file, lineOf(row));
      } catch (error) {
        throw explainWriteFailure(file, dirname(file), error);
      }
      rows.push(row);
    },
    cutAfter(step) {
      const kept = rows.filter((row) => row.step <= step);
      rows.splice(0, rows.length, ...kept);
      const text = kept.map(lineOf).join("");
      if (existsSync(file) ? readFileSync(file, "utf8") !== text : text !== "")
        writeFileAtomically(file, text);
    },
    flush() {
      if (!existsSync(file)) return;
      const opened = openSync(file, "r+");
      fsyncSync(opened);
      closeSync(opened);
    },
  };
}

const lineOf = (row: MetricsRow) => `${JSON.stringify(row)}\n`; // JSON.stringify writes null for NaN and infinities

/**
 * Reads a run's metrics.jsonl.
 *
 * @param file path of a metrics.jsonl
 * @returns its rows in the order of their steps; a torn last line is left out
 * @throws {SyntaxError} naming file and line where another line is no row
 * @example
 * import { rmSync, writeFileSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { readMetrics } from "dolab";
 * const file = join(tmpdir(), `metrics-${process.pid}.jsonl`);
 * writeFileSync(file, '{"step":1,"epoch":0,"seconds":0.5,"values":{"loss":2}}\n');
 * readMetrics(file)[0].values; // => { loss: 2 }
 * rmSync(file);
 */
export function readMetrics(file: string): MetricsRow[] {
  const lines = readFileSync(file, "utf8").split("\n");
  lines.pop(); // nothing, or what a killed process was writing
  return lines.map((line, index) => {
    const row = parseRow(line);
    if (row) return row;
    const rule = "each line holds a row (step, epoch, seconds, values)";
    const got = JSON.stringify(line.slice(0, 80));
    throw new SyntaxError(`Cannot read line ${index + 1} of ${file} as ${rule}: got ${got}; remove the line`);
  });
}

function parseRow(line: string): MetricsRow | undefined {
  let row: unknown;
  try {
    row = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isPlainObject(row) || !isPlainObject(row.values)) return undefined;
  const { step, epoch, seconds } = row;
  if (typeof step !== "number" || typeof epoch !== "number" || typeof seconds !== "number") return undefined;
  const values = Object.entries(row.values).map(([name, value]) => [
    name,
    value === null ? NaN : Number(value),
  ]);
  return { step, epoch, seconds, values: Object.fromEntries(values) };
}
