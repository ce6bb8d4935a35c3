// Principal components (Pearson 1901; Hotelling 1933) of a few columns, by Jacobi rotations of their covariance matrix.

/**
 * Turns rows so that their columns are uncorrelated, those of the largest variance first.
 *
 * @param rows [count, width], row after row
 * @param width columns of a row, from 1
 * @returns the rows' coordinates, means taken off, [count, width], and each coordinate's variance, [width]; the sign of a
 *   coordinate is arbitrary
 * @throws {RangeError} where there are fewer than two whole rows, or a value is not finite
 *
 * @example
 * import { principalComponents } from "dolab";
 * const { variances } = principalComponents([1, 1, -1, -1, 2, 2, -2, -2], 2);
 * Array.from(variances, Math.round); // => [7, 0]
 */
export function principalComponents(
  rows: ArrayLike<number>,
  width: number,
): { coordinates: Float64Array; variances: Float64Array } {
  const count = rows.length / width;
  if (!(Number.isInteger(count) && count >= 2))
    throw new RangeError(
      `Cannot take principal components as there must be two or more rows of ${width}: got ${rows.length} values`,
    );
  const means = new Float64Array(width);
  for (let place = 0; place < rows.length; place++) {
    if (!Number.isFinite(rows[place]))
      throw new RangeError(
        `Cannot take principal components as values must be finite: got ${rows[place]} at ${place}`,
      );
    means[place % width] += rows[place] / count;
  }
  const centred = Float64Array.from(rows, (value, place) => value - means[place % width]);
  const covariance = Array.from({ length: width }, () => new Float64Array(width));
  for (let row = 0; row < count; row++)
    for (let i = 0; i < width; i++)
      for (let j = 0; j < width; j++)
        covariance[i][j] += (centred[row * width + i] * centred[row * width + j]) / (count - 1);
  const directions = diagonalise(covariance); // each a row
  const order = Array.from(directions.keys()).sort((a, b) => covariance[b][b] - covariance[a][a]);
  const coordinates = new Float64Array(rows.length);
  for (let row = 0; row < count; row++)
    for (const [place, index] of order.entries())
      for (let i = 0; i < width; i++)
        coordinates[row * width + place] += centred[row * width + i] * directions[index][i];
  return { coordinates, variances: Float64Array.from(order, (index) => covariance[index][index]) };
}

const SWEEPS = 60;

/** Rotates a symmetric matrix until nothing is left beside its diagonal. @returns its eigenvectors, as rows */
function diagonalise(matrix: Float64Array[]): Float64Array[] {
  const width = matrix.length;
  const vectors = matrix.map((_, i) => Float64Array.from({ length: width }, (_, j) => (i === j ? 1 : 0)));
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (let p = 0; p < width; p++) {
      for (let q = p + 1; q < width; q++) {
        if (matrix[p][q] === 0) continue;
        const angle = 0.5 * Math.atan2(2 * matrix[p][q], matrix[q][q] - matrix[p][p]);
        const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
        const turn = (first: Float64Array, second: Float64Array) => {
          for (let k = 0; k < width; k++) {
            const [a, b] = [first[k], second[k]];
            [first[k], second[k]] = [cosine * a - sine * b, sine * a + cosine * b];
          }
        };
        turn(matrix[p], matrix[q]);
        for (const row of matrix) {
          const [a, b] = [row[p], row[q]];
          [row[p], row[q]] = [cosine * a - sine * b, sine * a + cosine * b];
        }
        turn(vectors[p], vectors[q]);
      }
    }
  }
  return vectors;
}
