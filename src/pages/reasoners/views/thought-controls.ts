// Which puzzle is thought about, which step is shown, and the buttons that disturb the thought at that step.
import { button, choice, element, section, slider } from "../../kit";
import { type KickSetup, MOST_STEPS } from "../setup";
import type { Theatre, View } from "../theatre";

/** How long each step stays while it plays, in ms. */
const EVERY = 500;

export function thoughtControls(page: Theatre): View {
  const { puzzles, actSteps } = page.model.carried;
  const titles = Object.fromEntries(
    puzzles.map(({ right, inputs }, i) => [
      String(i),
      `${right ? "right" : "wrong"}: puzzle ${i + 1}, ${inputs.filter((token) => token > 1).length} givens`,
    ]),
  );
  const puzzle = choice(page, {
    label: "Puzzle",
    of: Object.keys(titles),
    titles,
    get: (setup) => String(setup.puzzle),
    set: (setup, value) => ({
      ...setup,
      puzzle: Number(value),
      givens: [],
      holds: [],
      kicks: [],
      restart: undefined,
    }),
  });
  const size = slider(page, {
    label: "Size of a kick or restart",
    least: 0.1,
    most: 20,
    step: 0.1,
    get: (setup) => setup.size,
    set: (setup, value) => ({ ...setup, size: value }),
  });
  const steps = element("div", { class: "wide" });
  let length = -1;
  let shown: ReturnType<typeof slider> | undefined;
  /** The slider's range follows the thought's length. */
  const stepSlider = (most: number) =>
    slider(page, {
      label: "Step",
      least: 0,
      most,
      step: 1,
      get: (setup: ReturnType<Theatre["setup"]>) => setup.at,
      set: (setup, at) => ({ ...setup, at }),
      play: { every: EVERY },
    });
  const kick = (along: KickSetup["along"]) => () => {
    const now = page.setup();
    const step = Math.max(1, now.at);
    const further = step >= now.steps ? Math.min(MOST_STEPS, now.steps + actSteps) : now.steps;
    const seed = now.kicks.length + 1;
    const kicks = [...now.kicks, { step, along, size: now.size, seed }];
    page.change({ ...now, kicks, steps: further });
  };
  const runOn = () => {
    const now = page.setup();
    const further = Math.min(MOST_STEPS, 2 * now.steps);
    page.change({ ...now, steps: further, at: further });
  };
  const restart = () => {
    const now = page.setup();
    page.change({ ...now, restart: { size: now.size, seed: (now.restart?.seed ?? 0) + 1 } });
  };
  const root = section(
    "thought",
    "Thought",
    "Puzzles answered wrong come first.",
    element(
      "div",
      { class: "fields" },
      puzzle.root,
      steps,
      element(
        "div",
        { class: "deeds" },
        button("Run on", runOn, { title: "Think twice as many steps" }),
        button("Restart", restart, {
          title: "Begin anew from a state perturbed by this size, another one each time",
        }),
        button("Kick, most unstable", kick("unstable"), { title: "Push the state after the shown step" }),
        button("Kick, at random", kick("random"), { title: "Push the state after the shown step" }),
      ),
      size.root,
    ),
  );
  return {
    root,
    update(content) {
      if (content.setup.steps !== length || !shown) {
        length = content.setup.steps;
        shown = stepSlider(length);
        steps.replaceChildren(shown.root);
      }
      for (const view of [puzzle, shown, size]) view.update(content);
    },
  };
}
