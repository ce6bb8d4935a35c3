// The files of source document 000 in its names, fields and formats, numbers as Python prints them, and three of ours: the
// text summary, the measurements of every epoch, and the examples of noisy labels.
import { formatCsv, formatJson } from "../../../io";
import type { Picture, PlotlyFigure, TextFile } from "../../result-file";
import type { W2Run } from "../experiment";
import { escapeFigure, lifetimeFigure, longerFigure, speedFigure } from "../figures/arm-figures";
import { boundaryFigure } from "../figures/boundary-figure";
import { directionsFigure } from "../figures/directions-figure";
import { gapFigure } from "../figures/gap-figure";
import { hysteresisFigure } from "../figures/hysteresis-figure";
import { trajectoriesFigure } from "../figures/trajectories-figure";
import { summaryText } from "../summary";
import { worthCaution } from "./checkpoint-worth";
import type { LabelNoiseExample } from "./label-noise-examples";
import { boundaryColumns, epochColumns, fileNames } from "./saved-files";
import type { SeedResult } from "./seed-result";

/** Writes the document's W2_results.json. */
export const resultsJson = (results: readonly SeedResult[]) =>
  formatJson(results, { integerKeys: ["seed", "epoch"] });

/**
 * Makes the rows of the document's summary table, one for each seed and target.
 *
 * @param results a result for each seed
 * @example
 * import { w2 } from "dolab";
 * const [first] = w2.summaryRows(w2.publishedRun().results);
 * [first.target_lambda, first.final_gap]; // => [0.4, 0.6723]
 */
export function summaryRows(results: readonly Pick<SeedResult, "seed" | "interventions">[]) {
  return results.flatMap(({ seed, interventions }) =>
    interventions.map(({ target_lambda, ordered, collapse, final_gap }) => ({
      seed,
      target_lambda,
      ordered_init: ordered.init_error,
      ordered_final: ordered.final_error,
      collapse_init: collapse.init_error,
      collapse_final: collapse.final_error,
      final_gap,
    })),
  );
}

/** Writes the document's W2_summary.csv, byte for byte. */
export function summaryCsv(results: readonly Pick<SeedResult, "seed" | "interventions">[]): string {
  const columns = ["seed", "target_lambda", "ordered_init", "ordered_final"];
  const formats = { seed: "integer" } as const;
  return formatCsv(
    [...columns, "collapse_init", "collapse_final", "final_gap"],
    summaryRows(results),
    formats,
  );
}

const asRows = (rows: readonly object[]) => rows as Record<string, unknown>[];

/** What is rewritten after each unit. */
export const progressFiles = ({
  results,
  epochs,
  boundary,
}: Pick<W2Run, "results" | "epochs" | "boundary">): TextFile[] => [
  { name: fileNames.checkpoint, content: resultsJson(results) },
  {
    name: fileNames.epochs,
    content: formatCsv(Object.keys(epochColumns), asRows(epochs), { seed: "integer", epoch: "integer" }),
  },
  ...(boundary.length > 0
    ? [
        {
          name: fileNames.boundary,
          content: formatCsv(Object.keys(boundaryColumns), asRows(boundary), { seed: "integer" }),
        },
      ]
    : []),
];

/** What there is when the last seed is done. */
export const resultFiles = ({
  results,
  configuration,
}: Pick<W2Run, "results" | "configuration">): TextFile[] => [
  { name: fileNames.results, content: resultsJson(results) },
  { name: fileNames.summaryTable, content: summaryCsv(results) },
  { name: fileNames.summary, content: summaryText(results, configuration) },
];

export const exampleFile = (examples: readonly LabelNoiseExample[]): TextFile => ({
  name: fileNames.examples,
  content: formatJson(examples),
});

/** The document's two pictures, and ours of what else was measured, to be drawn as .png and .pdf. */
export function resultPictures(
  run: Pick<W2Run, "results" | "configuration" | "epochs" | "boundary">,
): Picture[] {
  const { targets, hysteresis } = run.configuration;
  const lines = worthCaution(run.results, run.configuration) ? 60 : 0;
  const has = (arm: "longer" | "lifetime" | "escapes" | "speed") =>
    run.results.some((result) => result[arm].length > 0);
  const arm = (name: string, figure: PlotlyFigure): Picture => ({
    name: `figures/W2_${name}`,
    figure,
    width: 900,
    height: 560,
  });
  const ours: [measured: boolean, draw: () => Picture][] = [
    [
      run.epochs.length > 0,
      () => ({ name: "figures/W2_directions", figure: directionsFigure(run), width: 1000, height: 620 }),
    ],
    [hysteresis.length > 0, () => arm("hysteresis", hysteresisFigure(run))],
    [run.boundary.length > 0, () => arm("boundary", boundaryFigure(run))],
    [has("longer"), () => arm("longer", longerFigure(run))],
    [has("lifetime"), () => arm("lifetime", lifetimeFigure(run))],
    [has("escapes"), () => arm("escapes", escapeFigure(run))],
    [has("speed"), () => arm("speed", speedFigure(run))],
  ];
  return [
    {
      name: "figures/W2_intervention_trajectories",
      figure: trajectoriesFigure(run),
      width: Math.max(700, 420 * targets.length),
      height: 480 + lines,
    },
    { name: "figures/W2_gap_after_intervention", figure: gapFigure(run), width: 900, height: 560 + lines },
    ...ours.filter(([measured]) => measured).map(([, draw]) => draw()),
  ];
}
