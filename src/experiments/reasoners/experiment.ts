// Recursive reasoners trained here: TRM and HRM in miniature learn 4 x 4 Sudoku, and document 001's analysis, with the questions
// that its authors asked next, is asked of what they do while they think. A unit is a training.

import { join } from "node:path";
import { resolveConfiguration } from "../configuration";
import type { Experiment, RunData, SavedRun } from "../experiment";
import { type TwoByTwoConfiguration, twoByTwoSource } from "../two-by-two/configuration";
import { loadRunData, type TwoByTwoData } from "../two-by-two/diagnostics-sources";
import { type DecidingConfiguration, type ReasonersConfiguration, reasonersSource } from "./configuration";
import { claims } from "./findings/claims";
import { type Findings, findingsOf } from "./findings/findings";
import { checkpointTable } from "./findings/tables";
import { diagnosticsFolder, doUnit, type ReasonerRow, unitsOf, workDone } from "./reasoner-unit";
import { resultFiles, resultPictures } from "./result-files";
import { type SudokuSets, sudokuSets } from "./training/sudoku-sets";

export interface ReasonersData extends RunData {
  /** Where networks are trained. */
  sets?: SudokuSets;
}

/** A run and what it found so far. */
export interface ReasonersRun extends Omit<SavedRun<DecidingConfiguration, ReasonerRow>, "units"> {
  /** What each training's thoughts say, in the order of the units. */
  findings: Findings[];
  /** What the 2x2 analysis works on: the chosen checkpoints and every training's series, or the files that `data` names. */
  diagnosed: Pick<TwoByTwoData, "primary" | "series">;
}

export const reasoners: Experiment<ReasonersConfiguration, ReasonersData, ReasonerRow, ReasonersRun> = {
  ...reasonersSource,
  title: "Recursive reasoners: convergence × correctness",
  document: {
    number: "001",
    title: "analyze_2x2.py: the 2x2 analysis of recursive reasoners",
    link: "https://github.com/YurenHao0426",
  },
  notebook: "two-by-two",
  description:
    "train TRM and HRM in miniature on 4 x 4 Sudoku and ask what their dynamics tell (document 001)",
  reference: "reasoners-standard",
  undeciding: ["processes", "load"],
  counts: "steps of work",

  load(configuration) {
    if (configuration.data !== "train") {
      const { dataSource, synthetic } = filesOf(configuration);
      return { dataSource, synthetic };
    }
    const sets = sudokuSets(configuration);
    const { train, test } = sets;
    const { side } = train.board;
    const dataSource = `networks trained here on ${train.count} puzzles of ${side} × ${side} Sudoku, diagnosed on ${test.count} of held-out grids`;
    return { dataSource, synthetic: false, sets };
  },
  units: unitsOf,
  costDone: ({ key }, configuration, folder) => workDone(configuration, folder, key),
  begin: ({ processes: _, load: __, ...configuration }, { sets }) => ({
    run: ({ key }, context) => doUnit(sets as SudokuSets, configuration, key, context),
    dispose() {},
  }),

  outcome({ units: _, ...run }) {
    const { configuration, rows, folder } = run;
    if (configuration.data !== "train") return { ...run, findings: [], diagnosed: filesOf(configuration) };
    const findings = rows.map((row) => findingsOf(row, folder, configuration));
    const diagnosed = {
      primary: findings
        .filter(({ row }) => !row.noisy)
        .map(({ tag, chosen, row }) => {
          const { file, step } = row.checkpoints.find(({ role }) => role === "chosen") ?? row.checkpoints[0];
          return {
            tag: `${tag}_step${step}_n${chosen.samples}`,
            source: join(diagnosticsFolder(folder), file),
            diagnostics: chosen,
          };
        }),
      series: findings.map(({ tag, thoughts }) => ({
        tag,
        checkpoints: thoughts.map(({ step, thought }) => ({ step: String(step), diagnostics: thought })),
      })),
    };
    return { ...run, findings, diagnosed };
  },
  resultFiles,
  pictures: resultPictures,
  summary: ({ findings }) =>
    checkpointTable(findings)
      .map((row) =>
        Object.entries(row)
          .map(([name, value]) => `${name} ${typeof value === "number" ? Number(value.toFixed(3)) : value}`)
          .join(", "),
      )
      .join("\n"),
  claims,
};

/** The diagnostics that `data` names. */
function filesOf({ data, preset, seed, level, replicates }: DecidingConfiguration): TwoByTwoData {
  const { configuration } = resolveConfiguration(twoByTwoSource, { data, preset, seed, level, replicates });
  return loadRunData(configuration as TwoByTwoConfiguration);
}
