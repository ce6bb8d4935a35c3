// What the views share: the model, the set-up and how to change it, and the newest results.
import type { State } from "../../data/boolean-world/rules";
import type { Evaluation } from "../../experiments/boolean-world/evaluate";
import type { PageModel } from "./load-model";
import type { Reading } from "./run-model";
import type { Setup } from "./setup";

export interface Shown {
  setup: Setup;
  /** The newest, of a state that may not be the set-up's yet; absent at first, and where the text is no state. */
  reading?: Reading & { state: State };
  /** Why the text is none. */
  problem?: string;
  /** Why the newest run gave nothing; what it was to give is then absent. */
  failure?: string;
  evaluation?: Evaluation;
  /** Of the model as saved. */
  intact?: Evaluation;
  canUndo: boolean;
  canRedo: boolean;
}

export interface Playground {
  model: PageModel;
  setup(): Setup;
  /** Goes on to another set-up. @param gesture changes of one name in a row are undone as one */
  change(next: Setup, gesture?: string): void;
  endGesture(): void;
  undo(): void;
  redo(): void;
  /** Says something to all, also to a screen reader. */
  say(text: string): void;
}

export interface View {
  root: HTMLElement;
  update(shown: Shown): void;
}
