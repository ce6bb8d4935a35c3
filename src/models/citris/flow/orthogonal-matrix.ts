// Small matrices on the host, for the flow's linear layers: a random orthogonal one, its factors P L U, and the inverse.
// mathjs is not taken: it would come into the page with a decoder, and its matrices are not typed arrays.
import type { Random } from "../../../random";

/** Rows one after the other, [size, size]. */
export type SquareMatrix = Float64Array;

/**
 * Draws an orthogonal matrix from the uniform (Haar) distribution, by Gram-Schmidt on normal draws.
 *
 * @returns [size, size]
 */
export function randomOrthogonalMatrix(size: number, rng: Random): SquareMatrix {
  const rows = Array.from({ length: size }, () => Float64Array.from({ length: size }, () => rng.normal()));
  for (const [index, row] of rows.entries()) {
    for (let pass = 0; pass < 2; pass++) {
      // twice, as one pass loses digits
      for (const earlier of rows.slice(0, index)) {
        const along = row.reduce((sum, value, i) => sum + value * earlier[i], 0);
        for (let i = 0; i < size; i++) row[i] -= along * earlier[i];
      }
    }
    const norm = Math.hypot(...row);
    for (let i = 0; i < size; i++) row[i] /= norm;
  }
  return Float64Array.from(rows.flatMap((row) => [...row]));
}

/**
 * Factors a matrix as P L U, by Gaussian elimination with partial pivoting.
 *
 * @param matrix [size, size], invertible
 * @returns P, a permutation; L, lower triangular with ones; U, upper triangular; each [size, size]
 */
export function luFactors(
  matrix: SquareMatrix,
  size: number,
): { p: SquareMatrix; l: SquareMatrix; u: SquareMatrix } {
  const u = matrix.slice();
  const l = new Float64Array(size * size);
  const order = Array.from({ length: size }, (_, row) => row);
  for (let step = 0; step < size; step++) {
    const pivot = pivotRow(u, size, step);
    for (const each of [u, l]) swapRows(each, size, step, pivot);
    [order[step], order[pivot]] = [order[pivot], order[step]];
    for (let row = step + 1; row < size; row++) {
      const factor = u[row * size + step] / u[step * size + step];
      l[row * size + step] = factor;
      for (let column = step; column < size; column++)
        u[row * size + column] -= factor * u[step * size + column];
      u[row * size + step] = 0;
    }
  }
  const p = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    l[row * size + row] = 1;
    p[order[row] * size + row] = 1;
  }
  return { p, l, u };
}

/**
 * Inverts a matrix by Gauss-Jordan elimination with partial pivoting.
 *
 * @param matrix [size, size]
 * @throws {RangeError} where the matrix is singular or holds what is not finite
 */
export function invertMatrix(matrix: ArrayLike<number>, size: number): SquareMatrix {
  const left = Float64Array.from(matrix);
  const right = Float64Array.from(left, (_, place) => (place % (size + 1) === 0 ? 1 : 0));
  for (let step = 0; step < size; step++) {
    const pivot = pivotRow(left, size, step);
    for (const each of [left, right]) swapRows(each, size, step, pivot);
    const scale = 1 / left[step * size + step];
    if (!Number.isFinite(scale))
      throw new RangeError(`Cannot invert a matrix as its pivots must be finite: got ${1 / scale}`);
    for (let column = 0; column < size; column++) {
      left[step * size + column] *= scale;
      right[step * size + column] *= scale;
    }
    for (let row = 0; row < size; row++) {
      if (row === step) continue;
      const factor = left[row * size + step];
      for (let column = 0; column < size; column++) {
        left[row * size + column] -= factor * left[step * size + column];
        right[row * size + column] -= factor * right[step * size + column];
      }
    }
  }
  return right;
}

/** The row from `step` on with the largest value in column `step`. */
function pivotRow(matrix: SquareMatrix, size: number, step: number): number {
  let best = step;
  for (let row = step + 1; row < size; row++)
    if (Math.abs(matrix[row * size + step]) > Math.abs(matrix[best * size + step])) best = row;
  return best;
}

function swapRows(matrix: SquareMatrix, size: number, a: number, b: number): void {
  if (a === b) return;
  for (let column = 0; column < size; column++) {
    const [first, second] = [a * size + column, b * size + column];
    [matrix[first], matrix[second]] = [matrix[second], matrix[first]];
  }
}
