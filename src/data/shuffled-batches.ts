// Batches of indices in a new order each epoch. The order is a function of the generator's seed and the epoch alone, so
// that any batch can be had at any time, and a resumed run sees the batches that an uninterrupted one sees.
import { requireKnownOptions } from "../io/known-options";
import type { Random } from "../random";
import { requireRandom } from "../random/require-random";

export interface ShuffledBatches {
  /** Batches in an epoch. */
  readonly perEpoch: number;
  /**
   * @param epoch from 0
   * @param batch from 0 to `perEpoch` - 1
   * @returns [batchSize]; the last batch of an epoch may be shorter
   * @throws {RangeError} for other numbers
   */
  at(epoch: number, batch: number): Int32Array;
}

/**
 * Deals out the indices 0 to count - 1 in batches, each index once an epoch.
 *
 * @param count how many indices there are
 * @param batchSize how many indices a batch has
 * @param options.rng gives the seed; it is not drawn from, and how far it has been drawn does not matter
 * @param options.dropLast whether a last batch that is not full is left out; by default it is dealt
 * @throws {RangeError} where count or batchSize is no whole number of at least 1, or no batch is full and that is dropped
 * @example
 * import { createRandom } from "dolab";
 * const batches = shuffledBatches(10, 4, { rng: createRandom(1) });
 * batches.perEpoch; // => 3
 * const epoch = [0, 1, 2].flatMap((batch) => [...batches.at(7, batch)]);
 * epoch.sort((a, b) => a - b); // => [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
 */
export function shuffledBatches(
  count: number,
  batchSize: number,
  options: { rng: Random; dropLast?: boolean },
): ShuffledBatches {
  requireKnownOptions("deal batches", options, ["rng", "dropLast"]);
  const { rng, dropLast = false } = options;
  requireRandom("deal batches", rng);
  for (const [what, value] of Object.entries({ count, batchSize }))
    if (!Number.isInteger(value) || value < 1 || value >= 2 ** 31)
      throw new RangeError(
        `Cannot deal batches as ${what} is a whole number from 1 to 2^31 - 1: got ${value}`,
      );
  const perEpoch = dropLast ? Math.floor(count / batchSize) : Math.ceil(count / batchSize);
  if (perEpoch === 0) {
    const rule = `with dropLast a batch has at most the ${count} indices`;
    throw new RangeError(`Cannot deal batches as ${rule}: got batchSize ${batchSize}`);
  }
  let shuffled: { epoch: number; order: Int32Array } | undefined; // [count], of the epoch asked for last
  return {
    perEpoch,
    at(epoch, batch) {
      if (!Number.isInteger(epoch) || epoch < 0)
        throw new RangeError(`Cannot deal a batch as its epoch is a whole number from 0: got ${epoch}`);
      if (!Number.isInteger(batch) || batch < 0 || batch >= perEpoch)
        throw new RangeError(`Cannot deal a batch as an epoch has ${perEpoch}: got batch ${batch}`);
      if (shuffled?.epoch !== epoch) shuffled = { epoch, order: rng.split(epoch).permutation(count) };
      return shuffled.order.slice(batch * batchSize, (batch + 1) * batchSize);
    },
  };
}
