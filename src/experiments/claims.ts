// Claims: what an experiment says, sentence by sentence, beside what its document's authors found. Each is computed from a run
// and can come out either way.

export type Verdict = "shown" | "not shown" | "cannot be told here";

export interface Claim {
  /** One sentence that a run can contradict. */
  claim: string;
  /** The authors' number and where they published it; null where they gave none. */
  published: { value: string; source: string } | null;
  /** This run's number, with its interval where there is one. */
  found: string;
  verdict: Verdict;
  /** Why it cannot be told, or what to bear in mind; a sentence without its full stop. */
  why?: string;
}

/**
 * Decides a claim about a number by its interval.
 *
 * @param low the interval's lower end; NaN where there is none
 * @param high its upper end; NaN where there is none
 * @param claimed the range that the claim allows; an open end is -Infinity or Infinity
 * @returns "shown" where the whole interval lies in the claimed range, "not shown" where none of it does, and else, or
 *   without an interval, "cannot be told here"
 * @example
 * import { claimVerdict } from "dolab";
 * claimVerdict(0.12, 0.3, [0.1, Infinity]); // => "shown"
 * claimVerdict(0.02, 0.3, [0.1, Infinity]); // => "cannot be told here"
 * claimVerdict(0.02, 0.05, [0.1, Infinity]); // => "not shown"
 */
export function claimVerdict(low: number, high: number, [least, most]: readonly [number, number]): Verdict {
  if (low >= least && high <= most) return "shown";
  if (high < least || low > most) return "not shown";
  return "cannot be told here";
}

/**
 * Says how many claims a run shows.
 *
 * @param claims all claims of the run
 * @example
 * import { claimCount } from "dolab";
 * claimCount([{ claim: "a", published: null, found: "1", verdict: "shown" }]); // => "1 of 1 claims shown"
 */
export const claimCount = (claims: readonly Claim[]): string =>
  `${claims.filter(({ verdict }) => verdict === "shown").length} of ${claims.length} claims shown`;
