// What the page carries beside the model's weights: the shape of the model, and for each factor the latents that belong to
// values of its columns, on a grid that is read between its points.
import type { SceneFactor } from "../../data/temporal-scenes";
import type { NetworkKind } from "../../models/citris/networks/image-networks";

export interface FactorPath {
  /** Places of the latents that belong to the factor. */
  latents: number[];
  /** The values along each column, rising. */
  axes: number[][];
  /** For each point of the grid, the last column fastest, the factor's latents. [points][latents] */
  points: number[][];
}

export interface CarriedScene {
  size: number;
  channels: number;
  latents: number;
  blocks: number;
  networks: NetworkKind;
  flowParts: number;
  flowHidden: number;
  prior: "autoregressive" | "mlp";
  priorHidden: number;
  psi0Weight: number;
  factors: readonly SceneFactor[];
  /** The first scene's columns and latents. */
  first: { values: number[]; latents: number[] };
  /** One a factor. */
  paths: FactorPath[];
  /** Mean R² of a factor's latents for their own factor, and of the most for another. */
  diag: number;
  sep: number;
}

/**
 * Reads a grid between its points, linearly along each column.
 *
 * @param values of the factor's columns
 * @returns the factor's latents
 */
export function latentsAt({ axes, points, latents }: FactorPath, values: readonly number[]): number[] {
  let corners = [{ place: 0, weight: 1 }];
  for (const [column, axis] of axes.entries()) {
    const last = axis.length - 1;
    const upper = Math.min(
      Math.max(
        axis.findIndex((value) => value >= values[column]),
        1,
      ),
      last,
    );
    const above = axis[last] < values[column] ? last : upper;
    const share = Math.min(
      1,
      Math.max(0, (values[column] - axis[above - 1]) / (axis[above] - axis[above - 1])),
    );
    corners = corners.flatMap(({ place, weight }) => [
      { place: place * axis.length + above - 1, weight: weight * (1 - share) },
      { place: place * axis.length + above, weight: weight * share },
    ]);
  }
  return latents.map((_, i) =>
    corners.reduce((sum, { place, weight }) => sum + weight * points[place][i], 0),
  );
}
