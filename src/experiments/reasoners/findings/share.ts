// A share of a number of samples with its interval.
import { wilsonInterval } from "../../../stats";

/** Limits are Wilson's; NaN where there are no samples. */
export interface Share {
  count: number;
  of: number;
  low: number;
  high: number;
}

export function share(count: number, of: number, level: number): Share {
  if (of === 0) return { count, of, low: Number.NaN, high: Number.NaN };
  const { low, high } = wilsonInterval(count, of, { level });
  return { count, of, low, high };
}
