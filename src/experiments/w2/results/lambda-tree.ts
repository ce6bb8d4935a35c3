// Every history of λ that was trained from the two checkpoints, in steps of a few epochs: the tree of phases.ts, for a page that
// follows a λ which its reader drags. All that it shows was computed: a wanted λ is taken to the nearest one of the tree, and
// nothing is put between two of them. It needs nothing of Node's.
import type { EpochRow } from "./seed-result";

/** What one step measured, an entry an epoch. */
export interface TreeStep {
  /** Test error after each epoch. */
  error: number[];
  /** Mean cosine of the two gradients over each epoch. */
  cosine: number[];
}

export interface LambdaTree {
  /** The λs that a step may take, rising. */
  lambdas: number[];
  /** Epochs of a step. */
  hold: number;
  /** Steps from a checkpoint to the end. */
  depth: number;
  /** Test error of the checkpoints. */
  start: Record<"ordered" | "collapse", number>;
  /** By the checkpoint and the λs up to the step, as `stepKey` writes them. */
  steps: Record<string, TreeStep>;
}

export const stepKey = (history: "ordered" | "collapse", lambdas: readonly number[]): string =>
  [history, ...lambdas].join(" ");

/** One of the tree's histories. */
export interface TreePath {
  /** One entry an epoch: the λ it was trained at, the error after it, the mean cosine over it. [depth · hold] each */
  lambda: number[];
  error: number[];
  cosine: number[];
}

/**
 * Finds the λs of the tree nearest to those that are wanted, a step each; the lower one where two are as near.
 *
 * @param tree.lambdas those that were computed, rising
 * @param wanted [depth]
 * @returns [depth]
 * @example
 * import { w2 } from "dolab";
 * w2.nearestLambdas({ lambdas: [0.2, 0.6] }, [0.3, 0.55]); // => [0.2, 0.6]
 */
export const nearestLambdas = (
  { lambdas }: Pick<LambdaTree, "lambdas">,
  wanted: readonly number[],
): number[] =>
  wanted.map((lambda) =>
    lambdas.reduce((best, one) => (Math.abs(one - lambda) < Math.abs(best - lambda) ? one : best)),
  );

/**
 * Gives what was measured along a history.
 *
 * @param tree as `w2.lambdaTree` gives it
 * @param history which checkpoint it begins with
 * @param lambdas λs of the tree, one a step, [depth] or fewer
 * @returns an entry an epoch
 * @throws {RangeError} for a λ that was not computed
 * @example
 * import { w2 } from "dolab";
 * const tree = w2.lambdaTree(w2.loadRun("results/reference/w2-generated"));
 * w2.pathAlong(tree, "ordered", [0.2, 0.6]).lambda; // => [0.2, 0.2, 0.6, 0.6]
 */
export function pathAlong(
  tree: LambdaTree,
  history: "ordered" | "collapse",
  lambdas: readonly number[],
): TreePath {
  const { steps, hold } = tree;
  const along = lambdas.map((_, i) => {
    const key = stepKey(history, lambdas.slice(0, i + 1));
    if (!(key in steps)) throw new RangeError(`Cannot follow λ as no such step was computed: got "${key}"`);
    return steps[key];
  });
  return {
    lambda: lambdas.flatMap((lambda) => Array.from({ length: hold }, () => lambda)),
    error: along.flatMap(({ error }) => error),
    cosine: along.flatMap(({ cosine }) => cosine),
  };
}

/**
 * Lists every history of the tree, from the checkpoint to a last step.
 *
 * @returns [lambdas ^ depth][depth]
 * @example
 * import { w2 } from "dolab";
 * w2.historiesOf({ lambdas: [0.2, 0.6], depth: 3 }).length; // => 8
 */
export const historiesOf = ({ lambdas, depth }: Pick<LambdaTree, "lambdas" | "depth">): number[][] =>
  Array.from({ length: depth }).reduce<number[][]>(
    (histories) => histories.flatMap((before) => lambdas.map((lambda) => [...before, lambda])),
    [[]],
  );

/** What a step's rows measured, in the order of the epochs. */
export function treeStep(rows: readonly EpochRow[]): TreeStep {
  const ordered = rows.slice().sort((a, b) => a.epoch - b.epoch);
  return { error: ordered.map((row) => row.test_error), cosine: ordered.map(({ cosine }) => cosine) };
}
