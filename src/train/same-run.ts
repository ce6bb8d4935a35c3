// Whether a checkpoint is one of this run: of its seed, epochs and caller's state, of its optimisers and learning rates, and, where
// `config` does not say what decides the run, of a first step that computes the same.
import type { PlainObject } from "../io";
import { differences, isPlainObject } from "../io/plain-data";
import type { Checkpoint } from "./checkpoint";
import { CheckpointError } from "./checkpoint-error";
import type { Evidence } from "./evidence";
import type { Plan } from "./plan";

/** What a checkpoint keeps of the plan; JSON has no Infinity: an epoch without an end is null. */
export const settingsOf = ({ seed, stepsPerEpoch }: Plan) => ({
  seed,
  stepsPerEpoch: Number.isFinite(stepsPerEpoch) ? stepsPerEpoch : null,
});

/** The error of a checkpoint that belongs to another run. */
export const otherRun = ({ file }: Pick<Checkpoint, "file">, changes: readonly string[]) =>
  new CheckpointError(
    file,
    changes,
    `go on as the run began, choose another folder, or start anew (resume: "never", replace: true)`,
  );

/**
 * Takes the loop's own part of a checkpoint's state.
 *
 * @throws {CheckpointError} where seed, epochs or the caller's state are others, or it is beyond the run's last step
 */
export function loopStateOf({ file, step, state }: Checkpoint, plan: Plan): PlainObject {
  const loop = isPlainObject(state.loop) ? state.loop : {};
  const there = { seed: loop.seed, stepsPerEpoch: loop.stepsPerEpoch };
  const changed = differences(there, settingsOf(plan));
  if (isPlainObject(state.caller) !== (plan.state !== undefined))
    changed.push(`it holds ${plan.state ? "no" : "a"} state of the caller's`);
  if (step > plan.steps) changed.push(`it is of step ${step}, beyond the ${plan.steps} of this run`);
  if (changed.length === 0) return loop;
  throw otherRun({ file }, changed);
}

/**
 * Refuses a checkpoint whose run was set otherwise; without `config`, one whose first step did something else, too. It warns where
 * neither can be told of a run that is over.
 *
 * @param evidence of the run to go on from
 * @param takeFirstStep takes the run's step 0, whose result is not looked at
 * @throws {CheckpointError} naming what has changed
 */
export function requireSameRun(
  checkpoint: Checkpoint,
  plan: Plan,
  evidence: Evidence,
  takeFirstStep: () => void,
): void {
  const changes = evidence.changedSettings();
  if (!plan.configured && evidence.hasGraphs)
    changes.push(...evidence.rehearse(takeFirstStep, plan.state === undefined));
  if (changes.length > 0) throw otherRun(checkpoint, changes);
  if (plan.configured || evidence.hasGraphs || checkpoint.step < plan.steps) return;
  const cure = `remove ${plan.folder}, or pass resume: "never", replace: true to train anew; config says what decides a run`;
  process.emitWarning(
    `train() returns the outcome of a run that is over, and cannot tell whether its code or settings have changed since: ${cure}`,
    "DolabWarning",
  );
}
