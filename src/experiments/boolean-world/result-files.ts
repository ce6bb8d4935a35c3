// What a sweep leaves: its rows as JSON and as CSV, and the pictures of them.
import { formatCsv, formatJson } from "../../io";
import type { Picture, TextFile } from "../result-file";
import type { BooleanWorldConfiguration } from "./configuration";
import { sweepFigure } from "./sweep/sweep-figure";
import { sweepPartsFigure } from "./sweep/sweep-parts-figure";
import type { TrialRow } from "./sweep/trials";

export const sweepFile = "exclusion-sweep.json";

const integerKeys = ["states", "excluded", "seed", "steps"];

export const resultFiles = (rows: readonly TrialRow[]): TextFile[] => [
  { name: sweepFile, content: `${formatJson(rows, { integerKeys })}\n` },
  { name: "exclusion-sweep.csv", content: sweepCsv(rows) },
];

/** Writes one line a training; what only the other world's answers have is left empty. */
function sweepCsv(rows: readonly TrialRow[]): string {
  const parts = [...new Set(rows.flatMap((row) => Object.keys(row.excluded_parts)))];
  const columns = [
    "world",
    "states",
    "excluded",
    "seed",
    "without",
    "seen_exact",
    "excluded_exact",
    ...parts.map((name) => `excluded_${name}`),
    "steps",
    "seconds",
  ];
  const flat = rows.map(({ excluded_parts, ...row }) => ({
    ...row,
    ...Object.fromEntries(Object.entries(excluded_parts).map(([name, share]) => [`excluded_${name}`, share])),
  }));
  const formats = Object.fromEntries(integerKeys.map((key) => [key, "integer" as const]));
  return formatCsv(columns, flat, formats);
}

/** The figures of the sweep: whole answers, and value by value for each world. */
export function pictures(
  rows: readonly TrialRow[],
  configuration: Pick<BooleanWorldConfiguration, "seed" | "replicates" | "level">,
): Picture[] {
  const size = { width: 900, height: 560 };
  const worlds = [...new Set(rows.map(({ world }) => world))];
  return [
    { name: "exclusion-sweep", figure: sweepFigure(rows, configuration), ...size },
    ...worlds.map((world) => ({
      name: `values-${world}`,
      figure: sweepPartsFigure(rows, { world }),
      ...size,
    })),
  ];
}
