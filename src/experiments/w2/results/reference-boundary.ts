// The committed curve of error by λ on generated images, at the settings of preset quick: more λs and seeds than a quick run has
// time for. results/reference/w2-boundary keeps it with the configuration and the machine that made it.
import { inProject } from "../../../environment/paths.mjs";
import type { NamedCurve } from "../figures/boundary-figure";
import { boundaryCurve } from "./boundary";
import { readBoundary } from "./saved-files";

/**
 * Reads the committed curve of error by λ on generated images.
 *
 * @returns undefined where it is not there
 * @example
 * import { w2 } from "dolab";
 * w2.referenceBoundary().name; // => "kept run: preset quick, 2 seeds, generated images"
 */
export function referenceBoundary(): NamedCurve | undefined {
  const rows = readBoundary(inProject("results", "reference", "w2-boundary"));
  const seeds = new Set(rows.map(({ seed }) => seed)).size;
  return rows.length > 0
    ? { name: `kept run: preset quick, ${seeds} seeds, generated images`, curve: boundaryCurve(rows) }
    : undefined;
}
