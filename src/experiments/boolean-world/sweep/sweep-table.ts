// A sweep's rows summed up: by number of held-out states how exact the answers are, and which values are right.
import { parseStates } from "../../../data";
import { createRandom } from "../../../random";
import { bootstrapInterval, mean, wilsonInterval } from "../../../stats";
import type { BooleanWorldConfiguration } from "../configuration";
import { type NeighbourBaseline, neighbourBaseline } from "./neighbour-baseline";
import { type TrialRow, type TrialWorld, trialWorlds } from "./trials";

export interface SweepTableRow {
  world: TrialWorld;
  states: number;
  excluded: number;
  trainings: number;
  /** Mean shares of exact answers. */
  seen_exact: number;
  excluded_exact: number;
  /** The interval of `excluded_exact`; NaN with a single training. */
  low: number;
  high: number;
  /**
   * "bootstrap" over trainings or, where all agree and a bootstrap has no width, "Wilson" over all their answers: as if
   * these were independent, so that it is rather too narrow.
   */
  interval: "bootstrap" | "Wilson" | "none";
  /** What copying the answer of the nearest states that were read would give. */
  neighbours_exact: number;
}

/**
 * Sums a sweep up: one row for each world and number of held-out states.
 *
 * @param rows the sweep's trainings, all or some
 * @param settings the seed, replicates and level of the intervals
 * @example
 * import { booleanWorld } from "dolab";
 * const run = booleanWorld.referenceRun();
 * const [first] = booleanWorld.sweepTable(run.rows, run.configuration);
 * [first.excluded, first.states, first.trainings]; // => [1, 32, 3]
 */
export function sweepTable(
  rows: readonly TrialRow[],
  settings: Pick<BooleanWorldConfiguration, "seed" | "replicates" | "level">,
): SweepTableRow[] {
  return groupsOf(rows).map((group) => {
    const { world, states, excluded } = group[0];
    return {
      world,
      states,
      excluded,
      trainings: group.length,
      seen_exact: mean(group.map((row) => row.seen_exact)),
      excluded_exact: mean(group.map((row) => row.excluded_exact)),
      ...intervalOf(group, settings),
      neighbours_exact: mean(group.map((row) => neighboursOf(row).exact)),
    };
  });
}

export interface SweepPartsRow {
  world: TrialWorld;
  states: number;
  excluded: number;
  /** An output or sum, or "whole answer". */
  value: string;
  /** Mean shares of held-out states for which it is right: as the model says it, and copied from the nearest states. */
  right: number;
  neighbours_right: number;
}

/**
 * Sums a sweep up by values: one row for each world, number of held-out states, and value of the answer.
 *
 * @param rows the sweep's trainings, all or some
 * @example
 * import { booleanWorld } from "dolab";
 * const run = booleanWorld.referenceRun();
 * const [first] = booleanWorld.sweepPartsTable(run.rows);
 * [first.value, first.right]; // => ["newA", 1]
 */
export function sweepPartsTable(rows: readonly TrialRow[]): SweepPartsRow[] {
  return groupsOf(rows).flatMap((group) => {
    const { world, states, excluded } = group[0];
    const baselines = group.map(neighboursOf);
    const line = (value: string, right: number, neighbours_right: number): SweepPartsRow => ({
      world,
      states,
      excluded,
      value,
      right,
      neighbours_right,
    });
    return [
      ...Object.keys(group[0].excluded_parts).map((name) =>
        line(
          name,
          mean(group.map((row) => row.excluded_parts[name])),
          mean(baselines.map(({ parts }) => parts[name])),
        ),
      ),
      line(
        "whole answer",
        mean(group.map((row) => row.excluded_exact)),
        mean(baselines.map(({ exact }) => exact)),
      ),
    ];
  });
}

/** Trainings of the same world and number of held-out states. */
function groupsOf(rows: readonly TrialRow[]): TrialRow[][] {
  const groups = new Map<string, TrialRow[]>();
  for (const row of rows) {
    const name = nameOf(row);
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups.values()];
}

const nameOf = ({ world, excluded }: TrialRow) => `${world} ${excluded}`;

/** What copying would answer for the held-out states of a training. */
export function neighboursOf({ world, without }: TrialRow): NeighbourBaseline {
  const rules = trialWorlds[world];
  return neighbourBaseline(rules, parseStates(rules, without));
}

function intervalOf(
  group: readonly TrialRow[],
  { seed, replicates, level }: Pick<BooleanWorldConfiguration, "seed" | "replicates" | "level">,
): Pick<SweepTableRow, "low" | "high" | "interval"> {
  const shares = group.map((row) => row.excluded_exact);
  if (group.length < 2) return { low: NaN, high: NaN, interval: "none" };
  if (shares.every((share) => share === shares[0])) {
    const answers = group.reduce((sum, { excluded }) => sum + excluded, 0);
    const { low, high } = wilsonInterval(Math.round(shares[0] * answers), answers, { level });
    return { low, high, interval: "Wilson" };
  }
  const rng = createRandom(seed).split(nameOf(group[0]));
  const meanOf = (indices: Int32Array) => mean(Array.from(indices, (i) => shares[i]));
  const { low, high } = bootstrapInterval(group.length, meanOf, { rng, replicates, level });
  return { low, high, interval: "bootstrap" };
}
