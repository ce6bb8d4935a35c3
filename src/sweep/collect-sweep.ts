// One tidy table of a sweep: a line a unit, first what its point varies, then what the unit found, in the order of the plan
// whatever the order in which units ended. sweep.csv holds numbers, texts and truth values; sweep.jsonl the lists as well.
import { doneKeys, readUnitRow } from "../experiments/unit-rows";
import { type CsvFormat, formatCsv, openRunFolder } from "../io";
import { isPlainObject, type PlainObject } from "../io/plain-data";
import type { Sweep } from "./sweep-file";
import { pointFolder, sweepRun } from "./sweep-folder";
import type { SweepPlan } from "./sweep-points";

/** A line of the table. */
export type SweepRow = Record<string, unknown> & { point: string; unit: string };

export interface CollectedSweep {
  rows: SweepRow[];
  /** Units without a row. */
  missing: { point: string; unit: string }[];
}

/** Puts the rows of all units together. @throws {SyntaxError} naming a file that is damaged */
export function sweepRows(folder: string, { points }: SweepPlan): CollectedSweep {
  const rows: SweepRow[] = [];
  const missing: CollectedSweep["missing"] = [];
  for (const point of points) {
    const place = pointFolder(folder, point);
    const keys = doneKeys(place);
    for (const unit of point.units) {
      const names = { point: point.name, unit: unit.key };
      if (!keys.has(unit.key)) missing.push(names);
      else rows.push({ ...names, ...prefixed(point.varied), ...flat(readUnitRow(place, unit)) });
    }
  }
  return { rows, missing };
}

/** What a point varies stands beside what a unit found, which may have the same name. */
const prefixed = (varied: PlainObject) =>
  Object.fromEntries(
    Object.entries(varied).map(([key, value]) => [
      `point.${key}`,
      isSingle(value) ? value : JSON.stringify(value),
    ]),
  );

/** Members of objects with their path, such as "evaluation.dci.disentanglement"; lists stay whole. */
function flat(value: unknown, path = "", into: Record<string, unknown> = {}): Record<string, unknown> {
  if (!isPlainObject(value)) into[path || "value"] = value;
  else for (const [key, member] of Object.entries(value)) flat(member, path ? `${path}.${key}` : key, into);
  return into;
}

const isSingle = (value: unknown) => typeof value !== "object" || value === null;

/** The two files of a table. NaN and infinities stand as "nan" and "inf" in CSV, as null in JSON lines. */
export function tableFiles(rows: readonly SweepRow[]): { name: string; content: string }[] {
  const columns = new Map<string, CsvFormat>();
  for (const row of rows)
    for (const [name, value] of Object.entries(row)) {
      if (!isSingle(value)) continue;
      const isFraction = typeof value === "number" && !Number.isInteger(value) && Number.isFinite(value);
      columns.set(name, isFraction || columns.get(name) === "float" ? "float" : "integer");
    }
  const single = rows.map((row) =>
    Object.fromEntries(Object.entries(row).filter(([, value]) => isSingle(value))),
  );
  const lines = rows.map((row) => `${JSON.stringify(row)}\n`);
  return [
    { name: "sweep.csv", content: formatCsv([...columns.keys()], single, Object.fromEntries(columns)) },
    { name: "sweep.jsonl", content: lines.join("") },
  ];
}

/**
 * Writes the table of a sweep into its folder: sweep.csv and sweep.jsonl, a line for each unit that is done.
 *
 * @param folder the sweep's folder
 * @param sweep what the sweep file says
 * @param plan the sweep's points, as `planSweep` finds them
 * @returns the files' paths, and the units without a row
 * @throws {RangeError} where the folder holds another sweep
 * @throws {SyntaxError} naming a row that is damaged
 * @example
 * import { mkdtempSync, rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { collectSweep, planSweep, readSweepFile } from "dolab";
 * const folder = mkdtempSync(`${tmpdir()}/sweep-`);
 * const sweep = await readSweepFile("data/sweeps/w2-ten-seeds.yaml");
 * const { paths, missing } = collectSweep(folder, sweep, planSweep(sweep));
 * [paths.length, missing.length]; // => [2, 10]
 * rmSync(folder, { recursive: true });
 */
export function collectSweep(
  folder: string,
  sweep: Sweep,
  plan: SweepPlan,
): { paths: string[]; missing: CollectedSweep["missing"] } {
  const { rows, missing } = sweepRows(folder, plan);
  const output = openRunFolder(folder, [sweepRun(sweep)]);
  try {
    return { paths: output.write(tableFiles(rows)), missing };
  } finally {
    output.close();
  }
}
