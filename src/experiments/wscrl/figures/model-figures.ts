// What single trained models have learnt: which latent stands for which variable, which intervention a pair has, and which
// graph stands behind the solution functions.
import { colours } from "../../colours";
import { axisSuffix, spans } from "../../panels";
import type { PlotlyFigure } from "../../result-file";
import { type ModelKind, modelKinds } from "../configuration";
import type { GraphScores } from "../evaluation/evaluate-model";
import type { WscrlRun } from "../experiment";
import { modelTitles, unitAt } from "../tables";
import type { WscrlRow } from "../training/unit";

/** White to blue, so that a number in a cell can be read on it. */
const scale = [
  [0, "#ffffff"],
  [1, colours.blue],
];

export interface HeatPanel {
  title: string;
  /** [rows][columns] */
  values: number[][];
  rows: string[];
  columns: string[];
}

/** Heat maps side by side, their first row at the top, each cell with its number. */
export function heatPanels(
  panels: readonly HeatPanel[],
  { title, x, y, most }: { title: string; x: string; y: string; most: number },
): PlotlyFigure {
  const places = spans(panels.length, 0.1);
  return {
    data: panels.map(({ values, rows, columns }, panel) => ({
      type: "heatmap",
      z: values,
      x: columns,
      y: rows,
      zmin: 0,
      zmax: most,
      colorscale: scale,
      xaxis: `x${axisSuffix(panel)}`,
      yaxis: `y${axisSuffix(panel)}`,
      showscale: false,
      texttemplate: "%{z:.2f}",
      hovertemplate: "%{y}, %{x}: %{z:.4f}<extra></extra>",
      xgap: 1,
      ygap: 1,
    })),
    layout: {
      title: { text: title },
      height: 440,
      margin: { t: 90 },
      ...Object.fromEntries(
        panels.flatMap((_, panel) => [
          [
            `xaxis${axisSuffix(panel)}`,
            { domain: places[panel], anchor: `y${axisSuffix(panel)}`, title: { text: x }, type: "category" },
          ],
          [
            `yaxis${axisSuffix(panel)}`,
            {
              anchor: `x${axisSuffix(panel)}`,
              autorange: "reversed",
              type: "category",
              ...(panel === 0 ? { title: { text: y } } : {}),
            },
          ],
        ]),
      ),
      annotations: panels.map((panel, i) => ({
        text: `<b>${panel.title}</b>`,
        x: (places[i][0] + places[i][1]) / 2,
        y: 1.02,
        xref: "paper",
        yref: "paper",
        xanchor: "center",
        yanchor: "bottom",
        showarrow: false,
      })),
    },
  };
}

const variables = (count: number) => Array.from({ length: count }, (_, i) => `z${i + 1}`);

/** The models of a dimension that are done. */
const done = (run: Pick<WscrlRun, "rows">, dimension: number): WscrlRow[] =>
  modelKinds.flatMap((model) => unitAt(run, { model, dimension }) ?? []);

/**
 * Draws the importance matrices of the models; latents stand in the order of the variables that they match.
 *
 * @param run a run, finished or not
 * @param options.dimension the number of causal variables of the trainings that are shown
 * @example
 * import { wscrl } from "dolab";
 * const run = wscrl.referenceRun();
 * wscrl.importanceFigure(run, { dimension: 2 }).data.length; // => 3
 */
export function importanceFigure(
  run: Pick<WscrlRun, "rows">,
  { dimension }: { dimension: number },
): PlotlyFigure {
  const panels = done(run, dimension).map(({ model, evaluation: { dci, latentOf } }) => ({
    title: `${modelTitles[model]}: ${dci.disentanglement.toFixed(2)}`,
    values: latentOf.map((latent) => dci.importance[latent]),
    rows: latentOf.map((latent) => `latent ${latent + 1}`),
    columns: variables(dimension),
  }));
  const title = `How much each latent tells of each causal variable, ${dimension} variables (synthetic pairs)`;
  return heatPanels(panels, { title, x: "true causal variable", y: "latent", most: 1 });
}

/**
 * Draws the mean intervention posterior of pairs with the same true intervention, a panel for each model that has one.
 *
 * @param run a run, finished or not
 * @param options.dimension the number of causal variables of the trainings that are shown
 * @example
 * import { wscrl } from "dolab";
 * const run = wscrl.referenceRun();
 * wscrl.posteriorFigure(run, { dimension: 2 }).data[0].y; // => ["none", "z1", "z2"]
 */
export function posteriorFigure(
  run: Pick<WscrlRun, "rows">,
  { dimension }: { dimension: number },
): PlotlyFigure {
  const panels = done(run, dimension).flatMap(({ model, evaluation: { interventions } }) =>
    interventions
      ? [
          {
            title: `${modelTitles[model]}: right in ${(100 * interventions.accuracy).toFixed(1)} %`,
            values: interventions.posterior,
            rows: ["none", ...variables(dimension)],
            columns: ["none", ...variables(dimension).map((name) => `${name}'s latent`)],
          },
        ]
      : [],
  );
  const title = `Which intervention a pair had: mean posterior, ${dimension} variables (synthetic pairs)`;
  return heatPanels(panels, { title, x: "the model says", y: "true intervention", most: 1 });
}

