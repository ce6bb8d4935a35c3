// Where generalisation breaks, value by value: the share of held-out states for which each value of the answer is right, against
// the share of states that was held-out; beside it, what copying from the nearest states would give.
import { colours } from "../../colours";
import { axisSuffix, spans } from "../../panels";
import type { PlotlyFigure } from "../../result-file";
import { panelTitle } from "../figures/heat-map";
import { sweepPartsTable } from "./sweep-table";
import type { TrialRow, TrialWorld } from "./trials";

const panels = [
  { title: "as the model says it", key: "right" },
  { title: "copied from the nearest states read", key: "neighbours_right" },
] as const;

const hues = ["blue", "vermillion", "green", "purple", "sky"] as const;

/**
 * Draws a world's sweep value by value: lines are means over trainings. An output's colour is the same for every world, and so
 * are those of sums.
 *
 * @param rows the sweep's trainings, all or some
 * @param options the world that is shown, and a title
 * @example
 * import { booleanWorld } from "dolab";
 * const run = booleanWorld.referenceRun();
 * booleanWorld.sweepPartsFigure(run.rows, { world: "document" }).data.length; // => 14
 */
export function sweepPartsFigure(
  rows: readonly TrialRow[],
  { world, title = `Right values in states that were never read: the ${world} world` }: SweepPartsOptions,
): PlotlyFigure {
  const table = sweepPartsTable(rows.filter((row) => row.world === world));
  const values = [...new Set(table.map(({ value }) => value))];
  const across = spans(panels.length, 0.06);
  const layout: Record<string, unknown> = {
    title: { text: title },
    margin: { t: 80 },
    yaxis: { title: { text: "right, of held-out states" }, tickformat: ".0%", range: [0, 1.03] },
    annotations: panels.map((panel, i) => panelTitle(panel.title, { x: across[i], y: [0, 1.02] })),
  };
  const data = panels.flatMap(({ key }, panel) => {
    layout[`xaxis${axisSuffix(panel)}`] = {
      title: { text: "held-out states" },
      tickformat: ".0%",
      rangemode: "tozero",
      domain: across[panel],
      anchor: "y",
    };
    return values.map((value) => {
      const line = table.filter((row) => row.value === value);
      return {
        type: "scatter",
        mode: "lines+markers",
        name: value,
        legendgroup: value,
        cliponaxis: false,
        xaxis: `x${axisSuffix(panel)}`,
        yaxis: "y",
        showlegend: panel === 0,
        x: line.map(({ excluded, states }) => excluded / states),
        y: line.map((row) => row[key]),
        ...lookOf(value, values),
        text: line.map(({ excluded, states }) => `${excluded} of ${states}`),
        hovertemplate: `%{text} left out: %{y:.0%}<extra>${value}</extra>`,
      };
    });
  });
  return { data, layout };
}

export interface SweepPartsOptions {
  world: TrialWorld;
  title?: string;
}

function lookOf(value: string, values: readonly string[]) {
  if (value === "whole answer")
    return { line: { color: colours.grey, width: 4 }, marker: { color: colours.grey, size: 10 } };
  const isSum = (name: string) => /^sum\d*$/.test(name);
  const place = values.filter((name) => isSum(name) === isSum(value)).indexOf(value);
  const color = isSum(value) ? colours.orange : colours[hues[place % hues.length]];
  const symbol = isSum(value) ? (["square", "diamond"] as const)[place % 2] : "circle";
  return { line: { color, width: 2 }, marker: { color, size: 8, symbol } };
}
