// What the playground's views share: the model, the set-up and how to change it, and the newest results.
import type { State } from "../../data/boolean-world/rules";
import type { Evaluation } from "../../experiments/boolean-world/model/evaluate";
import type { Page, Shown as ShownResults, View as ViewOf } from "../kit";
import type { PageModel } from "./load-model";
import type { Reading } from "./run-model";
import type { Setup } from "./setup";

export interface Results {
  /** The answer to a state; absent where the text is no state. */
  reading?: Reading & { state: State };
  /** Why the text is no state. */
  problem?: string;
  /** How the model answers all states. */
  evaluation?: Evaluation;
  /** How the model as saved answers them. */
  intact?: Evaluation;
}

export type Shown = ShownResults<Setup, Results>;
export type View = ViewOf<Shown>;
export type Playground = Page<PageModel, Setup>;

/** Writes a token as text that can be seen. */
export const shownToken = (text: string): string =>
  text.replace(/\n/g, "⏎").replace(/ /g, "␣").replace("<|endoftext|>", "end");
