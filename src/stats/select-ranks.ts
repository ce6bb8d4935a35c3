// Selection: puts the elements of chosen ranks where sorting would put them, in O(n log r) for r ranks.
// Quickselect (Hoare 1961) for several ranks at once, its pivot taken from a sample and aimed just past the middle
// rank as in Floyd & Rivest (1975), so that one rank costs about 1.5 n comparisons.

const sortedAtOnce = 512;

/**
 * Reorders values in place until, for every rank r, values[r] is the element that sorting would put there.
 *
 * @param values free of NaN
 * @param ranks increasing indices into values
 */
export function selectRanks(values: Float64Array, ranks: readonly number[]): void {
  selectWithin(values, 0, values.length - 1, ranks, 4 * Math.log2(values.length + 1));
}

function selectWithin(
  values: Float64Array,
  left: number,
  right: number,
  ranks: readonly number[],
  patience: number,
) {
  if (ranks.length === 0) return;
  // Unlucky pivots end in a sort: never worse than O(n log n).
  if (right - left < sortedAtOnce || patience <= 0) {
    values.subarray(left, right + 1).sort();
    return;
  }
  const pivot = pivotNear(values, left, right, ranks[ranks.length >> 1]);
  const below = partition(values, left, right, pivot, false);
  // Where nothing lies below the pivot, its equals are set apart instead: either way the rest is shorter.
  const rest = below > left ? below : partition(values, left, right, pivot, true);
  const low = below > left ? ranks.filter((rank) => rank < below) : [];
  const high = ranks.filter((rank) => rank >= rest);
  selectWithin(values, left, below - 1, low, patience - 1);
  selectWithin(values, rest, right, high, patience - 1);
}

/**
 * Moves the values below the pivot (or, if asked, those not above it) to the front; returns where the others begin.
 * Lomuto's scheme without a branch on the data, which a processor would guess wrong half the time.
 */
function partition(
  values: Float64Array,
  left: number,
  right: number,
  pivot: number,
  withEquals: boolean,
): number {
  let end = left;
  for (let i = left; i <= right; i++) {
    const value = values[i];
    values[i] = values[end];
    values[end] = value;
    end += withEquals ? Number(value <= pivot) : Number(value < pivot);
  }
  return end;
}

/** A value whose rank lies, most likely, just beyond `rank` as seen from the nearer end: the short side holds it. */
function pivotNear(values: Float64Array, left: number, right: number, rank: number): number {
  const size = right - left + 1;
  const sample = new Float64Array(2 * Math.floor(Math.sqrt(size)));
  const stride = size / sample.length;
  for (let i = 0; i < sample.length; i++) sample[i] = values[left + Math.floor((i + 0.5) * stride)];
  sample.sort();
  const share = (rank - left) / size;
  const margin = Math.sqrt(sample.length * share * (1 - share)) + 1;
  const aim = Math.floor(share * sample.length + (share < 0.5 ? margin : -margin));
  return sample[Math.min(Math.max(aim, 0), sample.length - 1)];
}
