// What each model says would be observed if a causal variable were set, against the true system's answer.
import { colours } from "../../colours";
import { axisSuffix, spans } from "../../panels";
import type { PlotlyFigure } from "../../result-file";
import { modelKinds } from "../configuration";
import type { WscrlRun } from "../experiment";
import { modelTitles, unitAt } from "../tables";
import { looks } from "./looks";

/**
 * Draws what each model answers for the first held-out observation, a panel for each variable that is set: lines are one observed
 * feature against the value.
 *
 * @param run a run, finished or not
 * @param options.dimension the number of causal variables of the trainings that are shown
 * @param options.feature which observed feature, from 0
 * @example
 * import { wscrl } from "dolab";
 * const run = wscrl.referenceRun();
 * wscrl.answersFigure(run, { dimension: 2 }).layout.xaxis.title.text; // => "z1 is set to"
 */
export function answersFigure(
  run: Pick<WscrlRun, "rows">,
  { dimension, feature = 0 }: { dimension: number; feature?: number },
): PlotlyFigure {
  const rows = modelKinds.flatMap((model) => unitAt(run, { model, dimension }) ?? []);
  const places = spans(dimension, 0.05);
  const panel = (variable: number) => ({
    xaxis: `x${axisSuffix(variable)}`,
    yaxis: `y${axisSuffix(variable)}`,
  });
  const [first] = rows;
  const truth = first.evaluation.answers.examples.map(({ variable, values, truth: rowsOfTruth }) => ({
    type: "scatter",
    mode: "lines",
    name: "true system",
    legendgroup: "truth",
    showlegend: variable === 0,
    x: values,
    y: rowsOfTruth.map((row) => row[feature]),
    ...panel(variable),
    line: { color: colours.grey, width: 6 },
    opacity: 0.5,
    hovertemplate: "set to %{x}: %{y:.3f}<extra>true system</extra>",
  }));
  const answers = rows.flatMap(({ model, evaluation }) =>
    evaluation.answers.examples.map(({ variable, values, answered }) => ({
      type: "scatter",
      mode: "lines",
      name: modelTitles[model],
      legendgroup: model,
      showlegend: variable === 0,
      x: values,
      y: answered.map((row) => row[feature]),
      ...panel(variable),
      line: { color: looks[model].colour, width: 2 },
      hovertemplate: `set to %{x}: %{y:.3f}<extra>${modelTitles[model]}</extra>`,
    })),
  );
  return {
    data: [...truth, ...answers],
    layout: {
      title: {
        text: `What if a variable were set? Observed feature x${feature + 1} of one observation (synthetic pairs)`,
      },
      height: 480,
      margin: { t: 90 },
      ...Object.fromEntries(
        places.flatMap((place, variable) => [
          [
            `xaxis${axisSuffix(variable)}`,
            {
              domain: place,
              anchor: `y${axisSuffix(variable)}`,
              title: { text: `z${variable + 1} is set to` },
            },
          ],
          [
            `yaxis${axisSuffix(variable)}`,
            {
              anchor: `x${axisSuffix(variable)}`,
              ...(variable === 0
                ? { title: { text: `x${feature + 1} then` } }
                : { matches: "y", showticklabels: false }),
            },
          ],
        ]),
      ),
      annotations: places.map(([from, to], variable) => ({
        text: `<b>do(z${variable + 1})</b>`,
        x: (from + to) / 2,
        y: 1.02,
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
