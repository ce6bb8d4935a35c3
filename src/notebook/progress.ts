// A progress bar in the running cell: one output that is redrawn in place, at most eight times a second however often
// it is updated, and that keeps its last state. `track` walks through a list with such a bar.
import crypto from "node:crypto";
import type { Progress, ProgressOptions, ProgressReporter } from "../io/progress-reporter";
import { display, interruptSignal } from "./display";
import { escapeHtml } from "./escape-html";
import { ProgressMeter, type ProgressState } from "./progress-meter";

const redrawMs = 125;
/** A loop that never awaits would hold back all output, and the user's interrupt: `track` pauses at least this often. */
const yieldMs = 25;

/**
 * Starts a bar in the running cell. Interrupting the cell marks it.
 *
 * @param total units to do; Infinity where nobody knows
 * @param options its label, the name of its unit, how much is done already, and a signal that marks it as interrupted
 * @throws {RangeError} for a negative total or NaN
 * @example
 * import { progress } from "dolab";
 * const losses = [0.4, 0.2, 0.1];
 * const bar = progress(losses.length, { label: "Training", unit: "steps" });
 * losses.forEach((loss, step) => bar.update(step + 1, { loss }));
 * bar.finish(); // => undefined
 */
export const progress: ProgressReporter = (total, options = {}) => {
  const meter = new ProgressMeter(total, options);
  const displayId = `dolab-progress-${crypto.randomUUID()}`;
  const show = (update: boolean) => display(progressBundle(meter), { displayId, update });
  return drawnProgress(meter, {
    draw: () => show(true),
    signal: options.signal ?? interruptSignal(),
    start: () => show(false),
  });
};

/** The common life of a bar, wherever it is drawn. */
export function drawnProgress(
  meter: ProgressMeter,
  {
    start,
    draw,
    end = draw,
    signal,
  }: { start: () => void; draw: () => void; end?: () => void; signal?: AbortSignal },
): Progress {
  let drawn = performance.now();
  const close = (state: ProgressState, reason?: unknown) => {
    if (meter.state !== "running") return;
    signal?.removeEventListener("abort", interrupted);
    meter.end(state, reason);
    end();
  };
  const interrupted = () => close("interrupted");
  start();
  if (signal?.aborted) interrupted();
  else signal?.addEventListener("abort", interrupted);
  return {
    update(done, metrics) {
      if (meter.state !== "running") return;
      meter.advance(done, metrics);
      const now = performance.now();
      if (now - drawn < redrawMs) return;
      drawn = now;
      draw();
    },
    finish(metrics) {
      if (metrics && meter.state === "running") meter.metrics = metrics;
      close("finished");
    },
    fail: (reason) => close("failed", reason),
  };
}

export interface TrackOptions extends ProgressOptions {
  /** How many items there are, where the iterable itself does not tell. */
  total?: number;
}

/**
 * Walks through items under a progress bar. Between items the kernel gets time to send output and to hear the
 * interrupt, which ends the loop with the signal's reason.
 *
 * @param items anything that can be walked through; what has no length is counted without an end, unless `total` says it
 * @param options as those of `progress`
 * @throws {Error} the abort reason when interrupted
 * @example
 * import { track } from "dolab";
 * let sum = 0;
 * for await (const value of track([1, 2, 3], { label: "Summing", unit: "values" })) sum += value;
 * sum; // => 6
 */
export async function* track<T>(
  items: Iterable<T> | AsyncIterable<T>,
  { total = lengthOf(items), signal = interruptSignal(), ...options }: TrackOptions = {},
): AsyncGenerator<T, void, undefined> {
  const bar = progress(total, { ...options, signal });
  let done = options.initial ?? 0;
  let paused = performance.now();
  let completed = false;
  try {
    for await (const item of items) {
      if (performance.now() - paused >= yieldMs) {
        await new Promise((resolve) => setImmediate(resolve));
        paused = performance.now();
      }
      signal.throwIfAborted();
      yield item;
      bar.update(++done);
    }
    completed = true;
  } catch (error) {
    bar.fail(error);
    throw error;
  } finally {
    if (completed) bar.finish();
    else bar.fail("stopped");
  }
}

const lengthOf = (items: object): number => {
  const { length, size } = items as { length?: number; size?: number };
  return length ?? size ?? Infinity;
};

const colourOf: Record<ProgressState, string> = {
  running: "var(--jp-brand-color1, #0072b2)",
  finished: "var(--jp-success-color1, #009e73)",
  failed: "var(--jp-error-color1, #d55e00)",
  interrupted: "var(--jp-warn-color1, #e69f00)",
};

/** The bar as an output. */
export function progressBundle(meter: ProgressMeter) {
  const { label = "Progress" } = meter.options;
  const percent = Number.isNaN(meter.fraction) ? null : (meter.fraction * 100).toFixed(1);
  const filled = percent ?? (meter.state === "running" ? "30" : "100");
  const value = percent === null ? "" : ` aria-valuenow="${percent}"`;
  const html =
    `<div class="dolab-progress" style="margin: 0.4em 0; max-width: 46em; font-size: 13px; font-variant-numeric: tabular-nums">` +
    `<div style="display: flex; flex-wrap: wrap; gap: 0 1em; justify-content: space-between">` +
    `<strong style="font-weight: 600">${escapeHtml(label)}</strong>` +
    `<span style="color: var(--jp-content-font-color2, inherit)">${meter.facts().map(escapeHtml).join(" · ")}</span></div>` +
    `<div role="progressbar" aria-label="${escapeHtml(label)}" aria-valuemin="0" aria-valuemax="100"${value} ` +
    `style="height: 4px; margin-top: 4px; border-radius: 2px; background: var(--jp-border-color2, rgba(128, 128, 128, 0.3)); overflow: hidden">` +
    `<div style="width: ${filled}%; height: 100%; background: ${colourOf[meter.state]}"></div></div></div>`;
  return { data: { "text/html": html, "text/plain": meter.line() }, metadata: {} };
}
