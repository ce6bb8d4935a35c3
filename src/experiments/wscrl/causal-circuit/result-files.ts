// The files and pictures of a run of CausalCircuit.
import { formatCsv } from "../../../io";
import type { Picture, TextFile } from "../../result-file";
import { modelTitles } from "../tables";
import type { CircuitRun } from "./experiment";
import { circuitGraphFigure, circuitImportanceFigure, reconstructionsFigure } from "./figures";
import { circuitScoreTable, stageOneTable } from "./tables";

type Rows = readonly Record<string, unknown>[];

/** One row a model and seed, rewritten after each seed. */
export const circuitScoresFile = (run: Pick<CircuitRun, "rows">): TextFile => ({
  name: "scores.csv",
  content: formatCsv(
    [
      "model",
      "seed",
      "disentanglement",
      "completeness",
      "noise_disentanglement",
      "test_mse",
      "intervention_accuracy",
      "shd",
      "enco_shd",
      "seconds",
    ],
    circuitScoreTable(run) as readonly object[] as Rows,
    { seed: "integer", shd: "integer", enco_shd: "integer" },
  ),
});

export function circuitResultFiles(run: CircuitRun): TextFile[] {
  const curves = run.rows.flatMap(({ seed, models }) =>
    models.flatMap(({ model, curve }) =>
      curve.map((point) => ({ model: modelTitles[model], seed, ...point })),
    ),
  );
  return [
    circuitScoresFile(run),
    {
      name: "stage_1.csv",
      content: formatCsv(
        ["seed", "codes_by", "explained_pixels", "explained_variables", "seconds"],
        stageOneTable(run) as readonly object[] as Rows,
        { seed: "integer" },
      ),
    },
    {
      name: "curves.csv",
      content: formatCsv(["model", "seed", "step", "loss", "disentanglement"], curves, {
        seed: "integer",
        step: "integer",
      }),
    },
  ];
}

export function circuitResultPictures(run: CircuitRun): Picture[] {
  const hasGraph = run.rows.some(({ models }) => models.some(({ graph }) => graph));
  const hasExamples = run.rows.some(({ examples }) => examples.length > 0);
  return [
    ...(hasExamples
      ? [{ name: "figures/reconstructions", figure: reconstructionsFigure(run), width: 900, height: 760 }]
      : []),
    { name: "figures/importance", figure: circuitImportanceFigure(run), width: 1100, height: 440 },
    ...(hasGraph
      ? [{ name: "figures/graph", figure: circuitGraphFigure(run), width: 900, height: 460 }]
      : []),
  ];
}
