// The text summary of source document 000, line for line, with a line of ours on each checkpoint and cautions: where a
// checkpoint does not deserve its name, and where seeds are missing.
import { pythonFixed, pythonRepr } from "../../io";
import type { DecidingConfiguration } from "./configuration";
import type { ShownRun } from "./figures/figure-parts";
import { checkpointTable, worthCaution } from "./results/checkpoint-worth";
import { gapsByTarget, numpyDeviation, numpyMean, overallGap, type Verdict, verdictOf } from "./results/gaps";
import type { SeedResult } from "./results/seed-result";

const rule = "=".repeat(60);

const targetVerdicts: Record<Verdict, string> = {
  strong: "✅ Strong history-dependence (bistability confirmed)",
  moderate: "⚠️ Moderate history-dependence",
  weak: "❌ Weak/no history-dependence (converging)",
};

const conclusions: Record<Verdict, readonly [mark: string, title: string, meaning: string]> = {
  strong: ["✅", "BISTABILITY CONFIRMED", "History determines state even at same λ"],
  moderate: ["⚠️", "PARTIAL BISTABILITY", "Some history-dependence persists"],
  weak: ["❌", "NO BISTABILITY", "States converge regardless of history"],
};

/** Writes what the document prints of one target. @param gaps at least one */
export function targetLines(target: number, gaps: readonly number[]): string[] {
  const average = numpyMean(gaps);
  return [
    `   λ=${pythonRepr(target)}:`,
    `     Gap after intervention: ${percent(average)} ± ${percent(numpyDeviation(gaps))}%`,
    `     → ${targetVerdicts[verdictOf(average)]}`,
  ];
}

/** Writes what the document concludes from the mean of all gaps. */
export function conclusionLines(overall: number): string[] {
  const [mark, title, meaning] = conclusions[verdictOf(overall)];
  return [title, meaning, `Average persistent gap: ${percent(overall)}%`].map((line) => `  ${mark} ${line}`);
}

/**
 * Writes the document's conclusion for a note, without its marks, and with the caution where one is due.
 *
 * @param run a run, finished or not
 * @example
 * import { w2 } from "dolab";
 * const [title] = w2.conclusionText(w2.publishedRun()).split("\n");
 * title; // => "**BISTABILITY CONFIRMED**"
 */
export function conclusionText(run: ShownRun): string {
  const { results, configuration } = run;
  const overall = overallGap(gapsByTarget(results, configuration.targets));
  const [, title, meaning] = conclusions[verdictOf(overall)];
  const lines = [`**${title}**`, meaning, `Average persistent gap: ${percent(overall)} %`];
  return [...lines, ...cautions(results, configuration)].join("\n");
}

/** What to know before the conclusion is believed. */
function cautions(results: readonly SeedResult[], configuration: DecidingConfiguration): string[] {
  const worth = worthCaution(results, configuration);
  const done = `${results.length} of ${configuration.seeds} seeds done`;
  return [...(worth ? [worth] : []), ...(results.length < configuration.seeds ? [done] : [])];
}

/**
 * Writes the document's whole summary, with a line of ours on each checkpoint and cautions where they are due.
 *
 * @param results a result for each seed
 * @param configuration the configuration of their run
 * @example
 * import { w2 } from "dolab";
 * const { results, configuration } = w2.publishedRun();
 * const lines = w2.summaryText(results, configuration).split("\n");
 * lines[5]; // => "   Ordered checkpoint: λ=0.35"
 */
export function summaryText(results: readonly SeedResult[], configuration: DecidingConfiguration): string {
  const { orderedLambda, collapseLambda, interventionEpochs, targets } = configuration;
  const gaps = gapsByTarget(results, targets);
  const lines = [
    rule,
    "W2 SUMMARY: Causal Intervention",
    rule,
    "",
    "📊 Experimental Design:",
    `   Ordered checkpoint: λ=${pythonRepr(orderedLambda)}`,
    `   Collapse checkpoint: λ=${pythonRepr(collapseLambda)}`,
    `   Post-intervention epochs: ${interventionEpochs}`,
    `   Target λ values: [${targets.map(pythonRepr).join(", ")}]`,
    "",
    "Checkpoints:",
    ...checkpointTable(results, configuration).map(
      ({ seed, checkpoint, test_error, required, worthy, at_chance }) =>
        `   seed ${seed}, ${checkpoint}: test error ${percent(test_error)}%, ${worthy ? "as" : "NOT as"} required (${required})` +
        (at_chance ? ", at chance" : ""),
    ),
    "",
    "📊 Results by target λ:",
    ...gaps.flatMap(({ target, gaps: own }) => (own.length > 0 ? ["", ...targetLines(target, own)] : [])),
    "",
    rule,
    "CONCLUSION:",
    ...conclusionLines(overallGap(gaps)),
    ...cautions(results, configuration).map((caution) => `  ⚠️ ${caution}`),
    rule,
    `Preset ${configuration.preset}; seeds ${results.map(({ seed }) => seed).join(", ")}`,
    `Data: ${results[0]?.data_source ?? "none"}`,
  ];
  return `${lines.join("\n")}\n`;
}

const percent = (part: number) => pythonFixed(part * 100, 1);
