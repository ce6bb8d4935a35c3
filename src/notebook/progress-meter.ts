// What a progress bar knows: how far the work is, how fast it goes and when it will end. No drawing here.
import type { ProgressMetrics, ProgressOptions } from "../io/progress-reporter";
import { formatDuration } from "./format-duration";
import { formatNumber } from "./format-numbers";

export type ProgressState = "running" | "finished" | "failed" | "interrupted";

/** The rate is taken over this many last seconds, so that it follows the work yet does not jump. */
const windowSeconds = 15;

export class ProgressMeter {
  state: ProgressState = "running";
  done: number;
  metrics: ProgressMetrics = {};
  reason = "";
  private readonly started: number;
  private ended?: number;
  private readonly samples: { seconds: number; done: number }[];

  /**
   * @param total units to do; Infinity where nobody knows
   * @param clock milliseconds
   * @throws {RangeError} for a negative total or NaN
   */
  constructor(
    readonly total: number,
    readonly options: ProgressOptions = {},
    private readonly clock: () => number = () => performance.now(),
  ) {
    if (!(total >= 0)) {
      throw new RangeError(`Cannot show progress as the total must be a number of at least 0: got ${total}`);
    }
    this.done = options.initial ?? 0;
    this.started = clock();
    this.samples = [{ seconds: 0, done: this.done }];
  }

  get elapsedSeconds(): number {
    return ((this.ended ?? this.clock()) - this.started) / 1000;
  }

  /** Units a second, NaN while unknown; over the whole run once it has ended. */
  get rate(): number {
    const from = this.state === "running" ? this.samples[0] : { seconds: 0, done: this.options.initial ?? 0 };
    const seconds = this.elapsedSeconds - from.seconds;
    return seconds > 0 && this.done > from.done ? (this.done - from.done) / seconds : NaN;
  }

  /** NaN while unknown. */
  get remainingSeconds(): number {
    return (this.total - this.done) / this.rate;
  }

  /** From 0 to 1, NaN where the total is unknown. */
  get fraction(): number {
    if (this.total === Infinity) return NaN;
    return this.total === 0 ? 1 : Math.min(Math.max(this.done / this.total, 0), 1);
  }

  advance(done: number, metrics?: ProgressMetrics) {
    this.done = done;
    if (metrics) this.metrics = metrics;
    const seconds = this.elapsedSeconds;
    const last = this.samples[this.samples.length - 1];
    if (seconds - last.seconds >= windowSeconds / 30) this.samples.push({ seconds, done });
    while (this.samples.length > 2 && seconds - this.samples[1].seconds > windowSeconds) this.samples.shift();
  }

  end(state: ProgressState, reason: unknown = "") {
    this.ended = this.clock();
    this.state = state;
    this.reason = reason instanceof Error ? reason.message : String(reason ?? "");
    if (state === "finished" && this.total !== Infinity) this.done = this.total;
  }

  /** Such as "1200/2000 steps", "60 %", "83 steps/s", "9.6 s left", "14 s", "loss 0.12": what applies, in this order. */
  facts(): string[] {
    const unit = this.options.unit ? ` ${this.options.unit}` : "";
    const known = this.total !== Infinity;
    const running = this.state === "running";
    return [
      `${this.done}${known ? `/${this.total}` : ""}${unit}`,
      known && this.state !== "finished" ? `${Math.floor(this.fraction * 100)} %` : "",
      Number.isNaN(this.rate) ? "" : formatRate(this.rate, this.options.unit),
      formatDuration(this.elapsedSeconds),
      running && Number.isFinite(this.remainingSeconds)
        ? `${formatDuration(this.remainingSeconds)} left`
        : "",
      ...Object.entries(this.metrics).map(
        ([name, value]) => `${name} ${typeof value === "number" ? formatNumber(value) : value}`,
      ),
      running || this.state === "finished" ? "" : `${this.state}${this.reason ? `: ${this.reason}` : ""}`,
    ].filter(Boolean);
  }

  /** One line with a bar of `width` characters, for text outputs and terminals. */
  line(width = 24): string {
    const label = this.options.label ? `${this.options.label}  ` : "";
    const filled = Math.floor(this.fraction * width);
    const bar =
      Number.isNaN(this.fraction) || width === 0
        ? ""
        : `${"█".repeat(filled)}${"░".repeat(width - filled)}  `;
    return `${label}${bar}${this.facts().join(" · ")}`;
  }
}

/** Slow work is better told in seconds a unit. */
function formatRate(rate: number, unit = "units"): string {
  const singular = unit.replace(/s$/, "");
  return rate >= 1 ? `${formatNumber(rate, 3)} ${unit}/s` : `${formatDuration(1 / rate)}/${singular}`;
}
