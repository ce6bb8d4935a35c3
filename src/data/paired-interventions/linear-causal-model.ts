// A linear causal model with additive noise, z_j = e_j + sum_i w_ji z_i over the parents i of j, and its answer to perfect
// interventions: an intervened variable is its new noise, the others keep theirs (Brehmer et al. 2022, arXiv:2203.16437).
import type { Random } from "../../random";

export interface LinearCausalModel {
  /** [variables][variables], 1 where i -> j; edges lead from lower to higher indices. */
  readonly graph: readonly (readonly number[])[];
  /** [variables][variables], row j the effects on variable j; those without an edge count nothing. */
  readonly weights: readonly (readonly number[])[];
}

/** Draws weights with two modes, about -1 and about 1: sign(n1) (1 + 0.3 n2). */
export function bimodalWeights(variables: number, rng: Random): number[][] {
  const indices = Array.from({ length: variables }, (_, i) => i);
  return indices.map(() => indices.map(() => Math.sign(rng.normal()) * (1 + 0.3 * rng.normal())));
}

/**
 * Computes the causal variables that noise brings about.
 *
 * @param model graph and weights, such as a nature
 * @param noise [variables]
 * @param intervened which variable is its own noise whatever its parents, or several; none where absent
 * @returns [variables]
 * @example
 * import { solveLinearModel } from "dolab";
 * const chain = { graph: [[0, 1], [0, 0]], weights: [[0, 0], [2, 0]] };
 * solveLinearModel(chain, [1, 0.5]); // => [1, 2.5]
 * solveLinearModel(chain, [1, 0.5], 1); // => [1, 0.5]
 */
export function solveLinearModel(
  { graph, weights }: LinearCausalModel,
  noise: ArrayLike<number>,
  intervened: number | readonly number[] = [],
): Float64Array {
  const causal = Float64Array.from(noise);
  const targets = typeof intervened === "number" ? [intervened] : intervened;
  for (let j = 0; j < causal.length; j++) {
    if (targets.includes(j)) continue;
    for (let i = 0; i < j; i++) if (graph[i][j]) causal[j] += weights[j][i] * causal[i];
  }
  return causal;
}

/**
 * Finds the noise behind causal variables: the inverse of `solveLinearModel` without an intervention.
 *
 * @param model graph and weights, such as a nature
 * @param causal [variables]
 * @returns [variables]
 * @example
 * import { linearModelNoise } from "dolab";
 * const chain = { graph: [[0, 1], [0, 0]], weights: [[0, 0], [2, 0]] };
 * linearModelNoise(chain, [1, 2.5]); // => [1, 0.5]
 */
export function linearModelNoise(
  { graph, weights }: LinearCausalModel,
  causal: ArrayLike<number>,
): Float64Array {
  const noise = Float64Array.from(causal);
  for (let j = 0; j < noise.length; j++)
    for (let i = 0; i < j; i++) if (graph[i][j]) noise[j] -= weights[j][i] * causal[i];
  return noise;
}
