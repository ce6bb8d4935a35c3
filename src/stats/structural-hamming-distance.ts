// Comparison of two directed graphs: structural Hamming distance (Tsamardinos, Brown & Aliferis 2006) and edge counts,
// as `evaluate_adj_matrix` of CITRIS: a reversed edge counts once.

/** Adjacency matrix of a graph without self-loops: row i, column j is 1 or true where i -> j. */
export type AdjacencyMatrix = readonly ArrayLike<number | boolean>[];

export interface GraphComparison {
  /** Edges to add, remove or turn round to get from one graph to the other. */
  readonly structuralHammingDistance: number;
  /** Entries that differ; a reversed edge counts twice. */
  readonly hammingDistance: number;
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
  /** Share of the predicted edges that are true; 0 if none is predicted, by convention. */
  readonly precision: number;
  /** Share of the true edges that are predicted; 0 if there is none, by convention. */
  readonly recall: number;
  /** Share of the d (d - 1) possible edges that agree; NaN for fewer than two nodes. */
  readonly edgeAccuracy: number;
}

/**
 * Returns how many edges must be added, removed or turned round to make the predicted graph the true one.
 *
 * @param predicted [nodes][nodes]
 * @param truth [nodes][nodes]
 * @throws TypeError if the shapes differ or are not square; RangeError for an entry other than 0 and 1, or a self-loop
 *
 * @example
 * import { structuralHammingDistance } from "dolab";
 * const chain = [[0, 1, 0], [0, 0, 1], [0, 0, 0]];
 * const reversed = [[0, 0, 0], [1, 0, 1], [0, 0, 0]];
 * structuralHammingDistance(reversed, chain); // => 1
 */
export function structuralHammingDistance(predicted: AdjacencyMatrix, truth: AdjacencyMatrix): number {
  return compareGraphs(predicted, truth).structuralHammingDistance;
}

/**
 * Compares a predicted graph with the true one, edge by edge.
 *
 * @param predicted [nodes][nodes]
 * @param truth [nodes][nodes]
 * @throws TypeError if the shapes differ or are not square; RangeError for an entry other than 0 and 1, or a self-loop
 *
 * @example
 * import { compareGraphs } from "dolab";
 * const { truePositives, precision, recall } = compareGraphs([[0, 1], [1, 0]], [[0, 1], [0, 0]]);
 * [truePositives, precision, recall]; // => [1, 0.5, 1]
 */
export function compareGraphs(predicted: AdjacencyMatrix, truth: AdjacencyMatrix): GraphComparison {
  const nodes = predicted.length;
  if (truth.length !== nodes) {
    throw new TypeError(
      `Cannot compare graphs as both must have as many nodes: got ${nodes} and ${truth.length}`,
    );
  }
  const guess = edges(predicted, "predicted");
  const fact = edges(truth, "true");
  let [truePositives, falsePositives, falseNegatives, reversed] = [0, 0, 0, 0];
  for (let i = 0; i < nodes; i++) {
    for (let j = 0; j < nodes; j++) {
      const [ij, ji] = [i * nodes + j, j * nodes + i];
      if (guess[ij] && fact[ij]) truePositives++;
      else if (guess[ij]) falsePositives++;
      else if (fact[ij]) falseNegatives++;
      if (guess[ij] && !guess[ji] && fact[ji] && !fact[ij]) reversed++;
    }
  }
  const possible = nodes * (nodes - 1);
  const hammingDistance = falsePositives + falseNegatives;
  return {
    structuralHammingDistance: hammingDistance - reversed,
    hammingDistance,
    truePositives,
    falsePositives,
    falseNegatives,
    trueNegatives: possible - truePositives - hammingDistance,
    precision: truePositives / Math.max(truePositives + falsePositives, 1),
    recall: truePositives / Math.max(truePositives + falseNegatives, 1),
    edgeAccuracy: (possible - hammingDistance) / possible,
  };
}

/** Checks a matrix; returns it flat. */
function edges(matrix: AdjacencyMatrix, name: string): Uint8Array {
  const nodes = matrix.length;
  const flat = new Uint8Array(nodes * nodes);
  for (let i = 0; i < nodes; i++) {
    if (matrix[i].length !== nodes) {
      throw new TypeError(
        `Cannot compare graphs as the ${name} matrix must be square: got ${nodes} rows, row ${i} of ${matrix[i].length}`,
      );
    }
    for (let j = 0; j < nodes; j++) {
      const entry = Number(matrix[i][j]);
      if ((entry !== 0 && entry !== 1) || (i === j && entry !== 0)) {
        throw new RangeError(
          `Cannot compare graphs as entries must be 0 or 1, on the diagonal 0: got ${name}[${i}][${j}] = ${entry}`,
        );
      }
      flat[i * nodes + j] = entry;
    }
  }
  return flat;
}
