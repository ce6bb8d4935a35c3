// Watching a training: a progress reporter that hands on what it hears, and shows the losses so far as rows of metrics.
import type { ProgressMetrics, ProgressReporter } from "../../../io";
import type { MetricsRow } from "../../../train";

/** Redrawing a figure more often would be work that nobody sees. */
const REDRAW_MS = 1000;

/**
 * Makes a progress reporter that hands on what it hears, and shows the losses so far as rows of metrics.
 *
 * @param progress a reporter that is told as well
 * @param show is given the rows so far, at most once a second and at the end
 * @param options.epochs the length of the training: its steps are a share of them
 * @example
 * import { booleanWorld, silentProgress } from "dolab";
 * const seen: number[] = [];
 * const reporter = booleanWorld.watchLoss(silentProgress, (rows) => seen.push(rows.length), { epochs: 2 });
 * const bar = reporter(100);
 * bar.update(50, { loss: 1 });
 * bar.finish({ loss: 0.5 });
 * seen; // => [1, 2]
 */
export function watchLoss(
  progress: ProgressReporter,
  show: (rows: MetricsRow[]) => void,
  { epochs }: { epochs: number },
): ProgressReporter {
  return (total, options) => {
    const bar = progress(total, options);
    const started = performance.now();
    const rows: MetricsRow[] = [];
    let heard: ProgressMetrics | undefined;
    let drawn = Number.NEGATIVE_INFINITY;
    const hear = (step: number, metrics: ProgressMetrics | undefined, last: boolean) => {
      if (metrics && metrics !== heard) {
        heard = metrics;
        const numbers = Object.entries(metrics).filter(([, value]) => typeof value === "number");
        const values = Object.fromEntries(numbers) as Record<string, number>;
        const seconds = (performance.now() - started) / 1000;
        rows.push({ step, epoch: (step / total) * epochs, seconds, values });
      }
      const now = performance.now();
      if (rows.length === 0 || (!last && now - drawn < REDRAW_MS)) return;
      show(rows.slice());
      drawn = now;
    };
    return {
      update(done, metrics) {
        bar.update(done, metrics);
        hear(done, metrics, false);
      },
      finish(metrics) {
        bar.finish(metrics);
        hear(total, metrics, true);
      },
      fail: (reason) => bar.fail(reason),
    };
  };
}
