// The files and pictures of a run of document 004's experiment.
import { formatCsv } from "../../io";
import type { Picture, TextFile } from "../result-file";
import type { WscrlRun } from "./experiment";
import { answersFigure } from "./figures/answers-figure";
import { graphFigure, importanceFigure, posteriorFigure } from "./figures/model-figures";
import { curvesFigure, scalingFigure } from "./figures/scaling-figures";
import { meanTable, modelTitles, scoreTable } from "./tables";

type Rows = readonly Record<string, unknown>[];

/** One row a unit, rewritten after each. */
export const scoresFile = (run: Pick<WscrlRun, "rows">): TextFile => ({
  name: "scores.csv",
  content: formatCsv(
    [
      "model",
      "dimension",
      "model_seed",
      "data_seed",
      "disentanglement",
      "completeness",
      "test_mse",
      "intervention_accuracy",
      "shd",
      "enco_shd",
      "do_error",
      "nll",
      "seconds",
    ],
    scoreTable(run) as readonly object[] as Rows,
    {
      dimension: "integer",
      model_seed: "integer",
      data_seed: "integer",
      shd: "integer",
      enco_shd: "integer",
    },
  ),
});

/** Writes the tables of a run. */
export function resultFiles(run: WscrlRun): TextFile[] {
  const curves = run.rows.flatMap(({ curve, model, dimension, modelSeed, dataSeed }) =>
    curve.map((point) => ({
      model: modelTitles[model],
      dimension,
      model_seed: modelSeed,
      data_seed: dataSeed,
      ...point,
    })),
  );
  const integers = {
    dimension: "integer",
    model_seed: "integer",
    data_seed: "integer",
    step: "integer",
  } as const;
  return [
    scoresFile(run),
    {
      name: "means.csv",
      content: formatCsv(
        ["model", "dimension", "seeds", "mean", "low", "high"],
        meanTable(run).map((row) => ({ ...row, model: modelTitles[row.model] })),
        { dimension: "integer", seeds: "integer" },
      ),
    },
    {
      name: "curves.csv",
      content: formatCsv(
        ["model", "dimension", "model_seed", "data_seed", "step", "loss", "disentanglement"],
        curves,
        integers,
      ),
    },
  ];
}

/** Draws the figures of a run. */
export function resultPictures(run: WscrlRun): Picture[] {
  const dimension = largestDimension(run);
  return [
    { name: "figures/disentanglement", figure: scalingFigure(run), width: 900, height: 520 },
    { name: "figures/learning_curves", figure: curvesFigure(run), width: 1000, height: 460 },
    { name: "figures/importance", figure: importanceFigure(run, { dimension }), width: 1100, height: 440 },
    { name: "figures/interventions", figure: posteriorFigure(run, { dimension }), width: 900, height: 460 },
    { name: "figures/answers", figure: answersFigure(run, { dimension }), width: 1100, height: 480 },
    { name: "figures/graphs", figure: graphFigure(run, { dimension }), width: 900, height: 460 },
  ];
}

/**
 * Finds the largest dimension of which something is done.
 *
 * @param run a run, finished or not
 * @example
 * import { wscrl } from "dolab";
 * wscrl.largestDimension({ rows: wscrl.referenceRun().rows.slice(0, 1) }); // => 2
 */
export const largestDimension = ({ rows }: Pick<WscrlRun, "rows">): number =>
  Math.max(...rows.map(({ dimension }) => dimension));
