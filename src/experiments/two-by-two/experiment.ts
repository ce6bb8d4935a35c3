// The 2x2 analysis of recursive reasoners: convergence × correctness of their latent dynamics. Source document 001. A unit is
// the analysis of one checkpoint, or the evolution of one system over its checkpoints.

import { createRandom } from "../../random";
import type { Experiment, SavedRun } from "../experiment";
import type { TextFile } from "../result-file";
import { analyze, type TwoByTwoResults } from "./analysis/analyze";
import { type EvolutionRow, evolution } from "./analysis/evolution";
import { bootstrapIntervals, type IntervalRow } from "./analysis/intervals";
import { claims } from "./claims";
import { type TwoByTwoConfiguration, twoByTwoSource } from "./configuration";
import { dataTags, loadRunData, type TwoByTwoData } from "./diagnostics-sources";
import {
  analysisFiles,
  analysisPictures,
  evolutionFile,
  evolutionPicture,
  resultsMarkdown,
} from "./result-files";

/** What was found at a checkpoint, or over the checkpoints of a system. */
export type TwoByTwoRow =
  | { tag: string; results: TwoByTwoResults; intervals: IntervalRow[]; files: TextFile[] }
  | { tag: string; evolution: EvolutionRow[]; files: TextFile[] };

/** A run, its checkpoints and its systems. */
export interface TwoByTwoRun extends Omit<SavedRun<TwoByTwoConfiguration, TwoByTwoRow>, "units" | "rows"> {
  rows: TwoByTwoRow[];
  checkpoints: CheckpointRow[];
}

type CheckpointRow = Extract<TwoByTwoRow, { results: unknown }>;
const isCheckpoint = (row: TwoByTwoRow): row is CheckpointRow => "results" in row;

const [analysisKey, evolutionKey] = ["analyze", "evolution"].map((kind) => (tag: string) => `${kind}-${tag}`);

export const twoByTwo: Experiment<TwoByTwoConfiguration, TwoByTwoData, TwoByTwoRow, TwoByTwoRun> = {
  ...twoByTwoSource,
  title: "Convergence × correctness of recursive reasoners",
  document: {
    number: "001",
    title: "analyze_2x2.py: the 2x2 analysis of recursive reasoners",
    link: "https://github.com/YurenHao0426",
  },
  notebook: "two-by-two",
  description:
    "convergence x correctness of recursive reasoners: Otsu split, Lyapunov spectra, AUCs (document 001)",
  undeciding: [],
  counts: "analyses",

  load: loadRunData,
  units(configuration) {
    const { primary, series } = dataTags(configuration);
    return [
      ...primary.map((tag) => ({ key: analysisKey(tag), title: `the analysis of ${tag}`, cost: 1 })),
      ...series.map((tag) => ({ key: evolutionKey(tag), title: `the evolution of ${tag}`, cost: 1 })),
    ];
  },
  begin: ({ seed, replicates, level }, { primary, series }) => ({
    async run({ key }) {
      for (const { tag, source, diagnostics } of primary) {
        if (analysisKey(tag) !== key) continue;
        const analysis = analyze(diagnostics, { source });
        const intervals = bootstrapIntervals(analysis, { rng: createRandom(seed), replicates, level });
        return { tag, results: analysis.results, intervals, files: analysisFiles(analysis, tag) };
      }
      const found = series.find(({ tag }) => evolutionKey(tag) === key);
      if (!found) throw new RangeError(`Cannot do unit "${key}" as the data have no such checkpoint`);
      const rows = evolution(found.checkpoints);
      return { tag: found.tag, evolution: rows, files: [evolutionFile(rows, found.tag)] };
    },
    dispose() {},
  }),

  outcome: ({ units: _, ...run }) => ({ ...run, checkpoints: run.rows.filter(isCheckpoint) }),
  resultFiles({ rows, checkpoints, environment }) {
    const results = new Map(checkpoints.map((row) => [row.tag, row.results]));
    const date = new Date(String(environment.date ?? 0));
    return [
      ...rows.flatMap(({ files }) => files),
      ...(results.size > 0 ? [resultsMarkdown(results, { date })] : []),
    ];
  },
  pictures({ configuration }) {
    const { primary, series } = loadRunData(configuration);
    return [
      ...primary.flatMap(({ tag, source, diagnostics }) =>
        analysisPictures(analyze(diagnostics, { source }), tag),
      ),
      ...series.map(({ tag, checkpoints }) => evolutionPicture(evolution(checkpoints), tag)),
    ];
  },
  summary: ({ checkpoints }) => checkpoints.flatMap(({ tag, results }) => headlines(tag, results)).join("\n"),
  claims,
};

/**
 * Says what a reader wants to know first of a checkpoint: counts beside shares.
 *
 * @param tag the checkpoint's name
 * @param results what `analyze` found
 * @returns three lines
 * @example
 * import { synthesizeDiagnostics, twoByTwo } from "dolab";
 * const diagnostics = synthesizeDiagnostics({ seed: 1, samples: 64 });
 * const analysis = twoByTwo.analyze(diagnostics, { source: "synthetic" });
 * const [first] = twoByTwo.headlines("mine", analysis.results);
 * first; // => "mine: 64 samples, 34 of 64 (0.531) right, 38 of 64 (0.594) converged"
 */
export function headlines(tag: string, results: TwoByTwoResults): string[] {
  const { n, cells, auc } = results;
  const [a, b, c, d] = Object.values(cells).map((cell) => cell.n);
  const share = (part: number, whole: number) =>
    `${part} of ${whole}${whole > 0 ? ` (${(part / whole).toFixed(3)})` : ""}`;
  return [
    `${tag}: ${n} samples, ${share(a + c, n)} right, ${share(a + b, n)} converged`,
    `  ${share(b, b + d)} wrong answers had converged; ${share(c, a + c)} right ones had not`,
    `  AUC of -lam1 for right answers ${auc.neg_lam1_predicts_correct_overall.toFixed(3)}, of late drift ${auc.neg_logdrift_predicts_correct.toFixed(3)}`,
  ];
}
