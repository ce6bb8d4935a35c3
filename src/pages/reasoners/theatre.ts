// What the theatre's views share: the reasoner with its puzzles, the set-up, and the thought as far as it is computed.
import type { Reasoner } from "../../models/recursive/reasoner";
import type { Page, Run, Shown as ShownResults, View as ViewOf } from "../kit";
import type { CarriedPuzzle, CarriedThoughts } from "./carried-thoughts";
import { isDisturbed, type Setup, undisturbed } from "./setup";
import { answerOf, followThought, type ThoughtStep } from "./trajectory";

export interface TheatreModel {
  carried: CarriedThoughts;
  reasoner: Reasoner;
}

export interface Results {
  /** From step 0 on. */
  steps: ThoughtStep[];
  /** The same puzzle's thought with nothing done to it; absent where nothing is done. */
  plain?: ThoughtStep[];
  /** How many of the cells are right at each step. */
  right: number[];
  cells: number;
}

export type Shown = ShownResults<Setup, Results>;
export type View = ViewOf<Shown>;
export type Theatre = Page<TheatreModel, Setup>;

/** The puzzle's tokens with the edited givens. */
export function inputsOf({ carried }: TheatreModel, { puzzle, givens }: Setup): number[] {
  const inputs = carried.puzzles[puzzle].inputs.slice();
  for (const { cell, token } of givens) inputs[cell] = token;
  return inputs;
}

/** How many cells of a step's answer are the solution's. */
export function rightCells(step: ThoughtStep, { labels }: CarriedPuzzle): number {
  return answerOf(step, labels.length).filter((token, cell) => token === labels[cell]).length;
}

/** Thoughts that were followed before, the newest last; a thought that is followed further begins where it was left. */
const followed = new Map<string, { steps: ThoughtStep[]; source: Iterator<ThoughtStep> }>();
const KEPT = 4;

/** Steps between two turns of the browser. */
const AT_ONCE = 4;

/**
 * Follows a thought as far as is asked, with turns for the browser.
 *
 * @param onSteps told what is there, after each turn
 * @returns undefined where `overtaken` says so
 */
async function thoughtOf(
  model: TheatreModel,
  setup: Setup,
  { overtaken, onSteps }: { overtaken: () => boolean; onSteps?: (steps: ThoughtStep[]) => void },
): Promise<ThoughtStep[] | undefined> {
  const { puzzle, restart, kicks, givens, holds } = setup;
  const key = JSON.stringify([puzzle, restart, kicks, givens, holds]);
  const thought = followed.get(key) ?? {
    steps: [],
    source: followThought(model.reasoner, inputsOf(model, setup), setup),
  };
  followed.delete(key);
  followed.set(key, thought);
  for (const [old, { source: rest }] of followed) {
    if (followed.size <= KEPT) break;
    rest.return?.(); // frees its tensors
    followed.delete(old);
  }
  const known = () => thought.steps.slice(0, setup.steps + 1);
  while (thought.steps.length <= setup.steps) {
    for (let i = 0; i < AT_ONCE; i++) thought.steps.push(thought.source.next().value);
    onSteps?.(known());
    await new Promise((resolve) => setTimeout(resolve));
    if (overtaken()) return undefined;
  }
  return known();
}

/** Computes what the page shows; the steps are published as they come. */
export async function computeThought(
  model: TheatreModel,
  setup: Setup,
  { overtaken, publish }: Run<Results>,
): Promise<Partial<Results> | undefined> {
  const puzzle = model.carried.puzzles[setup.puzzle];
  const resultsOf = (steps: ThoughtStep[]): Results => ({
    steps,
    right: steps.map((step) => rightCells(step, puzzle)),
    cells: puzzle.labels.length,
    plain: undefined,
  });
  const steps = await thoughtOf(model, setup, { overtaken, onSteps: (some) => publish(resultsOf(some)) });
  if (!steps) return undefined;
  if (!isDisturbed(setup)) return resultsOf(steps);
  const plain = await thoughtOf(model, undisturbed(setup), { overtaken });
  return plain && { plain };
}
