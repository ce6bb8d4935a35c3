// Test error after the jump, a panel for each target: source document 000's figure, with the line at 0.40 that it draws, and
// where the control arm ended.
import { colours } from "../../colours";
import { axisSuffix } from "../../panels";
import type { PlotlyFigure } from "../../result-file";
import { cautiousTitle, type FigureName, looks, named, panels, type ShownRun } from "./figure-parts";

/** Where the document draws a line, without a word on why; its noise rate happens to be the same number. */
const guide = 0.4;

/**
 * Draws the test error after the jump, a panel for each target, and in each a line for each seed and history; control networks
 * end as dotted lines.
 *
 * @param run a run with interventions
 * @param options.name what the title calls the run, where it is not the one at hand
 * @example
 * import { w2 } from "dolab";
 * const { data } = w2.trajectoriesFigure(w2.publishedRun(), { name: "Published run" });
 * data.length === 3 * 3 * 2; // => true
 */
export function trajectoriesFigure(run: ShownRun, { name }: FigureName = {}): PlotlyFigure {
  const { results, configuration } = run;
  const { targets, interventionEpochs } = configuration;
  const domains = panels(targets.length);
  const shown = new Set<string>();
  const legend = (title: string) => {
    const showlegend = !shown.has(title);
    shown.add(title);
    return { name: title, legendgroup: title, showlegend };
  };
  const branches = targets.flatMap((target, panel) =>
    results.flatMap(({ seed, interventions }) =>
      interventions
        .filter(({ target_lambda }) => target_lambda === target)
        .flatMap(({ ordered, collapse }) => [ordered, collapse])
        .map(({ source, trajectory }) => ({
          type: "scatter",
          mode: "lines+markers",
          ...legend(looks[source].title),
          x: trajectory.map(({ epoch }) => epoch),
          y: trajectory.map(({ error }) => error),
          line: { color: looks[source].colour, width: 2 },
          marker: { symbol: looks[source].symbol, size: 7 },
          opacity: 0.75,
          ...axesOf(panel),
          hovertemplate: `epoch %{x}: error %{y:.3f}<extra>seed ${seed}, ${looks[source].title}</extra>`,
        })),
    ),
  );
  const controls = targets.flatMap((target, panel) =>
    results.flatMap(({ seed, control }) =>
      control
        .filter(({ target_lambda }) => target_lambda === target)
        .map(({ final_error }) => ({
          type: "scatter",
          mode: "lines",
          ...legend(`${looks.control.title}, its end`),
          x: [-1, interventionEpochs + 1],
          y: [final_error, final_error],
          ...axesOf(panel),
          line: { color: looks.control.colour, width: 2, dash: "dot" },
          hovertemplate: `error %{y:.3f}<extra>seed ${seed}, ${looks.control.title}</extra>`,
        })),
    ),
  );
  return {
    data: [...branches, ...controls],
    layout: {
      ...cautiousTitle(named("Test error after the jump to the same λ", name), run, { below: 18 }),
      ...Object.fromEntries(domains.flatMap((domain, panel) => panelAxes(domain, panel, interventionEpochs))),
      shapes: targets.map((_, panel) => ({
        type: "line",
        x0: 0,
        x1: 1,
        xref: `x${axisSuffix(panel)} domain`,
        yref: `y${axisSuffix(panel)}`,
        y0: guide,
        y1: guide,
        line: { color: colours.orange, dash: "dash", width: 1.5 },
      })),
      annotations: targets.map((target, panel) => panelTitle(domains[panel], `Intervention to λ=${target}`)),
    },
  };
}

const axesOf = (panel: number) => ({ xaxis: `x${axisSuffix(panel)}`, yaxis: `y${axisSuffix(panel)}` });

function panelAxes(domain: readonly number[], panel: number, epochs: number) {
  const suffix = axisSuffix(panel);
  const xaxis = {
    title: { text: "Epochs after intervention" },
    domain,
    anchor: `y${suffix}`,
    range: [-1, epochs + 1],
  };
  const yaxis = {
    anchor: `x${suffix}`,
    ...(panel === 0 ? { title: { text: "Test error" } } : { matches: "y" }),
  };
  return [
    [`xaxis${suffix}`, xaxis],
    [`yaxis${suffix}`, yaxis],
  ];
}

const panelTitle = ([left, right]: readonly number[], text: string) => ({
  text: `<b>${text}</b>`,
  x: (left + right) / 2,
  y: 1,
  xref: "paper",
  yref: "paper",
  yanchor: "bottom",
  xanchor: "center",
  showarrow: false,
});
