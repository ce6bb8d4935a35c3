// The figure of source document 001's `evolution`: how full each cell is, and how stable, as training goes on.

import type { PlotlyFigure } from "../../result-file";
import { type CellName, cellNames, cellTitles } from "../analysis/cells";
import type { EvolutionRow } from "../analysis/evolution";
import { cellColours, leftPanel, rightPanel } from "./checkpoint-figures";

/**
 * Draws how the cells fill while a system trains: on the left each cell's share of the samples, on the right its median largest
 * exponent, with a gap where it has fewer than three samples.
 *
 * @param rows as `evolution` gives them
 * @param tag the system's name, for the title
 * @example
 * import { synthesizeDiagnostics, twoByTwo } from "dolab";
 * const diagnostics = synthesizeDiagnostics({ seed: 1, samples: 64 });
 * const rows = twoByTwo.evolution([{ step: "100", diagnostics }]);
 * twoByTwo.evolutionFigure(rows, "mine").data.length; // => 8
 */
export function evolutionFigure(rows: readonly EvolutionRow[], tag: string): PlotlyFigure {
  const steps = rows.map((row) => row.step);
  const trace = (name: CellName, index: number, quantity: "share" | "exponent") => {
    const shares = rows.map((row) => [row.fA, row.fB, row.fC, row.fD][index]);
    const exponents = rows.map((row) => [row.l1A, row.l1B, row.l1C, row.l1D][index]);
    const left = quantity === "share";
    return {
      type: "scatter",
      mode: "lines+markers",
      name: cellTitles[name],
      legendgroup: name,
      showlegend: left,
      x: steps,
      y: left ? shares : exponents,
      line: { color: cellColours[name] },
      ...(left ? {} : { xaxis: "x2", yaxis: "y2" }),
      hovertemplate: `${left ? "%{y:.1%}" : "λ₁ %{y:.4f}"}<extra>%{fullData.name}</extra>`,
    };
  };
  const steppedAxis = { title: { text: "training step" }, type: "category", tickangle: -45 };
  return {
    data: [
      ...cellNames.map((name, index) => trace(name, index, "share")),
      ...cellNames.map((name, index) => trace(name, index, "exponent")),
    ],
    layout: {
      title: { text: `${tag}: the four cells over training` },
      hovermode: "x unified",
      xaxis: { ...steppedAxis, domain: leftPanel },
      yaxis: { title: { text: "share of samples" }, rangemode: "tozero", tickformat: ".0%" },
      xaxis2: { ...steppedAxis, domain: rightPanel, anchor: "y2" },
      yaxis2: { title: { text: "median λ₁ (nats per ACT step)" }, zeroline: true, anchor: "x2" },
    },
  };
}
