// How a run shows how far it is: one bar over all units, and files that are rewritten while it goes.
import type { ProgressMetrics, ProgressReporter } from "../io";
import type { CommonConfiguration, Experiment, RunData, Unit } from "./experiment";
import { doneKeys } from "./unit-rows";

interface BarOptions {
  place: string;
  units: readonly Unit[];
  progress: ProgressReporter;
  signal?: AbortSignal;
}

/** Starts one bar over the costs of all units, with what is done already. */
export function startBar<Configuration extends CommonConfiguration>(
  experiment: Experiment<Configuration, RunData, unknown, unknown>,
  configuration: Configuration,
  { place, units, progress, signal }: BarOptions,
) {
  const keys = doneKeys(place);
  const before = (unit: Unit) =>
    keys.has(unit.key) ? unit.cost : (experiment.costDone?.(unit, configuration, place) ?? 0);
  const done = new Map(units.map((unit) => [unit.key, before(unit)]));
  const sum = (values: Iterable<number>) => Array.from(values).reduce((a, b) => a + b, 0);
  const total = sum(units.map(({ cost }) => cost));
  let doneCost = sum(done.values());
  const { counts, label = experiment.name } = experiment;
  const bar = progress(total, { label, unit: counts, initial: doneCost, signal });
  let latest: ProgressMetrics | undefined;
  return {
    state: () => ({ done: doneCost, total }),
    update(unit: Unit, unitDone: number, metrics?: ProgressMetrics) {
      const known = done.get(unit.key) ?? 0; // what was resumed counts from the start
      if (unitDone > known) {
        done.set(unit.key, unitDone);
        doneCost += unitDone - known;
      }
      latest = metrics ?? latest;
      bar.update(doneCost, latest);
    },
    finish: () => bar.finish(),
    fail: bar.fail,
  };
}

/** At most this share of a run's time goes into files that are rewritten after its units. */
const SHOWING_SHARE = 0.1;

/** Does a thing less often than it is asked to where it takes long; `finish` does it where it was left out last. */
export function seldom(action: () => void): { (): void; finish(): void } {
  let [ended, took, due] = [performance.now(), 0, false];
  const act = () => {
    const began = performance.now();
    due = false;
    action();
    ended = performance.now();
    took = ended - began;
  };
  const ask = () => {
    due = true;
    if (performance.now() - ended >= took * (1 / SHOWING_SHARE - 1)) act();
  };
  return Object.assign(ask, { finish: () => due && act() });
}
