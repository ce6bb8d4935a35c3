// Early stopping (Prechelt 1998, "Early stopping - but when?"; here with patience, as in Keras and PyTorch Lightning): a
// run ends when a metric has not become better for so many rows that hold it. NaN is never better.
import type { PlainObject } from "../io";

export interface EarlyStopOptions {
  /** A metric of the evaluation, or of the step. */
  metric: string;
  /** How many values in a row may be no better than the best one before the run ends; at least 1. */
  patience: number;
  /** What better is: by default "min", lower. */
  mode?: "min" | "max";
}

export class EarlyStop {
  best: { step: number; value: number } | undefined;
  private since = 0;

  /** @param saved what `state` returned @throws {RangeError} for a patience below 1 or another mode */
  constructor(
    private readonly options: EarlyStopOptions,
    saved: PlainObject = {},
  ) {
    const { patience, mode = "min" } = options;
    if (!(patience >= 1))
      throw new RangeError(`Cannot stop early as patience is at least 1: got ${patience}`);
    if (mode !== "min" && mode !== "max")
      throw new RangeError(`Cannot stop early as mode is "min" or "max": got ${JSON.stringify(mode)}`);
    if (saved.metric !== options.metric) return; // another metric starts anew
    this.best = saved.best as typeof this.best;
    this.since = Number(saved.since);
  }

  get due(): boolean {
    return this.since >= this.options.patience;
  }

  observe(step: number, values: Readonly<Record<string, number>>): void {
    const value = values[this.options.metric];
    if (value === undefined) return;
    const sign = this.options.mode === "max" ? -1 : 1;
    const better = this.best === undefined || sign * (this.best.value - value) > 0;
    if (better && Number.isFinite(value)) [this.best, this.since] = [{ step, value }, 0];
    else this.since += 1;
  }

  state(): PlainObject {
    const { best, since } = this;
    return { metric: this.options.metric, since, ...(best ? { best } : {}) };
  }
}
