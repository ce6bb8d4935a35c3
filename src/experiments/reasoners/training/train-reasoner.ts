// A training with deep supervision, and the checkpoints that are kept of it: an early one, the first at which enough validation
// puzzles are right (the rule is fixed before anyone looks at test puzzles), one a little later, and the last.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { shuffledBatches } from "../../../data";
import { readSafetensors, writeSafetensors } from "../../../io";
import {
  createActTrainer,
  createReasoner,
  createThinker,
  miniatureReasoner,
  type Reasoner,
} from "../../../models";
import { createRandom } from "../../../random";
import { loadStateDict, tensorflow, toStateDict, warmUpSchedule } from "../../../tensor";
import { type MetricsRow, train } from "../../../train";
import type { UnitContext } from "../../experiment";
import type { DecidingConfiguration, System } from "../configuration";
import type { SudokuSets } from "./sudoku-sets";

export type CheckpointRole = "early" | "chosen" | "later" | "last";

export interface KeptCheckpoint {
  step: number;
  role: CheckpointRole;
}

export interface Training {
  reasoner: Reasoner;
  /** In the order of training. */
  checkpoints: KeptCheckpoint[];
  /** Whether the chosen checkpoint reached the threshold; else it is the last one. */
  reached: boolean;
  metrics: readonly MetricsRow[];
  /** Gives the reasoner the weights of a checkpoint. */
  restore(step: number): void;
}

/** Which training a unit is of. */
export interface TrainingOf {
  system: System;
  seed: number;
  /** Whether its states are perturbed: a twin. */
  noisy: boolean;
}

export const stepsOf = ({ trmSteps, hrmSteps }: DecidingConfiguration, system: System): number =>
  system === "trm" ? trmSteps : hrmSteps;

/** Where a checkpoint's weights are, under the published names. */
export const weightsFile = (folder: string, step: number) => join(folder, `weights_step_${step}.safetensors`);

/**
 * Trains, or goes on where it was paused.
 *
 * @param folder of this training, for its checkpoints
 * @returns undefined where the signal paused it
 */
export async function trainReasoner(
  { system, seed, noisy }: TrainingOf,
  sets: SudokuSets,
  configuration: DecidingConfiguration,
  { folder, signal, onProgress }: UnitContext,
): Promise<Training | undefined> {
  const { batchSize, learningRate, warmUpSteps, weightDecay, noise, channels, actSteps } = configuration;
  const steps = stepsOf(configuration, system);
  const tf = tensorflow();
  const rng = createRandom(seed).split(system);
  const { cells, vocabulary } = sets.train.board;
  const shape = miniatureReasoner(system, { cells, vocabulary, channels });
  const reasoner = createReasoner(shape, { rng: rng.split("weights") });
  const trainer = createActTrainer(reasoner, {
    batchSize,
    mostSteps: actSteps,
    noise: noisy ? noise : 0,
    optimiser: { kind: "adam-atan2", betas: [0.9, 0.95], weightDecay },
  });
  const validator = createThinker(reasoner, { rows: Math.min(128, sets.validation.count) });
  const batches = shuffledBatches(sets.train.count, Math.min(batchSize, sets.train.count), {
    rng: rng.split("order"),
  });
  const schedule = warmUpSchedule(learningRate, { warmUpSteps });
  const rows = (values: Int32Array, places: readonly number[]) => {
    const tokens = new Int32Array(places.length * cells);
    for (const [row, place] of places.entries())
      tokens.set(values.subarray(place * cells, (place + 1) * cells), row * cells);
    return tf.tensor2d(tokens, [places.length, cells], "int32");
  };
  const rule = new CheckpointRule(configuration, steps, (step) =>
    writeSafetensors(weightsFile(folder, step), toStateDict(reasoner.parameters)),
  );
  try {
    const outcome = await train({
      variables: trainer.variables,
      steps,
      stepsPerEpoch: batches.perEpoch,
      seed,
      folder,
      signal,
      config: { ...configuration, system, noisy },
      log: { every: configuration.saveEvery },
      checkpoint: { every: 50 },
      state: { save: () => ({ chosen: rule.chosen ?? null }), restore: ({ chosen }) => rule.restore(chosen) },
      step({ step, epoch, batch, seed: words }) {
        const dealt = Array.from(batches.at(epoch, batch));
        const places = Array.from({ length: batchSize }, (_, row) => dealt[row % dealt.length]); // a short last batch repeats
        const result = trainer.step(
          rows(sets.train.inputs, places),
          rows(sets.train.labels, places),
          tf.scalar(schedule(step)),
          tf.tensor1d(words, "int32"),
        );
        return { loss: result.loss, exact: result.exact };
      },
      evaluate: {
        every: configuration.saveEvery,
        run({ step }): Record<string, number> {
          onProgress(step);
          if (!rule.isDue(step)) {
            rule.observe(step);
            return {};
          }
          const right = shareRight(validator.run(sets.validation, { steps: actSteps }).correctAt, actSteps);
          rule.observe(step, right);
          return { validation: right };
        },
      },
    });
    if (outcome.status === "paused") return undefined;
    return {
      reasoner,
      checkpoints: rule.kept(),
      reached: rule.chosen !== undefined,
      metrics: outcome.metrics,
      restore: (step) =>
        loadStateDict(reasoner.parameters, readSafetensors(weightsFile(folder, step)).tensors),
    };
  } finally {
    validator.dispose();
    trainer.dispose();
  }
}

