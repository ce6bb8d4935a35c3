// The graphs of the scaling experiment of Brehmer et al. 2022 (arXiv:2203.16437, section 5.4): variables stand in their
// topological order, and an edge leads from an earlier to a later one. Random graphs are numpy's, bit for bit.
import { createNumpyGenerator } from "../../random";

/** Each edge with probability 1/2, all edges, one from each variable to the next, or none. */
export type CausalGraphKind = "random" | "full" | "chain" | "empty";

/**
 * Returns the adjacency matrix of a causal graph.
 *
 * @param variables how many, from 1
 * @param options.seed of random graphs, as the published code's `data.nature.seed`
 * @returns [variables][variables], 1 where row i, column j is an edge i -> j
 * @throws {RangeError} for another number of variables, or another kind
 * @example
 * import { causalGraph } from "dolab";
 * causalGraph(3, { kind: "random", seed: 42 }); // => [[0, 0, 1], [0, 0, 1], [0, 0, 0]]
 */
export function causalGraph(
  variables: number,
  { kind, seed }: { kind: CausalGraphKind; seed: number },
): number[][] {
  if (!(Number.isSafeInteger(variables) && variables >= 1))
    throw new RangeError(`Cannot make a causal graph as it needs at least one variable: got ${variables}`);
  const bits =
    kind === "random" ? createNumpyGenerator(seed).integers(2, (variables * (variables - 1)) / 2) : [];
  let drawn = 0; // row by row
  const edges: Record<CausalGraphKind, (i: number, j: number) => number> = {
    random: () => bits[drawn++],
    full: () => 1,
    chain: (i, j) => Number(j === i + 1),
    empty: () => 0,
  };
  if (!Object.hasOwn(edges, kind)) {
    const known = Object.keys(edges).join(", ");
    throw new RangeError(`Cannot make a causal graph as its kind must be one of ${known}: got ${kind}`);
  }
  const indices = Array.from({ length: variables }, (_, i) => i);
  return indices.map((i) => indices.map((j) => (j > i ? edges[kind](i, j) : 0)));
}
