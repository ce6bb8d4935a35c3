// The files of a run: its matrices and distances as CSV, one line a number, and everything as JSON.
import { formatCsv, formatJson } from "../../io";
import type { Picture, TextFile } from "../result-file";
import type { CitrisRun } from "./experiment";
import { assignmentFigure, curvesFigure, factorFigure, matrixFigure } from "./figures/run-figures";
import { models } from "./tables";

/** r2.csv and spearman.csv: seed, model, whose latents, which factor, the number; triplets.csv: distances by column. */
export function resultFiles({ rows, factorNames }: Pick<CitrisRun, "rows" | "factorNames">): TextFile[] {
  const matrix = (key: "r2" | "spearman") =>
    rows.flatMap((row) =>
      models.flatMap(({ name, of }) =>
        (of(row)?.[key] ?? []).flatMap((line, set) =>
          line.map((value, factor) => ({
            seed: row.seed,
            model: name,
            latents_of: factorNames[set] ?? "psi_0",
            factor: factorNames[factor],
            value,
          })),
        ),
      ),
    );
  const matrixColumns = ["seed", "model", "latents_of", "factor", "value"];
  const triplets = rows.flatMap(({ seed, triplets: found }) =>
    found
      ? Object.keys(found.predicted).map((column) => ({
          seed,
          column,
          predicted: found.predicted[column],
          true_frame: found.true[column],
          unchanged: found.unchanged[column],
        }))
      : [],
  );
  const integer = { seed: "integer" } as const;
  return [
    { name: "r2.csv", content: formatCsv(matrixColumns, matrix("r2"), integer) },
    { name: "spearman.csv", content: formatCsv(matrixColumns, matrix("spearman"), integer) },
    {
      name: "triplets.csv",
      content: formatCsv(["seed", "column", "predicted", "true_frame", "unchanged"], triplets, integer),
    },
    { name: "citris.json", content: formatJson(rows) },
  ];
}

/** The figures of the first seed, and those of all. */
export const resultPictures = (run: CitrisRun): Picture[] => [
  { name: "r2", figure: matrixFigure(run), width: 1000, height: 520 },
  { name: "factors", figure: factorFigure(run), width: 1000, height: 520 },
  { name: "assignment", figure: assignmentFigure(run), width: 800, height: 420 },
  { name: "curves", figure: curvesFigure(run), width: 1000, height: 480 },
];
