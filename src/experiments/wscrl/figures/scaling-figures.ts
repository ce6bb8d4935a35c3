// Figure 8 of Brehmer et al. 2022 for a run of ours, disentanglement against the number of causal variables, and how it comes
// about in training.
import { axisSuffix, spans } from "../../panels";
import type { PlotlyFigure } from "../../result-file";
import type { ModelKind } from "../configuration";
import type { WscrlRun } from "../experiment";
import { meanTable, modelTitles, rowsOf } from "../tables";
import { looks } from "./looks";

/**
 * Draws disentanglement against the number of causal variables: lines are means over seeds, error bars their bootstrap interval
 * where there are two seeds, and dots single trainings.
 *
 * @param run a run, finished or not
 * @param options.beside another run, drawn dashed, such as the reference run
 * @param options.name what the legend calls the run
 * @param options.besideName what the legend calls the other
 * @example
 * import { wscrl } from "dolab";
 * const run = wscrl.referenceRun();
 * wscrl.scalingFigure(run).layout.xaxis.title.text; // => "causal variables"
 */
export function scalingFigure(
  run: Pick<WscrlRun, "rows" | "configuration">,
  { beside, name = "this run", besideName = "reference run" }: ScalingFigureOptions = {},
): PlotlyFigure {
  const runs = [
    { run, name, dash: "solid", shift: 0 },
    ...(beside ? [{ run: beside, name: besideName, dash: "dot", shift: 0.08 }] : []),
  ];
  const traces = runs.flatMap((one) =>
    one.run.configuration.models.flatMap((model) => modelTraces(model, one, runs.length > 1)),
  );
  return {
    data: traces,
    layout: {
      title: { text: "Disentanglement against the number of causal variables (synthetic pairs)" },
      height: 520,
      xaxis: { title: { text: "causal variables" }, dtick: 1 },
      yaxis: {
        title: { text: "DCI disentanglement (1: each latent is one variable)" },
        range: [-0.03, 1.05],
      },
      legend: { orientation: "h", y: -0.2 },
    },
  };
}

export interface ScalingFigureOptions {
  beside?: Pick<WscrlRun, "rows" | "configuration">;
  name?: string;
  besideName?: string;
}

function modelTraces(
  model: ModelKind,
  {
    run,
    name,
    dash,
    shift,
  }: { run: Pick<WscrlRun, "rows" | "configuration">; name: string; dash: string; shift: number },
  isNamed: boolean,
) {
  const { colour, symbol, shift: own } = looks[model];
  const means = meanTable(run).filter((row) => row.model === model);
  const at = (dimension: number) => dimension + own + shift;
  const title = isNamed ? `${modelTitles[model]}, ${name}` : modelTitles[model];
  const rows = rowsOf(run, model);
  const known = (value: number, mean: number) => (Number.isNaN(value) ? 0 : Math.abs(value - mean));
  return [
    {
      type: "scatter",
      mode: "lines+markers",
      name: title,
      legendgroup: title,
      x: means.map(({ dimension }) => at(dimension)),
      y: means.map((row) => row.mean),
      error_y: {
        type: "data",
        symmetric: false,
        thickness: 1.5,
        width: 4,
        array: means.map(({ high, mean }) => known(high, mean)),
        arrayminus: means.map(({ low, mean }) => known(low, mean)),
      },
      line: { color: colour, dash, width: 2 },
      marker: { symbol, size: 9 },
      customdata: means.map(
        ({ dimension, seeds }) => `${dimension} variables, ${seeds} seed pair${seeds > 1 ? "s" : ""}`,
      ),
      hovertemplate: `%{y:.3f}<br>%{customdata}<extra>${title}</extra>`,
    },
    {
      type: "scatter",
      mode: "markers",
      name: `${title}: single trainings`,
      legendgroup: title,
      showlegend: false,
      x: rows.map(({ dimension }) => at(dimension)),
      y: rows.map(({ evaluation }) => evaluation.dci.disentanglement),
      marker: { color: colour, symbol: `${symbol}-open`, size: 6 },
      customdata: rows.map(({ modelSeed, dataSeed }) => `model seed ${modelSeed}, data seed ${dataSeed}`),
      hovertemplate: `%{y:.3f}<br>%{customdata}<extra>${title}</extra>`,
    },
  ];
}

/**
 * Draws disentanglement over the steps of each training, one panel a dimension; lines below mark where phases begin.
 *
 * @param run a run, finished or not
 * @example
 * import { wscrl } from "dolab";
 * const run = wscrl.referenceRun();
 * wscrl.curvesFigure(run).layout.title.text; // => "Disentanglement in training (synthetic pairs)"
 */
export function curvesFigure({
  rows,
  configuration,
}: Pick<WscrlRun, "rows" | "configuration">): PlotlyFigure {
  const { dimensions, models, trainPairs, batchSize } = configuration;
  const places = spans(dimensions.length, 0.06);
  const perEpoch = Math.floor(trainPairs / batchSize);
  const starts = [
    { epoch: configuration.interventionsAfter, text: "interventions" },
    { epoch: configuration.deterministicAfter, text: "likeliest alone" },
  ];
  const axes = dimensions.map((dimension, panel) => ({
    dimension,
    suffix: axisSuffix(panel),
    place: places[panel],
  }));
  const lines = axes.flatMap(({ suffix }) =>
    starts.map(({ epoch }) => ({
      type: "line",
      xref: `x${suffix}`,
      yref: "paper",
      x0: epoch * perEpoch,
      x1: epoch * perEpoch,
      y0: 0,
      y1: 1,
      line: { color: "#999999", dash: "dot", width: 1 },
    })),
  );
  return {
    data: axes.flatMap(({ dimension, suffix }, panel) =>
      models.flatMap((model) =>
        rows
          .filter((row) => row.model === model && row.dimension === dimension)
          .map(({ curve, modelSeed, dataSeed }, index) => ({
            type: "scatter",
            mode: "lines",
            name: modelTitles[model],
            legendgroup: model,
            showlegend: panel === 0 && index === 0,
            x: curve.map(({ step }) => step),
            y: curve.map(({ disentanglement }) => disentanglement),
            xaxis: `x${suffix}`,
            yaxis: `y${suffix}`,
            line: { color: looks[model].colour, width: 2 },
            hovertemplate: `step %{x}: %{y:.3f}<extra>${modelTitles[model]}, model seed ${modelSeed}, data seed ${dataSeed}</extra>`,
          })),
      ),
    ),
    layout: {
      title: { text: "Disentanglement in training (synthetic pairs)" },
      height: 460,
      ...Object.fromEntries(
        axes.flatMap(({ suffix, place }, panel) => [
          [`xaxis${suffix}`, { domain: place, anchor: `y${suffix}`, title: { text: "steps" } }],
          [
            `yaxis${suffix}`,
            {
              anchor: `x${suffix}`,
              range: [-0.03, 1.05],
              ...(panel === 0 ? { title: { text: "DCI disentanglement" } } : { matches: "y" }),
            },
          ],
        ]),
      ),
      shapes: lines,
      annotations: axes.map(({ dimension, place: [from, to] }) => ({
        text: `${dimension} variables`,
        x: (from + to) / 2,
        y: 1,
        xref: "paper",
        yref: "paper",
        xanchor: "center",
        yanchor: "bottom",
        showarrow: false,
      })),
      legend: { orientation: "h", y: -0.22 },
    },
  };
}
