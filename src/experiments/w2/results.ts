// What a run finds, under the names of source document 000's W2_results.json, with our two arms beside them; and what each
// epoch of training measured.

export interface TrajectoryPoint {
  epoch: number;
  /** On the test images, from 0 to 1. */
  error: number;
}

/** One network after its jump. */
export interface Branch {
  source: "ordered" | "collapse";
  target_lambda: number;
  init_error: number;
  final_error: number;
  trajectory: TrajectoryPoint[];
}

export interface Intervention {
  target_lambda: number;
  ordered: Branch;
  collapse: Branch;
  /** Of the collapse branch over the ordered one. */
  final_gap: number;
}

/** A network without a history: trained from scratch at a target. */
export interface Control {
  target_lambda: number;
  init_error: number;
  final_error: number;
  trajectory: TrajectoryPoint[];
}

/** Test error at the end of each λ of a sweep, in its order: there and back. */
export interface Sweep {
  source: "ordered" | "collapse";
  points: { target_lambda: number; error: number }[];
}

export interface SeedResult {
  seed: number;
  interventions: Intervention[];
  ordered_init_error: number;
  collapse_init_error: number;
  /** Of training and evaluation, resumed parts included. */
  time_seconds: number;
  experiment_id: string;
  control: Control[];
  hysteresis: Sweep[];
  preset: string;
  data_source: string;
  /** When the seed was done, as ISO text. */
  date: string;
}

/** Means over one epoch of a phase; NaN for what was not measured then. */
export interface EpochRow {
  seed: number;
  phase: string;
  lambda: number;
  /** Epochs done in this phase, from 1. */
  epoch: number;
  learning_rate: number;
  /** Of noisy labels, nats. */
  loss: number;
  /** Between the noisy and the clean gradient. */
  cosine: number;
  noisy_norm: number;
  clean_norm: number;
  /** On the test images, where they were looked at. */
  test_error: number;
  /** Share of the time that training waited for images. */
  data_share: number;
}
