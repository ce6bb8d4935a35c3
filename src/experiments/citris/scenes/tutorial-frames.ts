// The document's own frames, where they can be had: its sequence with targets, and its triplets with masks.
import { type Causal3d, causal3dColumns, causal3dTripletColumns, loadCausal3d } from "../../../data/causal3d";
import { DatasetMissingError, type ObtainOptions } from "../../../data/store";
import { type FrameGrid, frameAt } from "../figures/frames-figure";

const SIDE = 64;

/**
 * Loads the document's frames, or says why they cannot be had here.
 *
 * @param options where they are looked for, and who is told of progress
 * @returns undefined and a sentence where neither the cache, a mirror nor the network has them
 */
export async function tutorialFrames(
  options: ObtainOptions = {},
): Promise<{ frames?: Causal3d; source: string }> {
  try {
    const frames = await loadCausal3d({ officialMs: 60_000, ...options });
    return { frames, source: frames.source };
  } catch (error) {
    if (!(error instanceof DatasetMissingError)) throw error;
    return { source: `The document's own frames cannot be had here: ${error.message}` };
  }
}

/** Names of the columns that are 1, line by line. */
const ones = (row: ArrayLike<number>, names: readonly string[]) =>
  names.filter((_, i) => row[i] === 1).join("<br>") || "none";

/**
 * Shows the first four frames of the document, each with what was intervened upon since the one before.
 *
 * @param frames the document's frames, as `tutorialFrames` loads them
 * @example
 * import { citris } from "dolab";
 * const sequence = { images: new Uint8Array(4 * 64 * 64 * 3), interventions: new Uint8Array(3 * 12) };
 * citris.tutorialSequence({ sequence }).columns; // => ["t = 0", "t = 1", "t = 2", "t = 3"]
 */
export function tutorialSequence({ sequence }: Pick<Causal3d, "sequence">): FrameGrid {
  const rows = [0, 1, 2, 3];
  return {
    title: "Causal3DIdent: the document's first four frames",
    columns: rows.map((t) => `t = ${t}`),
    rows: [rows.map((t) => frameAt(sequence.images, SIDE, t))],
    texts: [
      rows.map((t) =>
        t === 0
          ? ""
          : `intervened upon:<br>${ones(sequence.interventions.subarray(12 * (t - 1), 12 * t), causal3dColumns)}`,
      ),
    ],
  };
}

/**
 * Shows the first triplets of the document, and from which image each column comes, as its model takes them.
 *
 * @param frames the document's frames, as `tutorialFrames` loads them
 * @param count how many are shown
 * @example
 * import { citris } from "dolab";
 * const triplets = { images: new Uint8Array(3 * 64 * 64 * 3), masks: new Uint8Array(12) };
 * citris.tutorialTriplets({ triplets }, 1).columns; // => ["image 1", "image 2", "combination"]
 */
export function tutorialTriplets({ triplets }: Pick<Causal3d, "triplets">, count = 3): FrameGrid {
  const rows = Array.from({ length: count }, (_, row) => row);
  const names = causal3dTripletColumns.map((column) => causal3dColumns[column]);
  return {
    title: "Causal3DIdent: the document's first triplets",
    columns: ["image 1", "image 2", "combination"],
    rows: rows.map((row) => [0, 1, 2].map((frame) => frameAt(triplets.images, SIDE, 3 * row + frame))),
    texts: rows.map((row) => {
      const mask = causal3dTripletColumns.map((column) => triplets.masks[12 * row + column]);
      return ["", "", `from image 2: ${ones(mask, names).replaceAll("<br>", ", ")}`];
    }),
  };
}
