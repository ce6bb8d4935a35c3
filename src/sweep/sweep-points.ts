// The points of a sweep: a point is a configuration of the experiment, and its units are the experiment's own. Points are
// numbered, the grid's last parameter changes fastest, and each is found from its number alone: a process that does one unit
// of a million need not know the others.
import { createHash } from "node:crypto";
import { resolveConfiguration } from "../experiments/configuration";
import type { CommonConfiguration, Experiment, Unit } from "../experiments/experiment";
import { experimentNamed } from "../experiments/registry";
import { unitsOf } from "../experiments/run-experiment";
import { decidingPart } from "../experiments/saved-run";
import type { PlainObject } from "../io/plain-data";
import type { Sweep } from "./sweep-file";

/** So many points or units, and no more, are planned. */
const MOST = 1_000_000;

export interface SweepPoint {
  /** Its number, from 0. */
  index: number;
  /** Its folder's name. */
  name: string;
  /** The parameters in which points differ. */
  varied: PlainObject;
  configuration: CommonConfiguration;
  units: Unit[];
}

export interface SweepPoints {
  experiment: Experiment;
  count: number;
  /** The parameters in which points differ, in the order of the file. */
  varied: string[];
  /** @throws {RangeError} where its configuration is none of the experiment's */
  at(index: number): SweepPoint;
}

/** A parameter of the grid, or of the rows, which are one axis together. */
interface Axis {
  key: string;
  values: readonly unknown[];
  /** What stands for each value in a folder's name. */
  names: string[];
  isVaried: boolean;
}

function axisOf(key: string, values: readonly unknown[]): Axis {
  const names = namesOf(values);
  return { key, values, names, isVaried: new Set(names).size > 1 };
}

/**
 * Finds the points of a sweep without looking at any.
 *
 * @param sweep what the sweep file says
 * @throws {RangeError} where there are none, or too many, or rows and grid both set a parameter
 */
export function pointsOf({ experiment: reference, preset, grid, rows }: Sweep): SweepPoints {
  const experiment = experimentNamed(reference);
  const axes = Object.entries(grid).map(([key, values]) => axisOf(key, values));
  const rowKeys = Array.from(new Set(rows.flatMap((row) => Object.keys(row))));
  const columns = rowKeys.map((key) =>
    axisOf(
      key,
      rows.map((row) => row[key]),
    ),
  );
  const refuse = (why: string) => new RangeError(`Cannot sweep ${experiment.name} as ${why}`);
  if (axes.length === 0 && rowKeys.length === 0)
    throw refuse(
      "it needs points: give `grid` a list of values for a parameter, or `rows` points one by one",
    );
  const both = rowKeys.find((key) => key in grid);
  if (both !== undefined) throw refuse(`a parameter is set by rows or by the grid: got "${both}" in both`);
  const empty = axes.find(({ values }) => values.length === 0);
  if (empty) throw refuse(`each parameter of the grid needs a value: got none for "${empty.key}"`);
  const count = axes.reduce((product, { values }) => product * values.length, rows.length);
  if (count > MOST) throw refuse(`it may have ${shown(MOST)} points at most: got ${shown(count)}`);
  const varied = [...columns, ...axes].filter(({ isVaried }) => isVaried).map(({ key }) => key);
  return {
    experiment,
    count,
    varied,
    at(index) {
      const { row, places } = placesOf(index, axes);
      const chosen = [
        ...columns.map((column) => ({ ...column, place: row })),
        ...axes.map((axis, i) => ({ ...axis, place: places[i] })),
      ];
      const values: PlainObject = { ...rows[row] };
      for (const [i, axis] of axes.entries()) values[axis.key] = axis.values[places[i]];
      const parts = chosen
        .filter(({ isVaried }) => isVaried)
        .map(({ key, names, place }) => `${key}=${names[place]}`);
      const { configuration: resolved } = resolveConfiguration(experiment, { preset, ...values });
      const configuration = resolved as unknown as CommonConfiguration;
      if (configuration.load) throw refuse('"load" shows saved results: a sweep computes its own');
      return {
        index,
        name: pointName(parts, index),
        varied: Object.fromEntries(varied.map((key) => [key, values[key]])),
        configuration,
        units: unitsOf(experiment, configuration),
      };
    },
  };
}

