// Whether checkpoints deserve their names. Source document 000 sets thresholds (ordered: test error below 0.25; collapse:
// above 0.45) and never uses them. A gap between two checkpoints of which neither is what it is called proves little: every
// place that shows a verdict says so.
import type { DecidingConfiguration } from "./configuration";
import type { SeedResult } from "./results";

export interface CheckpointRow {
  seed: number;
  checkpoint: "ordered" | "collapse";
  lambda: number;
  test_error: number;
  /** What the error must be below or above. */
  required: string;
  worthy: boolean;
}

type Thresholds = Pick<
  DecidingConfiguration,
  "orderedLambda" | "orderedThreshold" | "collapseLambda" | "collapseThreshold"
>;

/** Both checkpoints of every seed. */
export function checkpointTable(results: readonly SeedResult[], configuration: Thresholds): CheckpointRow[] {
  const { orderedThreshold, collapseThreshold, orderedLambda, collapseLambda } = configuration;
  return results.flatMap(({ seed, ordered_init_error, collapse_init_error }): CheckpointRow[] => [
    {
      ...{ seed, checkpoint: "ordered", lambda: orderedLambda, test_error: ordered_init_error },
      ...{ required: `< ${orderedThreshold}`, worthy: ordered_init_error < orderedThreshold },
    },
    {
      ...{ seed, checkpoint: "collapse", lambda: collapseLambda, test_error: collapse_init_error },
      ...{ required: `> ${collapseThreshold}`, worthy: collapse_init_error > collapseThreshold },
    },
  ]);
}

/** A sentence where some checkpoint does not deserve its name, else nothing; without its full stop. */
export function worthCaution(results: readonly SeedResult[], configuration: Thresholds): string | undefined {
  const rows = checkpointTable(results, configuration);
  const faults = (["ordered", "collapse"] as const).flatMap((checkpoint) => {
    const own = rows.filter((row) => row.checkpoint === checkpoint);
    const unworthy = own.filter(({ worthy }) => !worthy);
    if (unworthy.length === 0) return [];
    return [
      `${unworthy.length} of ${own.length} ${checkpoint} checkpoints miss their test error (${own[0].required})`,
    ];
  });
  return faults.length > 0
    ? `The verdict is over states that do not deserve their names: ${faults.join("; ")}`
    : undefined;
}
