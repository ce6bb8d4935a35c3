// How a training went: the loss of its batches, and that of the validation examples after each epoch.
import type { MetricsRow } from "../../../train";
import { colours } from "../../colours";
import type { PlotlyFigure } from "../../result-file";

const curves = [
  { key: "loss", name: "training batches", mode: "lines", colour: colours.blue },
  { key: "validLoss", name: "validation", mode: "lines+markers", colour: colours.vermillion },
];

/**
 * Draws how a training went: the loss of its batches, and that of the validation examples after each epoch.
 *
 * @param rows the metrics of a training, so far or whole
 * @example
 * import { booleanWorld } from "dolab";
 * const row = (step: number, loss: number) => ({ step, epoch: step / 2, seconds: 1, values: { loss } });
 * const [batches] = booleanWorld.trainingFigure([row(1, 0.5), row(2, 0.25)]).data;
 * batches.y; // => [0.5, 0.25]
 */
export function trainingFigure(rows: readonly MetricsRow[]): PlotlyFigure {
  const data = curves.flatMap(({ key, name, mode, colour }) => {
    const measured = rows.filter(({ values }) => Number.isFinite(values[key]));
    if (measured.length === 0) return [];
    return [
      {
        type: "scatter",
        mode,
        name,
        line: { color: colour },
        x: measured.map(({ epoch }) => epoch),
        y: measured.map(({ values }) => values[key]),
        hovertemplate: `epoch %{x:.2f}: %{y:.4f}<extra>${name}</extra>`,
      },
    ];
  });
  return {
    data,
    layout: {
      title: { text: "Loss while training" },
      xaxis: { title: { text: "Epochs" }, rangemode: "tozero" },
      yaxis: { title: { text: "Cross-entropy of a token (nats)" }, type: "log" },
    },
  };
}
