// How far a sweep is, as its folder tells: which units have rows, which are claimed by living processes, which failed last.
import { unitsBeingDone } from "../experiments/do-unit";
import { doneKeys } from "../experiments/unit-rows";
import { median } from "../stats";
import type { FailedUnit } from "./run-sweep";
import { pointFolder } from "./sweep-folder";
import type { SweepPlan } from "./sweep-points";
import { readWorkLog } from "./work-log";

export interface SweepStatus {
  units: number;
  done: number;
  /** Units that living processes do now. */
  doing: { point: string; unit: string; holder: string }[];
  /** Units that failed when they were last tried. */
  failed: FailedUnit[];
  /** Whether a unit's row is there. */
  isDone: (point: string, unit: string) => boolean;
  /** What is left to do, in what the experiment counts, and the seconds that one process takes for it; NaN before any is done. */
  left: { cost: number; seconds: number };
}

/**
 * Says how far a sweep is: which units have rows, which are being done, and which failed last.
 *
 * @param folder the sweep's folder; nothing is done where it is not there yet
 * @param plan the sweep's points, as `planSweep` finds them
 * @example
 * import { planSweep, readSweepFile, sweepStatus } from "dolab";
 * const sweep = await readSweepFile("data/sweeps/w2-ten-seeds.yaml");
 * const { done, left } = sweepStatus("no-such-folder", planSweep(sweep));
 * done; // => 0
 * left.seconds; // => NaN
 */
export function sweepStatus(folder: string, plan: SweepPlan): SweepStatus {
  const { points, units } = plan;
  const costs = new Map<string, number>();
  const missing = new Map<string, number>();
  const doing: SweepStatus["doing"] = [];
  for (const point of points) {
    const place = pointFolder(folder, point);
    const keys = doneKeys(place);
    for (const { key, cost } of point.units)
      (keys.has(key) ? costs : missing).set(nameOf(point.name, key), cost);
    if (keys.size < point.units.length)
      for (const [unit, holder] of unitsBeingDone(place)) doing.push({ point: point.name, unit, holder });
  }
  const log = readWorkLog(folder);
  const last = new Map(log.map((entry) => [nameOf(entry.point, entry.unit), entry]));
  const failed = Array.from(last)
    .filter(([name, { end }]) => end === "failed" && missing.has(name))
    .map(([, { point, unit, error = "" }]) => ({ point, unit, error }));
  const paces = log
    .filter(({ end }) => end === "done")
    .map(({ point, unit, seconds }) => seconds / (costs.get(nameOf(point, unit)) ?? Number.NaN))
    .filter(Number.isFinite);
  const pace = paces.length > 0 ? median(paces) : Number.NaN; // a process's first unit has its start in it
  const cost = Array.from(missing.values()).reduce((sum, one) => sum + one, 0);
  return {
    units,
    done: units - missing.size,
    doing,
    failed,
    isDone: (point, unit) => !missing.has(nameOf(point, unit)),
    left: { cost, seconds: pace * cost },
  };
}

const nameOf = (point: string, unit: string) => `${point}/${unit}`;
