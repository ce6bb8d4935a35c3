// The types of what `train` takes and returns.
import type { PlainObject, ProgressReporter } from "../io";
import type { NamedVariables } from "./checkpoint";
import type { Resume } from "./checkpoint-folder";
import type { EarlyStopOptions } from "./early-stop";
import type { MetricsRow } from "./metrics-log";
import type { StepResult } from "./step-metrics";

/** Where a run is when it takes a step. */
export interface StepPlace {
  /** Steps done before this one: 0, 1, ... */
  step: number;
  /** Epochs done before: 0, 1, ...; 0 throughout where the run has none. */
  epoch: number;
  /** The place of the step within its epoch: 0, 1, ... */
  batch: number;
  /** Two int32 words made of the run's seed and the step, for `statelessUniform` and its like. */
  seed: [number, number];
}

export interface EvaluateOptions {
  /** Steps between evaluations; there is one after the last step too. */
  every: number;
  /** @param place steps and epochs done @returns numbers under names that no metric of the step has */
  run: (place: { step: number; epoch: number }) => Promise<Record<string, number>> | Record<string, number>;
}

export interface CheckpointOptions {
  /** Steps between checkpoints. */
  every?: number;
  /** Minutes between checkpoints; 5 where `every` is not given either. */
  everyMinutes?: number;
  /** How many of the newest are kept: by default 2. */
  keep?: number;
  /** Steps after which there is a checkpoint that is kept for ever. */
  keepSteps?: readonly number[];
}

/** State of the caller's own that a checkpoint takes up, such as that of a generator. */
export interface CallerState {
  /** Returns the state as plain data. */
  save(): PlainObject;
  /** Takes a state over, or throws and changes nothing. */
  restore(saved: PlainObject): void;
}

export interface TrainOptions {
  /** Everything that a step changes and a checkpoint holds, by name: weights, running statistics, optimiser. */
  variables: NamedVariables;
  /** Steps in all; or give `epochs`. */
  steps?: number;
  /** Epochs in all, of `stepsPerEpoch` steps. */
  epochs?: number;
  /** Where it is absent, the whole run is one epoch without an end. */
  stepsPerEpoch?: number;
  /**
   * Takes one step. It runs within `tf.tidy`, and depends on nothing that changes but its arguments, the variables and
   * the caller's `state`: then a resumed run ends as an uninterrupted one.
   */
  step: (place: StepPlace) => StepResult;
  /** An integer from 0 to 2^53 - 1. */
  seed: number;
  /** Where checkpoints and metrics.jsonl are kept; nothing is kept where it is absent. One process trains in it. */
  folder?: string;
  /**
   * What decides the run, as plain data; a checkpoint of another one is refused. So is one whose optimisers, learning rates or
   * compiled steps were others. Without `config` the first step is taken once more, on copies of all variables, before a run goes
   * on or is found to be over: where it computes something else or takes other tensors, the checkpoint is refused.
   */
  config?: object;
  state?: CallerState;
  /** Steps between rows of the step's metrics, which are means over these steps: by default 10. */
  log?: { every?: number };
  evaluate?: EvaluateOptions;
  earlyStop?: EarlyStopOptions;
  checkpoint?: CheckpointOptions;
  /**
   * By default "auto": from the newest checkpoint if any, else from the start. "previous" and a step go back: the
   * checkpoints and metrics after that step are removed. "never" refuses a folder with checkpoints.
   */
  resume?: Resume;
  /** Whether resume: "never" may remove the checkpoints and metrics that the folder holds. */
  replace?: boolean;
  /** What a metric that is NaN or infinite, or a variable that holds NaN at a checkpoint, does: by default, it stops. */
  nonFinite?: "stop" | "continue";
  /** Shows how far the run is; by default nobody is told. */
  progress?: ProgressReporter;
  /** What the progress bar says. */
  label?: string;
  /** Pauses the run when it aborts. */
  signal?: AbortSignal;
}

export interface TrainOutcome {
  status: "finished" | "paused" | "stopped early";
  /** Steps done. */
  step: number;
  /** All rows, those from before a resume among them. */
  metrics: readonly MetricsRow[];
  /** File of the newest checkpoint, where there is a folder. */
  checkpoint?: string;
  /** Where early stopping watched a metric: its best value and the steps done then. */
  best?: { step: number; value: number };
  /** Time of training in all, that before a resume included. */
  seconds: number;
}
