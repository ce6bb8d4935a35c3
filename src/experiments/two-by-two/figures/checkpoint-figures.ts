// The figures of one checkpoint, as plain Plotly specifications: the four of source document 001 (drift histogram, lam1
// by cell, drift against lam1, median spectrum), its threshold sweep drawn, and the bootstrap intervals.
import { createRandom } from "../../../random";
import { colours } from "../../colours";
import type { PlotlyFigure } from "../../result-file";
import type { Analysis } from "../analysis/analyze";
import { type CellName, cellNames, cellTitles } from "../analysis/cells";
import type { IntervalRow } from "../analysis/intervals";
import { gather, largestExponents } from "../analysis/questions";
import type { SweepRow } from "../analysis/sweep";

export const cellColours: Record<CellName, string> = {
  A_conv_correct: colours.green,
  B_conv_wrong: colours.orange,
  C_nonconv_correct: colours.blue,
  D_nonconv_wrong: colours.vermillion,
};

const driftAxis = "log₁₀ late drift of z<sub>H</sub> (mean of the last 4 ACT steps)";
const exponentAxis = "λ₁ (nats per ACT step)";
/** Where two panels side by side begin and end, with room for the right one's axis title between them. */
export const leftPanel = [0, 0.42];
export const rightPanel = [0.58, 1];
const histogramBins = 59; // the document's np.linspace(min, max, 60)

/**
 * Draws the late drift of correct and of wrong samples, and where Otsu's threshold falls between the modes.
 *
 * @param analysis what `analyze` gave of the checkpoint
 * @param tag the checkpoint's name, for the title
 * @example
 * import { synthesizeDiagnostics, twoByTwo } from "dolab";
 * const diagnostics = synthesizeDiagnostics({ seed: 1, samples: 64 });
 * const analysis = twoByTwo.analyze(diagnostics, { source: "synthetic" });
 * const [right, wrong] = twoByTwo.driftHistogram(analysis, "mine").data;
 * right.name; // => "correct (n = 34)"
 */
export function driftHistogram(analysis: Analysis, tag: string): PlotlyFigure {
  const { diagnostics, split } = analysis;
  const [start, end] = extent(split.logDrift);
  const trace = (answer: "correct" | "wrong") => {
    const values = split.logDrift.filter(
      (_, sample) => Boolean(diagnostics.correct[sample]) === (answer === "correct"),
    );
    return {
      type: "histogram",
      x: values,
      name: `${answer} (n = ${values.length})`,
      marker: { color: colours[answer] },
      opacity: 0.6,
      autobinx: false,
      xbins: { start, end, size: (end - start) / histogramBins },
      hovertemplate: "log₁₀ d %{x}<br>%{y} samples<extra>%{fullData.name}</extra>",
    };
  };
  return {
    data: [trace("correct"), trace("wrong")],
    layout: {
      title: { text: `${tag}: late drift by correctness` },
      barmode: "overlay",
      xaxis: { title: { text: driftAxis } },
      yaxis: { title: { text: "samples" } },
      ...thresholdLine(split.threshold),
    },
  };
}

/**
 * Draws the largest exponent of each sample, by cell, with each cell's median.
 *
 * @param analysis what `analyze` gave of the checkpoint
 * @param tag the checkpoint's name, for the title
 * @example
 * import { synthesizeDiagnostics, twoByTwo } from "dolab";
 * const diagnostics = synthesizeDiagnostics({ seed: 1, samples: 64 });
 * const analysis = twoByTwo.analyze(diagnostics, { source: "synthetic" });
 * twoByTwo.exponentByCell(analysis, "mine").data[0].name; // => "A: converged, correct"
 */
export function exponentByCell(analysis: Analysis, tag: string): PlotlyFigure {
  const { diagnostics, split, results } = analysis;
  const lam1 = largestExponents(diagnostics);
  const rng = createRandom(0); // only spreads the dots sideways
  const filled = cellNames.filter((name) => split.cells[name].length > 0);
  const place = (name: CellName) => cellNames.indexOf(name);
  return {
    data: filled.map((name) => ({
      type: "scatter",
      mode: "markers",
      name: cellTitles[name],
      x: Float64Array.from(split.cells[name], () => place(name) + 0.36 * (rng.uniform() - 0.5)),
      y: gather(lam1, split.cells[name]),
      marker: { color: cellColours[name], size: 4, opacity: 0.4 },
      hovertemplate: "λ₁ %{y:.4f}<extra>%{fullData.name}</extra>",
      showlegend: false,
    })),
    layout: {
      title: { text: `${tag}: λ₁ in each cell (bar: median)` },
      xaxis: {
        tickvals: cellNames.map(place),
        ticktext: cellNames.map(
          (name) => `${cellTitles[name].replace(": ", "<br>")}<br>n = ${split.cells[name].length}`,
        ),
        range: [-0.5, 3.5],
        showgrid: false,
        zeroline: false,
      },
      yaxis: { title: { text: exponentAxis }, zeroline: true },
      shapes: filled.map((name) => {
        const median = results.cells[name].lam1_median;
        const [x0, x1] = [place(name) - 0.3, place(name) + 0.3];
        return { type: "line", x0, x1, y0: median, y1: median, line: { color: cellColours[name], width: 3 } };
      }),
    },
  };
}

