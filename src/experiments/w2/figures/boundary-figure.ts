// Where is the boundary? Test error against λ, with the authors' curve behind it: the same question at their width, learning
// rate and images.
import { colours } from "../../colours";
import type { PlotlyFigure } from "../../result-file";
import type { DecidingConfiguration } from "../configuration";
import { publishedBoundary } from "../published-run";
import { type BoundaryPoint, type BoundaryRow, boundaryCurve, criticalLambda } from "../results/boundary";
import { learningRateOf } from "../training/learning-rate";
import { titleOf } from "./figure-parts";

/** A curve that is drawn behind this run's, such as that of a longer run. */
export interface NamedCurve {
  name: string;
  curve: readonly BoundaryPoint[];
}

/**
 * Draws the test error of fresh networks against λ: lines are means over seeds, dots single seeds, dotted lines the λs of the
 * two checkpoints, dashed ones the document's thresholds.
 *
 * @param run a run, with a row for each fresh network
 * @param options.beside another run's curve
 * @example
 * import { w2 } from "dolab";
 * const { configuration } = w2.publishedRun();
 * const boundary = w2.publishedBoundary.map((point) => ({ seed: 0, ...point }));
 * const beside = w2.referenceBoundary();
 * w2.boundaryFigure({ boundary, configuration }, { beside }).layout.xaxis.title.text; // => "λ, the weight of the clean gradient"
 */
export function boundaryFigure(
  run: { boundary: readonly BoundaryRow[]; configuration: DecidingConfiguration },
  { beside }: { beside?: NamedCurve } = {},
): PlotlyFigure {
  const { boundary, configuration } = run;
  const { orderedLambda, collapseLambda, orderedThreshold, collapseThreshold, width } = configuration;
  const curve = boundaryCurve(boundary);
  const critical = criticalLambda(curve, collapseThreshold);
  const own = `this run: width ${width}, learning rate ${learningRateOf(configuration).toPrecision(2)}`;
  const line = (name: string, points: readonly BoundaryPoint[], look: object) => ({
    type: "scatter",
    mode: "lines+markers",
    name,
    x: points.map(({ lambda }) => lambda),
    y: points.map(({ error }) => error),
    hovertemplate: `λ=%{x}: error %{y:.3f}<extra>${name}</extra>`,
    ...look,
  });
  const behind = (colour: string, symbol: string) => ({
    line: { color: colour, width: 2, dash: "dash" },
    marker: { symbol, size: 7 },
  });
  const upright = (lambda: number, colour: string) => ({
    type: "line",
    x0: lambda,
    x1: lambda,
    y0: 0,
    y1: 1,
    yref: "paper",
    line: { color: colour, width: 2, dash: "dot" },
  });
  const level = (error: number, colour: string) => ({
    type: "line",
    x0: 0,
    x1: 1,
    xref: "paper",
    y0: error,
    y1: error,
    line: { color: colour, width: 1, dash: "dash" },
  });
  const label = (lambda: number, text: string, colour: string) => ({
    x: lambda,
    y: 1,
    yref: "paper",
    yanchor: "bottom",
    text,
    showarrow: false,
    font: { color: colour },
  });
  const where = Number.isNaN(critical)
    ? "no λ of this run crosses the collapse threshold"
    : `this run crosses the collapse threshold at λ = ${critical.toFixed(2)}`;
  return {
    data: [
      line(
        "published: width 64, learning rate 0.1, CIFAR-10",
        publishedBoundary,
        behind(colours.purple, "diamond"),
      ),
      ...(beside ? [line(beside.name, beside.curve, behind(colours.sky, "square"))] : []),
      {
        type: "scatter",
        mode: "markers",
        name: "single seeds",
        showlegend: boundary.length > curve.length,
        x: boundary.map(({ lambda }) => lambda),
        y: boundary.map(({ error }) => error),
        marker: { color: colours.orange, size: 6, opacity: 0.7 },
        hovertemplate: "λ=%{x}: error %{y:.3f}<extra>single seed</extra>",
      },
      line(own, curve, { line: { color: colours.green, width: 3 }, marker: { size: 8 } }),
    ],
    layout: {
      ...titleOf(`Where is the boundary? ${where[0].toUpperCase()}${where.slice(1)}`, configuration, {
        below: 18,
      }),
      xaxis: { title: { text: "λ, the weight of the clean gradient" } },
      yaxis: { title: { text: "Test error after training from scratch" }, rangemode: "tozero" },
      shapes: [
        upright(orderedLambda, colours.ordered),
        upright(collapseLambda, colours.collapse),
        level(orderedThreshold, colours.ordered),
        level(collapseThreshold, colours.collapse),
      ],
      annotations: [
        label(orderedLambda, `ordered: ${orderedLambda}`, colours.ordered),
        label(collapseLambda, `collapse: ${collapseLambda}`, colours.collapse),
      ],
    },
  };
}
