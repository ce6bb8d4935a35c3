// What a run finds, under the names of source document 000's W2_results.json, with our arms beside them; and what each epoch of
// training measured.
import type { DecidingConfiguration } from "../configuration";
import type { History, PhaseKind } from "../training/phases";

export interface TrajectoryPoint {
  epoch: number;
  /** Share of the test images, from 0 to 1. */
  error: number;
}

/** A network at one λ, from its first epoch there to its last. */
export interface Stay {
  target_lambda: number;
  init_error: number;
  final_error: number;
  trajectory: TrajectoryPoint[];
}

/** One network after its jump. */
export interface Branch extends Stay {
  source: "ordered" | "collapse";
}

export interface Intervention {
  target_lambda: number;
  ordered: Branch;
  collapse: Branch;
  /** How much more the collapse branch errs than the ordered one. */
  final_gap: number;
}

/** Test error at the end of each λ of a sweep, in its order: there and back. */
export interface Sweep {
  source: "ordered" | "collapse";
  points: { target_lambda: number; error: number }[];
}

/** A sweep from the ordered checkpoint at another speed. */
export interface SpeedSweep extends Sweep {
  /** Epochs at each λ. */
  hold: number;
}

/** An attempt to free a network that is at chance. */
export interface Escape extends Stay {
  learning_rate: number;
}

export interface SeedResult {
  seed: number;
  interventions: Intervention[];
  ordered_init_error: number;
  collapse_init_error: number;
  /** Training and evaluation, resumed parts included. */
  time_seconds: number;
  experiment_id: string;
  /** Branches of the first seed that were trained on for longer. */
  longer: Branch[];
  /** Networks without a history, trained from scratch at a target. */
  control: Stay[];
  hysteresis: Sweep[];
  speed: SpeedSweep[];
  /** The ordered network left at one λ; none or one. */
  lifetime: Stay[];
  escapes: Escape[];
  preset: string;
  data_source: string;
  /** When the seed was done, as ISO text. */
  date: string;
}

/**
 * The loops of one seed from the ordered checkpoint at every speed that was run: its sweep, and the same at other holds.
 *
 * @returns nothing where the sweep was run at one speed alone; else the loops, from the fastest on
 */
export function sweepsBySpeed(
  { hysteresis, speed }: SeedResult,
  { hysteresisEpochs: hold }: Pick<DecidingConfiguration, "hysteresisEpochs">,
): SpeedSweep[] {
  if (speed.length === 0) return [];
  const usual = hysteresis.filter(({ source }) => source === "ordered").map((sweep) => ({ hold, ...sweep }));
  return [...usual, ...speed].sort((a, b) => a.hold - b.hold);
}

/** Means over one epoch of a phase; NaN for what was not measured then. */
export interface EpochRow {
  seed: number;
  phase: string;
  kind: PhaseKind;
  history: History;
  /** The λ that the phase stays at; NaN in a sweep. */
  target: number;
  lambda: number;
  /** Epochs done in this phase, from 1. */
  epoch: number;
  learning_rate: number;
  /** Cross-entropy of the noisy labels, nats. */
  loss: number;
  /** Cosine of the angle between the noisy and the clean gradient. */
  cosine: number;
  noisy_norm: number;
  clean_norm: number;
  /** On the test images, where they were looked at. */
  test_error: number;
  /** Share of the time that training waited for images. */
  data_share: number;
}
