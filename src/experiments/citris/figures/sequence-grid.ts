// Frames of our own scenes with what was done to them.

import type { CitrisData } from "../scenes/scene-data";
import { type FrameGrid, frameAt } from "./frames-figure";

/**
 * Shows the first frames of the training sequence, each with what was intervened upon since the one before.
 *
 * @param scenes the training sequence and its factors, as `loadScenes` gives them
 * @param count how many frames
 * @example
 * import { citris } from "dolab";
 * const { configuration } = citris.parameters({ preset: "smoke", frames: 100, triplets: 2 });
 * citris.sequenceGrid(citris.loadScenes(configuration), 2).columns; // => ["t = 0", "t = 1"]
 */
export function sequenceGrid(
  { training, factors }: Pick<CitrisData, "training" | "factors">,
  count = 6,
): FrameGrid {
  const frames = Array.from({ length: count }, (_, t) => t);
  return {
    title: "Synthetic scenes: the first frames of the training sequence",
    columns: frames.map((t) => `t = ${t}`),
    rows: [frames.map((t) => frameAt(training.images, training.size, t))],
    texts: [
      frames.map((t) => {
        if (t === 0) return "";
        const done = factors.filter((_, i) => training.targets[(t - 1) * factors.length + i] === 1);
        return done.length === 0 ? "no intervention" : `do: ${done.map(({ name }) => name).join(",<br>")}`;
      }),
    ],
  };
}
