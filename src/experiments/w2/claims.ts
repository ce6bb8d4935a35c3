// What W2 claims, beside what the authors' published run found: seeds 0 to 2, ResNet-18 of width 64, all of CIFAR-10, 50 + 80
// epochs and 30 after the jump (W2_results.json of their repository).
import { createRandom } from "../../random";
import { mean } from "../../stats";
import { type Claim, claimVerdict, type Verdict } from "../claims";
import type { W2Run } from "./experiment";
import { checkpointTable } from "./results/checkpoint-worth";
import { gapInterval, gapsByTarget, strongGap } from "./results/gaps";

const source = "the authors' W2_results.json, three seeds";

/** Mean gaps of the authors' run by target. */
const publishedGaps: Readonly<Record<string, string>> = { 0.4: "44.8 %", 0.5: "44.7 %", 0.55: "44.1 %" };

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** @param run finished or not */
export function claims({ results, configuration }: Pick<W2Run, "results" | "configuration">): Claim[] {
  const rows = checkpointTable(results, configuration);
  const unworthy = rows.filter(({ worthy }) => !worthy).length;
  return [
    ...(["ordered", "collapse"] as const).map((checkpoint): Claim => {
      const own = rows.filter((row) => row.checkpoint === checkpoint);
      const errors = own.map(({ test_error }) => percent(test_error)).join(", ");
      const threshold = percent(configuration[`${checkpoint}Threshold`]);
      const published = checkpoint === "ordered" ? "13.2, 13.4, 13.3 %" : "79.0, 48.6, 58.7 %";
      return {
        claim: `Training at λ = ${configuration[`${checkpoint}Lambda`]} ends ${checkpoint === "ordered" ? "ordered, below" : "collapsed, above"} ${threshold} test error, for every seed`,
        published: { value: published, source },
        found: errors || "no seed is done",
        verdict:
          own.length === 0
            ? "cannot be told here"
            : own.every(({ worthy }) => worthy)
              ? "shown"
              : "not shown",
      };
    }),
    ...gapsByTarget(results, configuration.targets).map(({ target, gaps }): Claim => {
      const { seed, replicates, level } = configuration;
      const rng = createRandom(seed).split(`gap ${target}`);
      const { low, high } = gapInterval(gaps, { rng, replicates, level });
      const published = publishedGaps[target];
      const [verdict, why] = gapVerdict(gaps, { low, high }, unworthy);
      return {
        claim: `At λ = ${target}, reached by a jump, the network that had collapsed still errs on more than ${percent(strongGap)} more images than the one that was ordered`,
        published: published ? { value: `${published} on average`, source } : null,
        found:
          gaps.length === 0
            ? "no seed is done"
            : `${percent(mean(gaps))}${gaps.length > 1 ? ` (${percent(low)} to ${percent(high)})` : ""}, ${gaps.length} ${gaps.length === 1 ? "seed" : "seeds"}`,
        verdict,
        why,
      };
    }),
  ];
}

function gapVerdict(
  gaps: readonly number[],
  { low, high }: { low: number; high: number },
  unworthy: number,
): [Verdict, string?] {
  if (gaps.length === 0) return ["cannot be told here", "no seed is done"];
  if (unworthy > 0)
    return ["cannot be told here", `${unworthy} checkpoints are not in the state that they are named after`];
  if (gaps.length === 1)
    return [gaps[0] > strongGap ? "shown" : "not shown", "a single seed, which has no interval"];
  return [claimVerdict(low, high, [strongGap, Number.POSITIVE_INFINITY])];
}
