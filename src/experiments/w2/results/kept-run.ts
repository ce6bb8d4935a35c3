// The run that is kept for what a quick one has no time for: preset quick's settings and first seed, on generated images, with
// the arms that quick leaves out (results/reference/w2-generated). A figure of an arm shows the run at hand where it has that arm, else this one.
import { existsSync } from "node:fs";
import { inProject } from "../../../environment/paths.mjs";
import { loadRun } from "../bound";
import type { W2Run } from "../experiment";
import { treeStepName } from "../training/first-seed-arms";
import { checkpointNames } from "../training/phases";
import { historiesOf, type LambdaTree, stepKey, treeStep } from "./lambda-tree";

export type Arm = "longer" | "hysteresis" | "speed" | "lifetime" | "escapes" | "tree";

/** A run to show, and what to call it where it is not the one at hand. */
export interface NamedRun {
  run: W2Run;
  name?: string;
}

const keptFolder = () => inProject("results", "reference", "w2-generated");

/**
 * Gives the run itself where it has an arm, and else the kept run.
 *
 * @param run the run at hand
 * @param arm which arm is to be shown
 * @returns the run and what to call it, or undefined where neither has the arm
 * @example
 * import { w2 } from "dolab";
 * const run = w2.loadRun("results/reference/w2-generated");
 * w2.withArm(run, "speed").run === run; // => true
 */
export function withArm(run: W2Run, arm: Arm): NamedRun | undefined {
  if (hasArm(run, arm)) return { run };
  if (!existsSync(keptFolder())) return undefined;
  const kept = loadRun(keptFolder());
  const name = `Kept run on generated images, seed ${kept.configuration.seed}`;
  return hasArm(kept, arm) ? { run: kept, name } : undefined;
}

const hasArm = (run: W2Run, arm: Arm): boolean =>
  arm === "tree" ? lambdaTree(run) !== undefined : run.results.some((result) => result[arm].length > 0);

/**
 * Puts the tree of a run's first seed together.
 *
 * @param run a run whose configuration has `treeLambdas`
 * @returns undefined where it trained no tree, or not all of it
 * @example
 * import { w2 } from "dolab";
 * const run = w2.loadRun("results/reference/w2-generated");
 * const { lambdas, depth } = w2.lambdaTree(run);
 * [lambdas, depth]; // => [[0.2, 0.35, 0.5, 0.6], 3]
 */
export function lambdaTree(run: Pick<W2Run, "configuration" | "results" | "epochs">): LambdaTree | undefined {
  const { configuration, results, epochs } = run;
  const { seed, treeLambdas, treeDepth: depth, treeHold: hold } = configuration;
  const first = results.find((result) => result.seed === seed);
  if (treeLambdas.length === 0 || !first) return undefined;
  const lambdas = treeLambdas.slice().sort((a, b) => a - b);
  const own = epochs.filter((row) => row.seed === seed && row.kind === "tree");
  const steps: LambdaTree["steps"] = {};
  for (const history of checkpointNames)
    for (const leaf of historiesOf({ lambdas, depth }))
      for (const [i] of leaf.entries()) {
        const along = leaf.slice(0, i + 1);
        const name = treeStepName(history, along);
        const rows = own.filter(({ phase }) => phase === name);
        if (rows.length < hold) return undefined;
        steps[stepKey(history, along)] = treeStep(rows);
      }
  const start = { ordered: first.ordered_init_error, collapse: first.collapse_init_error };
  return { lambdas, hold, depth, start, steps };
}
