// Why the branches part, or do not: how far the gradient of the noisy labels points the way of the clean one, and how long
// both are, epoch by epoch; left while the checkpoints are made, right after the jump to one target.
import { mean } from "../../../stats";
import type { PlotlyFigure } from "../../result-file";
import type { W2Run } from "../experiment";
import type { EpochRow } from "../results/seed-result";
import { checkpointNames, type History } from "../training/phases";
import { looks, panels, titleOf } from "./figure-parts";

const lengths = [-3, -2, -1, 0, 1, 2].flatMap((power) => [1, 2, 5].map((digit) => digit * 10 ** power)); // on the axis

/** The two lengths in the lower panels. */
const norms = [
  { key: "noisy_norm", title: "noisy gradient |g<sub>s</sub>|", dash: "solid" },
  { key: "clean_norm", title: "clean gradient |g<sub>v</sub>|", dash: "dash" },
] as const;

/**
 * Draws how far the gradient of the noisy labels points the way of the clean one, and how long both are, as means over seeds:
 * left while the checkpoints are made, right after a jump.
 *
 * @param run a run with measurements of epochs
 * @param options.target which jump the right panels show: by default, the one in the middle
 * @example
 * import { w2 } from "dolab";
 * const run = w2.loadRun("results/reference/w2-generated");
 * w2.directionsFigure(run).layout.title.text; // => "Do the two gradients agree?"
 */
export function directionsFigure(
  run: Pick<W2Run, "epochs" | "configuration">,
  { target = middleOf(run.configuration.targets) }: { target?: number } = {},
): PlotlyFigure {
  const { epochs, configuration } = run;
  const [left, right] = panels(2, 0.12);
  const columns: ((row: EpochRow) => boolean)[] = [
    ({ kind }) => kind === "checkpoint",
    (row) => row.kind === "intervention" && row.target === target,
  ];
  const traces = columns.flatMap((isMeant, column) =>
    checkpointNames.flatMap((history) => {
      const rows = meanRows(epochs.filter((row) => isMeant(row) && row.history === history));
      return [cosineTrace(history, rows, column), ...normTraces(history, rows, column)];
    }),
  );
  const { orderedLambda, collapseLambda } = configuration;
  const title = ([from, to]: readonly number[], text: string) => ({
    text: `<b>${text}</b>`,
    x: (from + to) / 2,
    y: 1,
    xref: "paper",
    yref: "paper",
    xanchor: "center",
    yanchor: "bottom",
    showarrow: false,
  });
  return {
    data: traces,
    layout: {
      ...titleOf("Do the two gradients agree?", configuration, { below: 18 }),
      height: 620,
      xaxis: { domain: left, anchor: "y", showticklabels: false },
      xaxis2: { domain: right, anchor: "y2", showticklabels: false },
      xaxis3: { domain: left, anchor: "y3", title: { text: "epoch" }, matches: "x" },
      xaxis4: { domain: right, anchor: "y4", title: { text: "epochs after intervention" }, matches: "x2" },
      yaxis: { domain: [0.55, 1], anchor: "x", title: { text: "cosine of g<sub>s</sub> and g<sub>v</sub>" } },
      yaxis2: { domain: [0.55, 1], anchor: "x2", matches: "y" },
      yaxis3: { domain: [0, 0.45], anchor: "x3", type: "log", tickvals: lengths, title: { text: "norm" } },
      yaxis4: { domain: [0, 0.45], anchor: "x4", type: "log", tickvals: lengths, matches: "y3" },
      annotations: [
        title(left, `making the checkpoints (λ=${orderedLambda} and ${collapseLambda})`),
        title(right, `after the jump to λ=${target}`),
      ],
    },
  };
}

const middleOf = (targets: readonly number[]) => targets[Math.floor(targets.length / 2)];

const axes = (panel: number) => ({
  xaxis: `x${panel === 0 ? "" : panel + 1}`,
  yaxis: `y${panel === 0 ? "" : panel + 1}`,
});

type Means = Pick<EpochRow, "epoch" | "cosine" | "noisy_norm" | "clean_norm">;

function cosineTrace(history: History, rows: readonly Means[], column: number) {
  const { colour, symbol } = looks[history];
  return {
    type: "scatter",
    mode: "lines+markers",
    name: history,
    legendgroup: history,
    showlegend: column === 0,
    x: rows.map(({ epoch }) => epoch),
    y: rows.map(({ cosine }) => cosine),
    ...axes(column),
    line: { color: colour, width: 2 },
    marker: { symbol, size: 5 },
    hovertemplate: `epoch %{x}: cosine %{y:.3f}<extra>${history}</extra>`,
  };
}

const normTraces = (history: History, rows: readonly Means[], column: number) =>
  norms.map(({ key, title, dash }) => ({
    type: "scatter",
    mode: "lines",
    name: `${history}: ${title}`,
    showlegend: column === 0,
    x: rows.map(({ epoch }) => epoch),
    y: rows.map((row) => row[key]),
    ...axes(2 + column),
    line: { color: looks[history].colour, width: 2, dash },
    hovertemplate: `epoch %{x}: %{y:.3g}<extra>${history}: ${title}</extra>`,
  }));

/** One row an epoch: means over the seeds of one phase. */
function meanRows(own: readonly EpochRow[]): Means[] {
  const places = Array.from(new Set(own.map(({ epoch }) => epoch))).sort((a, b) => a - b);
  return places.map((epoch) => {
    const rows = own.filter((row) => row.epoch === epoch);
    const of = (key: "cosine" | "noisy_norm" | "clean_norm") => mean(rows.map((row) => row[key]));
    return { epoch, cosine: of("cosine"), noisy_norm: of("noisy_norm"), clean_norm: of("clean_norm") };
  });
}