/**
 * Draws the true graph beside the one behind a model's solution functions: edges are as wide as the causal effects.
 *
 * @param run a run, finished or not
 * @param options.dimension the number of causal variables of the trainings that are shown
 * @param options.model which model: by default the first one that has a graph
 * @throws {RangeError} where the run has no such training
 * @example
 * import { wscrl } from "dolab";
 * const run = wscrl.referenceRun();
 * wscrl.graphFigure(run, { dimension: 2 }).data[0].text; // => ["z1", "z2"]
 */
export function graphFigure(
  run: Pick<WscrlRun, "rows">,
  {
    dimension,
    model = done(run, dimension).find(({ evaluation }) => evaluation.graph)?.model ?? "ilcm",
  }: { dimension: number; model?: ModelKind },
): PlotlyFigure {
  const graph = unitAt(run, { model, dimension })?.evaluation.graph;
  if (!graph)
    throw new RangeError(
      `Cannot draw the graph as the run has no ${modelTitles[model]} of dimension ${dimension}`,
    );
  return graphPanels(graph, {
    names: variables(dimension),
    model,
    title: `The causal graph, ${dimension} variables (synthetic pairs)`,
  });
}

/** A true graph on the left, and what a model found on the right. @param options.names of the variables */
export function graphPanels(
  graph: Pick<GraphScores, "truth" | "effects" | "found" | "structuralHammingDistance">,
  { names, model, title }: { names: readonly string[]; model: ModelKind; title: string },
): PlotlyFigure {
  const places = spans(2, 0.08);
  const positions = names.map((_, i) => {
    const angle = Math.PI / 2 - (2 * Math.PI * i) / names.length;
    return { x: Math.cos(angle), y: Math.sin(angle) };
  });
  const sides = [
    { title: "true graph", edges: graph.truth, drawn: graph.truth },
    {
      title: `${modelTitles[model]}, distance ${graph.structuralHammingDistance}`,
      edges: graph.effects,
      drawn: graph.found,
    },
  ];
  return {
    data: sides.map((_, panel) => ({
      type: "scatter",
      mode: "markers+text",
      text: names.slice(),
      textfont: { color: "white", size: 13 },
      x: positions.map(({ x }) => x),
      y: positions.map(({ y }) => y),
      hoverinfo: "skip",
      showlegend: false,
      xaxis: `x${axisSuffix(panel)}`,
      yaxis: `y${axisSuffix(panel)}`,
      marker: { size: 36, color: colours.grey },
    })),
    layout: {
      title: { text: title },
      height: 460,
      margin: { t: 90 },
      ...Object.fromEntries(
        sides.flatMap((_, panel) => {
          const axis = { visible: false, range: [-1.4, 1.4] };
          return [
            [
              `xaxis${axisSuffix(panel)}`,
              { ...axis, domain: places[panel], anchor: `y${axisSuffix(panel)}` },
            ],
            [`yaxis${axisSuffix(panel)}`, { ...axis, anchor: `x${axisSuffix(panel)}` }],
          ];
        }),
      ),
      annotations: [
        ...sides.map(({ title }, panel) => ({
          text: `<b>${title}</b>`,
          x: (places[panel][0] + places[panel][1]) / 2,
          y: 1.02,
          showarrow: false,
          xref: "paper",
          yref: "paper",
          xanchor: "center",
          yanchor: "bottom",
        })),
        ...sides.flatMap(({ edges, drawn }, panel) =>
          edges.flatMap((row, i) =>
            row.flatMap((effect, j) => {
              if (!(effect > 0.01)) return [];
              const [from, to] = [positions[i], positions[j]];
              const isEdge = Boolean(drawn[i][j]);
              const wrong = panel === 1 && isEdge !== Boolean(graph.truth[i][j]);
              return [
                {
                  ax: from.x,
                  ay: from.y,
                  x: to.x,
                  y: to.y,
                  text: "",
                  showarrow: true,
                  standoff: 20,
                  axref: `x${axisSuffix(panel)}`,
                  ayref: `y${axisSuffix(panel)}`,
                  startstandoff: 20,
                  xref: `x${axisSuffix(panel)}`,
                  yref: `y${axisSuffix(panel)}`,
                  arrowhead: 2,
                  arrowsize: 0.8,
                  arrowwidth: panel === 0 ? 2 : Math.max(1, Math.min(5, 4 * effect)),
                  arrowcolor: wrong ? colours.vermillion : isEdge ? colours.blue : "#bbbbbb",
                  hovertext: `effect ${effect.toFixed(3)}`,
                },
              ];
            }),
          ),
        ),
      ],
    },
  };
}
