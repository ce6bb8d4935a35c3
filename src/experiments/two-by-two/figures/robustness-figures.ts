// How far the picture can be trusted: the sweep of the threshold, and bootstrap intervals of contrasts and AUCs.
import { colours } from "../../colours";
import type { PlotlyFigure } from "../../result-file";
import { cellNames, cellTitles } from "../analysis/cells";
import type { IntervalRow } from "../analysis/intervals";
import type { SweepRow } from "../analysis/sweep";
import { cellColours, extent, leftPanel, rightPanel } from "./checkpoint-figures";

/**
 * Draws whether the picture hangs on the threshold: cell counts and the exponents of wrong answers at each one of the sweep.
 *
 * @param rows as `sweepThreshold` gives them
 * @param tag the checkpoint's name, for the title
 * @example
 * import { synthesizeDiagnostics, twoByTwo } from "dolab";
 * const diagnostics = synthesizeDiagnostics({ seed: 1, samples: 64 });
 * const analysis = twoByTwo.analyze(diagnostics, { source: "synthetic" });
 * const figure = twoByTwo.sweepFigure(twoByTwo.sweepThreshold(analysis), "mine");
 * figure.data[0].x.length; // => 19
 */
export function sweepFigure(rows: readonly SweepRow[], tag: string): PlotlyFigure {
  const pct = rows.map((row) => row.pct);
  const counts = cellNames.map((name, index) => ({
    type: "bar",
    name: cellTitles[name],
    x: pct,
    y: rows.map((row) => [row.nA, row.nB, row.nC, row.nD][index]),
    marker: { color: cellColours[name] },
    hovertemplate: "%{y} samples<extra>%{fullData.name}</extra>",
  }));
  const medians = (["B_conv_wrong", "D_nonconv_wrong"] as const).map((name) => ({
    type: "scatter",
    mode: "lines+markers",
    name: `median λ₁, ${cellTitles[name]}`,
    x: pct,
    y: rows.map((row) => (name === "B_conv_wrong" ? row.lam1_med_B : row.lam1_med_D)),
    line: { color: cellColours[name] },
    showlegend: false,
    xaxis: "x2",
    yaxis: "y2",
    hovertemplate: "λ₁ %{y:.4f}<extra>%{fullData.name}</extra>",
  }));
  return {
    data: [...counts, ...medians],
    layout: {
      title: { text: `${tag}: what a different threshold would say` },
      barmode: "stack",
      hovermode: "x unified",
      legend: { traceorder: "normal" },
      xaxis: { title: { text: "threshold (percentile of log₁₀ d)" }, domain: leftPanel },
      yaxis: { title: { text: "samples" } },
      xaxis2: { title: { text: "threshold (percentile of log₁₀ d)" }, domain: rightPanel, anchor: "y2" },
      yaxis2: { title: { text: "median λ₁ of wrong answers (B, D)" }, zeroline: true, anchor: "x2" },
    },
  };
}

/**
 * Draws estimates with their bootstrap intervals: contrasts on the left, where 0 is no difference, and AUCs on the right, where
 * 0.5 is chance.
 *
 * @param rows as `bootstrapIntervals` gives them
 * @param tag the checkpoint's name, for the title
 * @example
 * import { createRandom, synthesizeDiagnostics, twoByTwo } from "dolab";
 * const diagnostics = synthesizeDiagnostics({ seed: 1, samples: 64 });
 * const analysis = twoByTwo.analyze(diagnostics, { source: "synthetic" });
 * const intervals = twoByTwo.bootstrapIntervals(analysis, { rng: createRandom(0), replicates: 20 });
 * const [contrasts, aucs] = twoByTwo.intervalsFigure(intervals, "mine").data;
 * aucs.x.length; // => 5
 */
export function intervalsFigure(rows: readonly IntervalRow[], tag: string): PlotlyFigure {
  const panel = (kind: IntervalRow["kind"], suffix: "" | "2") => {
    const shown = rows.filter((row) => row.kind === kind && !Number.isNaN(row.estimate)).reverse();
    return {
      type: "scatter",
      mode: "markers",
      x: shown.map((row) => row.estimate),
      y: shown.map((row) => row.question),
      error_x: {
        type: "data",
        symmetric: false,
        array: shown.map((row) => row.high - row.estimate),
        arrayminus: shown.map((row) => row.estimate - row.low),
        thickness: 2,
      },
      marker: { color: kind === "contrast" ? colours.blue : colours.purple, size: 8 },
      xaxis: `x${suffix}`,
      yaxis: `y${suffix}`,
      showlegend: false,
      hovertemplate: "%{x:.4f}<extra>%{y}</extra>",
    };
  };
  const reference = (x: number, xref: string, yref: string) => ({
    type: "line",
    x0: x,
    x1: x,
    y0: 0,
    y1: 1,
    xref,
    yref: `${yref} domain`,
    line: { dash: "dash", width: 1.5 },
  });
  return {
    data: [panel("contrast", ""), panel("auc", "2")],
    layout: {
      title: { text: `${tag}: contrasts and AUCs with bootstrap intervals` },
      xaxis: {
        title: { text: "difference of median λ₁ (nats per ACT step)" },
        range: withRoom(
          rows.filter(({ kind }) => kind === "contrast").flatMap(({ low, high }) => [low, high, 0]),
        ),
      },
      yaxis: { domain: [0.57, 1] },
      xaxis2: {
        title: { text: "AUC" },
        anchor: "y2",
        range: withRoom(
          rows.filter(({ kind }) => kind === "auc").flatMap(({ low, high }) => [low, high, 0.5]),
        ),
      },
      yaxis2: { domain: [0, 0.38], anchor: "x2" },
      shapes: [reference(0, "x", "y"), reference(0.5, "x2", "y2")],
    },
  };
}

/** A range that holds all values and 5 % more on either side. */
function withRoom(values: readonly number[]): number[] {
  const [low, high] = extent(values.filter((value) => !Number.isNaN(value)));
  return [low - 0.05 * (high - low), high + 0.05 * (high - low)];
}
