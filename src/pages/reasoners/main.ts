// The theatre of thought: a puzzle is thought through step by step by a recursive reasoner, and can be kicked, held, run on and
// begun anew.
import { createReasoner } from "../../models/recursive/reasoner";
import { createRandom } from "../../random";
import { loadStateDict } from "../../tensor";
import { startPage } from "../kit";
import type { CarriedThoughts } from "./carried-thoughts";
import { type Setup, setupLink, undisturbed } from "./setup";
import { computeThought, type Results, type TheatreModel } from "./theatre";
import { boardView } from "./views/board-view";
import { chartsView } from "./views/charts-view";
import { doneView } from "./views/done-view";
import { thoughtControls } from "./views/thought-controls";

startPage<TheatreModel, Setup, Results>({
  load(files) {
    const carried = files.json("thoughts.json") as CarriedThoughts;
    const reasoner = createReasoner(carried.configuration, { rng: createRandom(0) });
    loadStateDict(reasoner.parameters, files.tensors("model.safetensors"));
    return { carried, reasoner };
  },
  facts: ({ carried }) => `${carried.title}; ${carried.puzzles.length} held-out puzzles`,
  link: ({ carried: { puzzles, configuration, actSteps } }) =>
    setupLink({
      puzzles: puzzles.length,
      cells: configuration.cells,
      vocabulary: configuration.vocabulary,
      steps: actSteps,
    }),
  compute: computeThought,
  views: (page) => ({
    controls: [thoughtControls(page), doneView(page)],
    results: [boardView(page), chartsView(page)],
  }),
  toolbar: {
    headline({ setup, right, cells }) {
      if (!right || cells === undefined) return { value: "…", unit: "", spoken: "thinking" };
      const at = Math.min(setup.at, right.length - 1); // of a thought that is not yet followed to the end
      const count = right[at];
      const unit = `of ${cells} cells right at step ${at}`;
      return { value: String(count), unit, spoken: `${count} ${unit}` };
    },
    restore: undisturbed,
    restoreTitle: "Let the thought run undisturbed",
  },
});
