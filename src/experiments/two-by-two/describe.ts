// The head of a 2x2 run: what notebook, report and index say of it before its numbers.
import type { Resolved } from "../configuration";
import { describeRun, type RunDescription } from "../describe-run";
import type { TwoByTwoConfiguration } from "./configuration";
import type { RunData } from "./diagnostics-sources";

/** Describes a run for `announceRun`. */
export const describe = (run: Resolved<TwoByTwoConfiguration>, data: RunData): Promise<RunDescription> =>
  describeRun("Convergence × correctness of recursive reasoners", run, data);
