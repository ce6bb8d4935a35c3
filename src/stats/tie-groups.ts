// Finds the distinct values of a sample in order, and which of them each value is. Ranks are made of these groups.

export interface TieGroups {
  /** [n], for each value the index of its equals among the distinct values, from the least */
  readonly groups: Int32Array;
  /** [distinct], how many values are equal to it */
  readonly sizes: Int32Array;
}

/**
 * Groups equal values (0 and -0 are equal). O(n log n) by one native sort and binary searches.
 *
 * @param values free of NaN
 */
export function tieGroups(values: ArrayLike<number>): TieGroups {
  const distinct = new Float64Array(values).sort();
  const sizes = new Int32Array(distinct.length);
  let count = 0;
  for (let i = 0; i < distinct.length; i++) {
    if (count === 0 || distinct[i] !== distinct[count - 1]) distinct[count++] = distinct[i];
    sizes[count - 1]++;
  }
  const groups = new Int32Array(values.length);
  for (let i = 0; i < groups.length; i++) {
    const value = values[i];
    let [low, high] = [0, count - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (distinct[middle] < value) low = middle + 1;
      else high = middle;
    }
    groups[i] = low;
  }
  return { groups, sizes: sizes.slice(0, count) };
}
