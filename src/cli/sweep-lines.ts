// What `dolab sweep` prints: how far a sweep is, what is in the queue, and which units failed.
import { formatDuration } from "../notebook";
import type { FailedUnit, SweepPlan, SweepStatus } from "../sweep";
import { queueStatus, submissionsOf } from "../sweep/submit-sweep";
import { shown } from "../sweep/sweep-points";

/** So many points or units are named one by one. */
export const MOST_NAMED = 10;

/** Says how far a sweep is: what is done, being done, failed and left. */
export function statusLines(
  { experiment }: SweepPlan,
  { units, done, doing, failed, left }: SweepStatus,
): string[] {
  const lines = [`${shown(done)} of ${counted(units, "unit")} done, ${shown(doing.length)} being done`];
  for (const { point, unit, holder } of doing.slice(0, MOST_NAMED))
    lines.push(`  ${point}/${unit}: ${holder}`);
  if (failed.length > 0) lines.push(`${shown(failed.length)} failed: ${listed(failed)}`);
  for (const { point, unit, error } of failed.slice(0, MOST_NAMED))
    lines.push(`  ${point}/${unit}: ${error.split("\n")[0]}`);
  if (done < units) {
    const time = Number.isFinite(left.seconds)
      ? `, about ${formatDuration(left.seconds)} of one process`
      : "";
    lines.push(`left: ${shown(left.cost)} ${experiment.counts}${time}`);
  }
  return lines;
}

/** Names the units that failed twice, a line each. */
export const failureLines = (failed: readonly FailedUnit[]): string =>
  failed.map(({ point, unit, error }) => `failed twice: ${point}/${unit}: ${error}\n`).join("");

/** Names the first units of a list. */
export const listed = (units: readonly { point: string; unit: string }[]): string =>
  units
    .slice(0, MOST_NAMED)
    .map(({ point, unit }) => `${point}/${unit}`)
    .join(", ") + (units.length > MOST_NAMED ? ", ..." : "");

/** A count with its noun, in the plural where it needs one. */
export const counted = (count: number, what: string): string =>
  `${shown(count)} ${what}${count === 1 ? "" : "s"}`;

/** Says what Slurm knows of the elements that were submitted, if any were. */
export function queueLines(folder: string, { isDone }: SweepStatus): string[] {
  if (submissionsOf(folder).length === 0) return [];
  const listedCounts = (counts: ReadonlyMap<string, number>) =>
    Array.from(counts, ([state, count]) => `${count} ${state}`).join(", ") || "none";
  try {
    const { queued, ended } = queueStatus(folder, isDone);
    const lines = [`elements in the queue: ${listedCounts(queued)}`];
    return ended.size > 0
      ? [...lines, `elements that ended with units undone: ${listedCounts(ended)}`]
      : lines;
  } catch (error) {
    return [(error as Error).message];
  }
}