/**
 * Draws late drift against the largest exponent, by correctness.
 *
 * @param analysis what `analyze` gave of the checkpoint
 * @param tag the checkpoint's name, for the title
 * @example
 * import { synthesizeDiagnostics, twoByTwo } from "dolab";
 * const diagnostics = synthesizeDiagnostics({ seed: 1, samples: 64 });
 * const analysis = twoByTwo.analyze(diagnostics, { source: "synthetic" });
 * const [right] = twoByTwo.driftScatter(analysis, "mine").data;
 * right.x.length; // => 34
 */
export function driftScatter(analysis: Analysis, tag: string): PlotlyFigure {
  const { diagnostics, split } = analysis;
  const lam1 = largestExponents(diagnostics);
  const trace = (answer: "correct" | "wrong") => {
    const kept = (_: number, sample: number) =>
      Boolean(diagnostics.correct[sample]) === (answer === "correct");
    return {
      type: "scatter",
      mode: "markers",
      name: answer,
      x: split.logDrift.filter(kept),
      y: lam1.filter(kept),
      marker: { color: colours[answer], size: 5, opacity: 0.5 },
      hovertemplate: "log₁₀ d %{x:.2f}<br>λ₁ %{y:.4f}<extra>%{fullData.name}</extra>",
    };
  };
  return {
    data: [trace("correct"), trace("wrong")],
    layout: {
      title: { text: `${tag}: late drift against λ₁` },
      xaxis: { title: { text: driftAxis } },
      yaxis: { title: { text: exponentAxis }, zeroline: true },
      ...thresholdLine(split.threshold),
    },
  };
}

/**
 * Draws the median Lyapunov spectrum of each cell with at least three samples.
 *
 * @param analysis what `analyze` gave of the checkpoint
 * @param tag the checkpoint's name, for the title
 * @example
 * import { synthesizeDiagnostics, twoByTwo } from "dolab";
 * const diagnostics = synthesizeDiagnostics({ seed: 1, samples: 64 });
 * const analysis = twoByTwo.analyze(diagnostics, { source: "synthetic" });
 * const [first] = twoByTwo.medianSpectrum(analysis, "mine").data;
 * first.name; // => "A: converged, correct (n = 28)"
 */
export function medianSpectrum(analysis: Analysis, tag: string): PlotlyFigure {
  const { results } = analysis;
  const filled = cellNames.filter((name) => results.cells[name].n >= 3);
  return {
    data: filled.map((name) => {
      const spectrum = results.cells[name].spectrum_median ?? [];
      return {
        type: "scatter",
        mode: "lines+markers",
        name: `${cellTitles[name]} (n = ${results.cells[name].n})`,
        x: spectrum.map((_, index) => index + 1),
        y: spectrum,
        line: { color: cellColours[name] },
        hovertemplate: "λ<sub>%{x}</sub> %{y:.4f}<extra>%{fullData.name}</extra>",
      };
    }),
    layout: {
      title: { text: `${tag}: median Lyapunov spectrum of each cell` },
      xaxis: { title: { text: "exponent i" }, dtick: 1 },
      yaxis: { title: { text: "median λ<sub>i</sub> (nats per ACT step)" }, zeroline: true },
    },
  };
}

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

const extent = (values: Float64Array | readonly number[]) =>
  Array.from(values).reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  );

function thresholdLine(threshold: number) {
  const line = { dash: "dash", width: 1.5 };
  const text = `Otsu τ = ${threshold.toFixed(2)}`;
  return {
    shapes: [{ type: "line", x0: threshold, x1: threshold, y0: 0, y1: 1, yref: "paper", line }],
    annotations: [{ x: threshold, y: 1, yref: "paper", yanchor: "bottom", showarrow: false, text }],
  };
}
