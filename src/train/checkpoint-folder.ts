// The numbered checkpoints of one run: FOLDER/checkpoints/step-00001200.safetensors, the newest few of which are kept.
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Where to go on from: the newest checkpoint if any, nothing, the one before the newest, or that of a step. */
export type Resume = "auto" | "never" | "previous" | number;

const NAME = /^step-(\d{8,})\.safetensors$/;

/** @param folder the run's folder */
export const checkpointsIn = (folder: string): string => join(folder, "checkpoints");

/**
 * Returns the path of a checkpoint.
 *
 * @param folder the run's folder
 * @param step steps done
 * @example
 * import { checkpointFile } from "dolab";
 * checkpointFile("run", 1200).endsWith("step-00001200.safetensors"); // => true
 */
export const checkpointFile = (folder: string, step: number): string =>
  join(checkpointsIn(folder), `step-${String(step).padStart(8, "0")}.safetensors`);

/**
 * Lists the steps of a run's checkpoints, in order.
 *
 * @param folder the run's folder
 * @example
 * import { checkpointSteps } from "dolab";
 * checkpointSteps("no-such-folder"); // => []
 */
export function checkpointSteps(folder: string): number[] {
  const inner = checkpointsIn(folder);
  const names = existsSync(inner) ? readdirSync(inner) : [];
  return names
    .flatMap((name) => NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/**
 * The step of the checkpoint to go on from.
 *
 * @param options.replace whether "never" may start anew beside checkpoints, which go then
 * @returns undefined to start anew
 * @throws {RangeError} where there is no such checkpoint, or "never" meets any
 */
export function chooseCheckpoint(
  folder: string,
  resume: Resume,
  { replace = false }: { replace?: boolean } = {},
): number | undefined {
  const steps = checkpointSteps(folder);
  const there = steps.length > 0 ? `checkpoints of steps ${steps.join(", ")}` : "no checkpoint";
  const refuse = (rule: string, cure = "") =>
    new RangeError(`Cannot train in ${folder} as ${rule}: got ${there}${cure}`);
  if (resume === "never") {
    if (steps.length === 0 || replace) return undefined;
    const cure = '; choose another folder, go on with resume: "auto", or replace them with replace: true';
    throw refuse('resume: "never" starts in a folder without checkpoints', cure);
  }
  if (resume === "auto") return steps[steps.length - 1];
  if (resume === "previous") {
    if (steps.length > 1) return steps[steps.length - 2];
    throw refuse('resume: "previous" goes on from the last checkpoint but one');
  }
  if (steps.includes(resume)) return resume;
  throw refuse(`resume: ${JSON.stringify(resume)} goes on from the checkpoint of that step`);
}

/** Removes all checkpoints but the newest few and those of some steps. */
export function pruneCheckpoints(folder: string, keep: number, keepSteps: readonly number[]): void {
  const old = checkpointSteps(folder).slice(0, -keep);
  removeCheckpoints(
    folder,
    old.filter((step) => !keepSteps.includes(step)),
  );
}

/** Removes the checkpoints that come after a step, the last one first. */
export function removeCheckpointsAfter(folder: string, step: number): void {
  removeCheckpoints(
    folder,
    checkpointSteps(folder)
      .filter((other) => other > step)
      .reverse(),
  );
}

function removeCheckpoints(folder: string, steps: readonly number[]): void {
  for (const step of steps) rmSync(checkpointFile(folder, step), { force: true });
}
