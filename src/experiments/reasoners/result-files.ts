// What a run leaves in its folder beside the npz files of its diagnostics.
import { formatCsv } from "../../io";
import type { Picture, TextFile } from "../result-file";
import { evolutionPicture } from "../two-by-two/result-files";
import type { ReasonersRun } from "./experiment";
import { restartFigure, runOnFigure, scoresFigure, trainingFigure } from "./findings/figures";
import { clampFigure, kickFigure } from "./findings/intervention-figures";
import { measureTable } from "./findings/measures";
import { checkpointTable, clampTable, furtherTable, kickTable, settlingTable } from "./findings/tables";

export function resultFiles({ findings, configuration }: ReasonersRun): TextFile[] {
  const scores = findings.flatMap(({ title, scores }) =>
    scores.map((score) => ({ training: title, ...score })),
  );
  const files: [string, readonly object[]][] = [
    ["checkpoints.csv", checkpointTable(findings)],
    ["scores.csv", scores],
    ["further-thought.csv", furtherTable(findings, configuration.level)],
    ["kicks.csv", kickTable(findings)],
    ["clamps.csv", clampTable(findings)],
    ["settling.csv", settlingTable(findings)],
    ["measures.csv", measureTable(findings)],
  ];
  return files.filter(([, rows]) => rows.length > 0).map(([name, rows]) => ({ name, content: csv(rows) }));
}

export function resultPictures({ findings }: ReasonersRun): Picture[] {
  if (findings.length === 0) return [];
  const wide = { width: 900, height: 480 };
  return [
    { name: "fig_training", figure: trainingFigure(findings), ...wide },
    { name: "fig_scores", figure: scoresFigure(findings), width: 1000, height: 620 },
    { name: "fig_run_on", figure: runOnFigure(findings), ...wide },
    { name: "fig_restarts", figure: restartFigure(findings), ...wide },
    { name: "fig_clamps", figure: clampFigure(findings), ...wide },
    ...findings
      .filter(({ row }) => row.further)
      .map((one) => ({ name: `fig_kicks_${one.tag}`, figure: kickFigure(one), ...wide })),
    ...findings
      .filter(({ evolution }) => evolution.length > 0)
      .map(({ tag, evolution }) => evolutionPicture(evolution, tag)),
  ];
}

function csv(objects: readonly object[]): string {
  const rows = objects as readonly Record<string, unknown>[];
  const columns = Object.keys(rows[0]);
  const whole = columns.filter((column) => rows.every((row) => Number.isInteger(row[column])));
  return formatCsv(columns, rows, Object.fromEntries(whole.map((column) => [column, "integer"])));
}
