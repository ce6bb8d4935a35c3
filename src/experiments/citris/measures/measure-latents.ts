// What is measured of a flow and of anything else that gives numbers to a frame: R², Spearman, and by which assignment.
import type { Tensor } from "@tensorflow/tfjs-node";
import { applyLatentFlow, type LatentFlow } from "../../../models/citris";
import { createRandom } from "../../../random";
import { pearson } from "../../../stats";
import { tensorflow } from "../../../tensor";
import type { DecidingConfiguration } from "../configuration";
import { inChunks } from "../scenes/pixels";
import type { CitrisData } from "../scenes/scene-data";
import { columnsOf, correlationMatrices, diagonalAndSeparation } from "./correlation";

export interface Measured {
  /** Which set each latent belongs to: a factor's place, or the number of factors for ψ_0. [latents] */
  assignment: number[];
  /** Rows: the factors' sets of latents, then ψ_0's; columns: factors. [factors + 1][factors] */
  r2: number[][];
  spearman: number[][];
  /** Mean diagonal, and mean of each row's largest other entry, of R². */
  diag: number;
  sep: number;
}

/** Measures latents of the held-out frames under an assignment. @param latents [frames, latents] */
export function measureLatents(
  latents: Float32Array,
  assignment: readonly number[],
  { heldOut, factors }: CitrisData,
  { readerEpochs, seed }: Pick<DecidingConfiguration, "readerEpochs" | "seed">,
): Measured {
  const sets = Array.from({ length: factors.length + 1 }, (_, set) =>
    assignment.map((own) => (own === set ? 1 : 0)),
  );
  const { r2, spearman } = correlationMatrices({
    latents,
    truth: heldOut.latents,
    factors,
    sets,
    sampling: heldOut.sampling,
    seed,
    epochs: readerEpochs,
  });
  return { assignment: [...assignment], r2, spearman, ...diagonalAndSeparation(r2) };
}

/**
 * What all numbers of a code together tell of each factor.
 *
 * @param codes [frames, latents]
 * @returns R², [factors]
 */
export function readoutOf(
  codes: Float32Array,
  { heldOut, factors }: CitrisData,
  { readerEpochs, seed, latents }: Pick<DecidingConfiguration, "readerEpochs" | "seed" | "latents">,
): number[] {
  const all = Array.from({ length: latents }, () => 1);
  return correlationMatrices({
    latents: codes,
    truth: heldOut.latents,
    factors,
    sets: [all],
    sampling: heldOut.sampling,
    seed,
    epochs: readerEpochs,
  }).r2[0];
}

/** Codes with the noise that they were trained with, so that no digit beyond it counts. @param codes [frames, latents] */
export function withNoise(codes: Float32Array, noise: number, seed: number): Float32Array {
  const rng = createRandom(seed).split("noise on held-out codes");
  return codes.map((code) => code + noise * rng.normal());
}

/** @param codes [frames, latents] @returns [frames, latents] */
export const throughFlow = (flow: LatentFlow, codes: Float32Array): Float32Array =>
  inChunks(codes.length / flow.latents, flow.latents, (from, to) => {
    const part = codes.subarray(from * flow.latents, to * flow.latents);
    return applyLatentFlow(flow, tensorflow().tensor2d(part, [to - from, flow.latents])).latents as Tensor;
  });

/**
 * The assignment that flatters latents most: each to the factor with whose columns (sine and cosine of angles) it correlates
 * best. It looks at the truth, as CITRIS may not.
 *
 * @param latents [frames, width]
 */
export function bestAssignment(
  latents: Float32Array,
  width: number,
  { heldOut, factors }: CitrisData,
): number[] {
  const columns = columnsOf(factors);
  const frames = latents.length / width;
  const column = (place: number) =>
    Float64Array.from({ length: frames }, (_, frame) => heldOut.latents[frame * columns.length + place]);
  let place = 0;
  const shown = factors.map((factor) =>
    factor.columns.flatMap(({ kind }) => {
      const values = column(place++);
      return kind === "angle" ? [values.map(Math.sin), values.map(Math.cos)] : [values];
    }),
  );
  return Array.from({ length: width }, (_, latent) => {
    const own = Float64Array.from({ length: frames }, (_, frame) => latents[frame * width + latent]);
    const told = shown.map((parts) => parts.reduce((sum, part) => sum + (pearson(own, part) || 0) ** 2, 0));
    return told.indexOf(Math.max(...told));
  });
}
