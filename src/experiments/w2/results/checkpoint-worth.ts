// Whether checkpoints deserve their names. Source document 000 sets thresholds (ordered: test error below 0.25; collapse:
// above 0.45) and never uses them. A gap between two checkpoints of which neither is what it is called proves little, nor does
// one to a checkpoint that answers no better than chance: every place that shows a verdict says so.
import type { DecidingConfiguration } from "../configuration";
import type { SeedResult } from "./seed-result";

export interface CheckpointRow {
  seed: number;
  checkpoint: "ordered" | "collapse";
  lambda: number;
  test_error: number;
  /** What the error must be below or above. */
  required: string;
  worthy: boolean;
  /** Whether it answers no better than chance, which is more than to collapse. */
  at_chance: boolean;
}

type Thresholds = Pick<
  DecidingConfiguration,
  "orderedLambda" | "orderedThreshold" | "collapseLambda" | "collapseThreshold"
>;

/** Test errors from here on are chance, of CIFAR-10's ten classes or of the generator's: 1 - 1/10, less a margin. */
export const chanceFrom = 0.88;

/**
 * Judges both checkpoints of every seed by the document's thresholds.
 *
 * @param results a result for each seed
 * @param configuration the λ and the threshold of both checkpoints
 * @example
 * import { w2 } from "dolab";
 * const { results, configuration } = w2.publishedRun();
 * const [ordered] = w2.checkpointTable(results, configuration);
 * [ordered.test_error, ordered.required, ordered.worthy]; // => [0.1319, "< 0.25", true]
 */
export function checkpointTable(results: readonly SeedResult[], configuration: Thresholds): CheckpointRow[] {
  const { orderedThreshold, collapseThreshold, orderedLambda, collapseLambda } = configuration;
  return results.flatMap(({ seed, ordered_init_error, collapse_init_error }): CheckpointRow[] => [
    {
      seed,
      checkpoint: "ordered",
      lambda: orderedLambda,
      test_error: ordered_init_error,
      required: `< ${orderedThreshold}`,
      worthy: ordered_init_error < orderedThreshold,
      at_chance: ordered_init_error >= chanceFrom,
    },
    {
      seed,
      checkpoint: "collapse",
      lambda: collapseLambda,
      test_error: collapse_init_error,
      required: `> ${collapseThreshold}`,
      worthy: collapse_init_error > collapseThreshold,
      at_chance: collapse_init_error >= chanceFrom,
    },
  ]);
}

/**
 * Says what a reader must know of the checkpoints before a verdict.
 *
 * @param results a result for each seed
 * @param configuration the λ and the threshold of both checkpoints
 * @returns sentences without their last full stop, or undefined where all checkpoints deserve their names
 * @example
 * import { w2 } from "dolab";
 * const { results, configuration } = w2.publishedRun();
 * w2.worthCaution(results, configuration); // => undefined
 * w2.worthCaution(results, { ...configuration, orderedThreshold: 0.01 }).endsWith("(< 0.01)"); // => true
 */
export function worthCaution(results: readonly SeedResult[], configuration: Thresholds): string | undefined {
  const rows = checkpointTable(results, configuration);
  const count = (isMeant: (row: CheckpointRow) => boolean, what: (row: CheckpointRow) => string) =>
    (["ordered", "collapse"] as const).flatMap((checkpoint) => {
      const own = rows.filter((row) => row.checkpoint === checkpoint);
      const meant = own.filter(isMeant);
      return meant.length > 0
        ? [`${meant.length} of ${own.length} ${checkpoint} checkpoints ${what(own[0])}`]
        : [];
    });
  const faults = count(
    ({ worthy }) => !worthy,
    ({ required }) => `miss their test error (${required})`,
  ).join("; ");
  const dead = count(
    ({ at_chance }) => at_chance,
    () => "answer no better than chance",
  ).join("; ");
  const sentences = [
    ...(faults ? [`The verdict is over states that do not deserve their names: ${faults}`] : []),
    ...(dead ? [`${dead}: a network that has died or never learnt, not one in another ordered state`] : []),
  ];
  return sentences.join(". ") || undefined;
}

/** The same in a word or two, for a table. */
export function worthInShort(results: readonly SeedResult[], configuration: Thresholds): string {
  const rows = checkpointTable(results, configuration);
  const faults = [
    ...(rows.some(({ worthy }) => !worthy) ? ["unworthy"] : []),
    ...(rows.some((row) => row.at_chance) ? ["at chance"] : []),
  ];
  return faults.join(", ") || "as named";
}