/** How many steps a paused training's checkpoints hold. */
export function trainedSteps(folder: string): number {
  const inner = join(folder, "checkpoints");
  const steps = existsSync(inner)
    ? readdirSync(inner).map((name) => Number(/step-(\d+)/.exec(name)?.[1] ?? 0))
    : [];
  return Math.max(0, ...steps);
}

/** The share of puzzles whose answer is right after the last step. @param correctAt [count, steps] */
export function shareRight(correctAt: Uint8Array, steps: number): number {
  let right = 0;
  for (let at = steps - 1; at < correctAt.length; at += steps) right += correctAt[at];
  return right / (correctAt.length / steps);
}

/** Which steps are kept, and when to look at the validation puzzles. */
class CheckpointRule {
  chosen: number | undefined;
  private readonly early: number;

  constructor(
    private readonly configuration: DecidingConfiguration,
    private readonly steps: number,
    private readonly save: (step: number) => void,
  ) {
    const { firstSave, saveEvery } = configuration;
    this.early = Math.max(1, Math.round(firstSave / 2 / saveEvery)) * saveEvery;
  }

  restore(chosen: unknown): void {
    this.chosen = typeof chosen === "number" ? chosen : undefined;
  }

  isDue(step: number): boolean {
    const { firstSave, saveEvery } = this.configuration;
    if (step === this.steps || step % (5 * saveEvery) === 0) return true;
    return step >= firstSave && step % saveEvery === 0 && this.chosen === undefined;
  }

  /** Keeps a step's weights where it is one to be kept. */
  observe(step: number, right?: number): void {
    const { firstSave, threshold } = this.configuration;
    if (this.chosen === undefined && step >= firstSave && right !== undefined && right >= threshold)
      this.chosen = step;
    if (this.kept().some((kept) => kept.step === step)) this.save(step);
  }

  kept(): KeptCheckpoint[] {
    const { laterSteps, saveEvery } = this.configuration;
    const chosen = this.chosen ?? this.steps;
    const later = Math.round((chosen + laterSteps) / saveEvery) * saveEvery;
    const roles: KeptCheckpoint[] = [
      { step: this.early, role: "early" },
      { step: chosen, role: "chosen" },
      { step: later, role: "later" },
      { step: this.steps, role: "last" },
    ];
    return roles.filter(
      ({ step, role }, i) =>
        step <= this.steps &&
        !roles.slice(0, i).some((earlier) => earlier.step === step) &&
        (role !== "early" || step < chosen),
    );
  }
}
