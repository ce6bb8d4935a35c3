// The figures of one checkpoint, as plain Plotly specifications: the four of source document 001 (drift histogram, lam1
// by cell, drift against lam1, median spectrum).
import { createRandom } from "../../../random";
import { colours } from "../../colours";
import type { PlotlyFigure } from "../../result-file";
import type { Analysis } from "../analysis/analyze";
import { type CellName, cellNames, cellTitles } from "../analysis/cells";
import { gather, largestExponents } from "../analysis/questions";

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

/** The least and the greatest value. */
export const extent = (values: Float64Array | readonly number[]) =>
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