/** All points, and how many units they have. */
export interface SweepPlan extends SweepPoints {
  points: SweepPoint[];
  units: number;
  cost: number;
}

/**
 * Looks at every point of a sweep; nothing is run.
 *
 * @param sweep what the sweep file says
 * @returns its points with their units, how many units there are, and what they cost in what the experiment counts
 * @throws {RangeError} where there are no points or too many, two are the same, rows and grid both set a parameter, or a value
 *   is out of range
 * @example
 * import { planSweep, readSweepFile } from "dolab";
 * const sweep = await readSweepFile("data/sweeps/w2-ten-seeds.yaml");
 * const { points, units } = planSweep({ ...sweep, rows: [{}], grid: { seed: [0, 10], seeds: [2] } });
 * points.map(({ name }) => name); // => ["seed=0", "seed=10"]
 * units; // => 4
 */
export function planSweep(sweep: Sweep): SweepPlan {
  const found = pointsOf(sweep);
  const { experiment, count } = found;
  const seen = new Map<string, number>();
  const points: SweepPoint[] = [];
  let [units, cost] = [0, 0];
  for (let index = 0; index < count; index++) {
    const point = found.at(index);
    const digest = digestOf(decidingPart(experiment, point.configuration));
    const same = seen.get(digest);
    if (same !== undefined)
      throw new RangeError(
        `Cannot sweep ${experiment.name} as each point must be one of its own: point ${index + 1} is the same as point ${same + 1} (${JSON.stringify(point.varied)})`,
      );
    seen.set(digest, index);
    points.push(point);
    units += point.units.length;
    cost += point.units.reduce((sum, unit) => sum + unit.cost, 0);
    if (units > MOST)
      throw new RangeError(
        `Cannot sweep ${experiment.name} as it may have ${shown(MOST)} units at most: got ${shown(units)} in ${shown(index + 1)} of ${shown(count)} points`,
      );
  }
  return { ...found, points, units, cost };
}

/** Where a point stands: its row, and which value of each axis. */
function placesOf(index: number, axes: readonly Axis[]): { row: number; places: number[] } {
  const places: number[] = [];
  let rest = index;
  for (const { values } of axes.slice().reverse()) {
    places.unshift(rest % values.length);
    rest = Math.floor(rest / values.length);
  }
  return { row: rest, places };
}

const [LONGEST_VALUE, LONGEST_NAME] = [30, 150];

/** A name for each value, of letters that any disk takes; different values with the same name get their place too. */
function namesOf(values: readonly unknown[]): string[] {
  const texts = values.map((value) =>
    typeof value === "string" ? value : (JSON.stringify(value) ?? "default"),
  );
  const names = texts.map(
    (text) => text.replace(/["[\]{}]/g, "").replace(/[^A-Za-z0-9.+-]+/g, "-") || "none",
  );
  const first = new Map<string, number>();
  const meant = new Map<string, Set<string>>();
  for (const [i, text] of texts.entries()) {
    if (!first.has(text)) first.set(text, i);
    const name = names[i].toLowerCase();
    meant.set(name, (meant.get(name) ?? new Set()).add(text));
  }
  return names.map((name, i) =>
    name.length > LONGEST_VALUE || (meant.get(name.toLowerCase())?.size ?? 0) > 1
      ? `${name.slice(0, LONGEST_VALUE)}-${(first.get(texts[i]) ?? i) + 1}`
      : name,
  );
}

function pointName(parts: readonly string[], index: number): string {
  const name = parts.join("_") || "all";
  return name.length > LONGEST_NAME ? `point-${index + 1}` : name;
}

const digestOf = (value: object) => createHash("sha256").update(JSON.stringify(value)).digest("base64");

/** A count as people read it: 1,000,000. */
export const shown = (count: number): string => count.toLocaleString("en-US");
