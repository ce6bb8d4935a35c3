// The head of a boolean-world run: what notebook, report and index say of it before its numbers.
import { type BooleanRules, documentRules } from "../../data";
import type { Resolved } from "../configuration";
import { describeRun, type RunDescription } from "../describe-run";
import type { BooleanWorldConfiguration } from "./configuration";

/**
 * Describes a run for `announceRun`. The document's data are generated too: nothing here stands in for real ones.
 *
 * @param world.rules by default, the document's
 */
export function describe(
  resolved: Resolved<BooleanWorldConfiguration>,
  { rules = documentRules }: { rules?: BooleanRules } = {},
): Promise<RunDescription> {
  const { seed } = resolved.configuration;
  const dataSource = `Examples of ${rules.rules.length} rules over ${2 ** rules.inputs.length} states (seed ${seed})`;
  return describeRun("Boolean world: a tiny language model learns causal rules", resolved, {
    dataSource,
    synthetic: false,
  });
}
