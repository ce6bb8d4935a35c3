// The linear assignment problem: which column each row takes, each column once, so that the scores' sum is greatest. The
// Hungarian method with potentials (Kuhn 1955; Jonker & Volgenant 1987), O(rows^2 columns).

/**
 * Matches rows to columns so that the scores' sum is as large as it can be.
 *
 * @param scores [rows][columns], finite, at most as many rows as columns
 * @returns [rows], the column of each row
 * @throws {TypeError} where rows have different lengths or there are more rows than columns; {RangeError} where a score is
 *   not finite
 * @example
 * import { bestAssignment } from "dolab";
 * bestAssignment([[0.9, 0.8], [0.7, 0.1]]); // => [1, 0]
 */
export function bestAssignment(scores: readonly ArrayLike<number>[]): number[] {
  const rows = scores.length;
  const columns = rows === 0 ? 0 : scores[0].length;
  for (const [i, row] of scores.entries()) {
    if (row.length !== columns || rows > columns)
      throw new TypeError(
        `Cannot assign columns as ${rows} rows need as many columns, the same in each: got ${row.length} in row ${i}`,
      );
    for (let j = 0; j < columns; j++)
      if (!Number.isFinite(row[j]))
        throw new RangeError(`Cannot assign columns as scores must be finite: got ${row[j]} at [${i}][${j}]`);
  }
  // Rows and columns count from 1: row 0 and column 0 stand for "none yet".
  const rowPotential = new Float64Array(rows + 1);
  const columnPotential = new Float64Array(columns + 1);
  const rowOf = new Int32Array(columns + 1);
  for (let row = 1; row <= rows; row++) {
    const slack = new Float64Array(columns + 1).fill(Number.POSITIVE_INFINITY);
    const from = new Int32Array(columns + 1); // the column before it on the shortest augmenting path
    const isDone = new Uint8Array(columns + 1);
    rowOf[0] = row;
    let column = 0;
    while (rowOf[column] !== 0) {
      isDone[column] = 1;
      const at = rowOf[column];
      let [least, next] = [Number.POSITIVE_INFINITY, 0];
      for (let j = 1; j <= columns; j++) {
        if (isDone[j]) continue;
        const reduced = -scores[at - 1][j - 1] - rowPotential[at] - columnPotential[j];
        if (reduced < slack[j]) {
          slack[j] = reduced;
          from[j] = column;
        }
        if (slack[j] < least) [least, next] = [slack[j], j];
      }
      for (let j = 0; j <= columns; j++) {
        if (isDone[j]) {
          rowPotential[rowOf[j]] += least;
          columnPotential[j] -= least;
        } else slack[j] -= least;
      }
      column = next;
    }
    while (column !== 0) {
      rowOf[column] = rowOf[from[column]];
      column = from[column];
    }
  }
  const assignment = new Array<number>(rows).fill(-1);
  for (let j = 1; j <= columns; j++) if (rowOf[j] > 0) assignment[rowOf[j] - 1] = j - 1;
  return assignment;
}
