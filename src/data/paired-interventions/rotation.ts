// Rotations as exponentials of skew-symmetric matrices: what observations of the scaling experiment of Brehmer et al. 2022
// (arXiv:2203.16437, section 5.4) do to causal variables.

type Matrix = readonly (readonly number[])[];

const TAYLOR_TERMS = 20;

/**
 * The matrix exponential of the skew-symmetric matrix with the given upper triangle, by scaling and squaring.
 *
 * @param upper row by row, [dimension (dimension - 1) / 2]
 * @returns [dimension][dimension], orthogonal
 * @throws {TypeError} where the upper triangle has another length
 * @example
 * rotation(2, [Math.PI / 2]).map((row) => row.map(Math.round)); // => [[0, 1], [-1, 0]]
 */
export function rotation(dimension: number, upper: ArrayLike<number>): number[][] {
  const count = (dimension * (dimension - 1)) / 2;
  if (upper.length !== count)
    throw new TypeError(
      `Cannot make a rotation as its upper triangle has ${count} entries: got ${upper.length}`,
    );
  let next = 0;
  const skew = zeros(dimension);
  for (let i = 0; i < dimension; i++)
    for (let j = i + 1; j < dimension; j++) {
      skew[i][j] = upper[next++];
      skew[j][i] = -skew[i][j];
    }
  const norm = Math.max(0, ...skew.map((row) => row.reduce((sum, value) => sum + Math.abs(value), 0)));
  const squarings = norm > 0.5 ? Math.ceil(Math.log2(norm / 0.5)) : 0;
  const scaled = skew.map((row) => row.map((value) => value / 2 ** squarings));
  let term = identity(dimension);
  let sum = identity(dimension);
  for (let order = 1; order <= TAYLOR_TERMS; order++) {
    term = product(term, scaled).map((row) => row.map((value) => value / order));
    sum = sum.map((row, i) => row.map((value, j) => value + term[i][j]));
  }
  for (let squaring = 0; squaring < squarings; squaring++) sum = product(sum, sum);
  return sum;
}

/** The inverse of a rotation. */
export const transposed = (matrix: Matrix): number[][] => matrix.map((_, i) => matrix.map((row) => row[i]));

const zeros = (dimension: number) =>
  Array.from({ length: dimension }, () => new Array<number>(dimension).fill(0));
const identity = (dimension: number) => zeros(dimension).map((row, i) => row.map((_, j) => Number(i === j)));
const product = (left: Matrix, right: Matrix): number[][] =>
  left.map((row) => right.map((_, j) => row.reduce((sum, value, k) => sum + value * right[k][j], 0)));
