// Weakly supervised causal representation learning (Brehmer, de Haan, Lippe & Cohen 2022, arXiv:2203.16437): are causal
// variables and their graph found from pairs before and after unknown interventions? Source document 004, its scaling
// experiment. The data are synthetic there too: linear causal models behind a rotation (src/data/paired-interventions).
import type { Experiment, RunData, SavedRun } from "../experiment";
import { claims } from "./claims";
import { presets, requireOrder, schema, type WscrlConfiguration } from "./configuration";
import { testMetrics } from "./document/test-metrics";
import { resultFiles, resultPictures, scoresFile } from "./result-files";
import { summaryText } from "./tables";
import { placedUnits, stepsDone, unitWorker, type WscrlRow } from "./training/unit";

/** A run and what it found so far. */
export type WscrlRun = Omit<SavedRun<WscrlConfiguration, WscrlRow>, "units">;

export const wscrl: Experiment<WscrlConfiguration, RunData, WscrlRow, WscrlRun> = {
  name: "wscrl",
  schema,
  presets,
  title: "Weakly supervised causal representation learning",
  document: {
    number: "004",
    title: "Weakly supervised causal representation learning",
    link: "https://github.com/Qualcomm-AI-research/weakly-supervised-causal-representation-learning",
  },
  notebook: "weakly-supervised",
  description:
    "causal variables and their graph from pairs before and after unknown interventions (document 004)",
  reference: "wscrl-standard",
  undeciding: ["processes", "load"],
  counts: "steps",

  load(configuration) {
    requireOrder(configuration);
    return {
      dataSource:
        "synthetic pairs of the published scaling experiment's law: its graphs, bit for bit; mechanisms, rotation and samples drawn here",
      synthetic: false,
    };
  },
  units: placedUnits,
  costDone: (unit, _, folder) => stepsDone(unit, folder),
  begin: (configuration) => unitWorker(configuration),

  foundNumbers: testMetrics,

  outcome: ({ units: _, ...run }) => run,
  progressFiles: (run) => [scoresFile(run)],
  resultFiles,
  pictures: resultPictures,
  summary: summaryText,
  claims,
};
