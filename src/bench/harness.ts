// Runs a benchmark: warms both sides up, lets them take turns (ours, peer, ours, peer ...), and takes medians. The ratio
// is taken pair by pair and then its median: whatever else the machine does slows both halves of a pair alike.
import { median } from "../stats";
import type { Benchmark, Measure, Result, Side, Target, Turn } from "./benchmark";

/** A median, and between which values the others lie. */
export interface Spread {
  median: number;
  least: number;
  greatest: number;
  /** The values in the order of the turns. */
  values: number[];
}

export interface Verdict {
  met: boolean;
  /** How far beyond the target the median lies, as a share of the target; 0 where it is met. */
  missedBy: number;
}

export interface MeasuredRow {
  title: string;
  unit: Measure["unit"];
  ours: Spread;
  peerName?: string;
  peer?: Spread;
  /** Ours divided by the peer's: below 1, ours is faster. */
  ratio?: Spread;
  target?: Target;
  verdict?: Verdict;
}

export interface Measurement {
  rows: MeasuredRow[];
  /** Versions of the libraries on the peer's side. */
  peerVersions: Readonly<Record<string, string>>;
}

/**
 * Runs one benchmark from start to end.
 *
 * @param onTurn told after each turn how many of how many are done
 * @throws {Error} if a side fails or does not report a measure, or if the two do not compute the same
 */
export async function measure(
  benchmark: Benchmark,
  onTurn: (done: number, total: number) => void = () => {},
): Promise<Measurement> {
  const { name, measures, warmUps, turns, repeat = 1 } = benchmark;
  const { ours, peer } = await benchmark.start();
  const sides = peer ? [ours, peer] : [ours];
  const total = (warmUps + turns) * sides.length;
  try {
    const rounds: Turn[][] = []; // [round][side]
    for (let round = 0; round < warmUps + turns; round++) {
      rounds.push([]);
      for (const [index, side] of sides.entries()) {
        rounds[round].push(await side.turn(repeat));
        onTurn(round * sides.length + index + 1, total);
      }
      requireAgreement(name, rounds[round]);
    }
    const counted = rounds.slice(warmUps);
    const rows = measures.map((measure) => {
      const [oursValues, peerValues] = sides.map((_, side) =>
        counted.map((round) => reportedValue(name, measure.key, round[side])),
      );
      return toRow(measure, oursValues, peerValues);
    });
    return { rows, peerVersions: (await peer?.versions?.()) ?? {} };
  } finally {
    await Promise.all(sides.map((side: Side) => side.close?.()));
  }
}

/** @param values at least one */
export function spread(values: readonly number[]): Spread {
  return {
    median: median(values),
    least: Math.min(...values),
    greatest: Math.max(...values),
    values: [...values],
  };
}

/** @returns undefined where nothing is aimed at */
export function judge(target: Target | undefined, ours: Spread, ratio?: Spread): Verdict | undefined {
  if (!target) return undefined;
  if ("ratioAtMost" in target && !ratio)
    throw new TypeError("Cannot judge a ratio as there is no peer to take it to");
  const [value, most] =
    "atMost" in target ? [ours.median, target.atMost] : [ratio!.median, target.ratioAtMost];
  const met = value <= most; // false for NaN
  return { met, missedBy: met ? 0 : value / most - 1 };
}

function toRow({ title, unit, peer, target }: Measure, ours: number[], peers?: number[]): MeasuredRow {
  const row: MeasuredRow = { title, unit, ours: spread(ours) };
  if (peers) {
    row.peerName = peer;
    row.peer = spread(peers);
    row.ratio = spread(ours.map((value, turn) => value / peers[turn]));
  }
  const verdict = judge(target, row.ours, row.ratio);
  return verdict ? { ...row, target, verdict } : row;
}

function reportedValue(benchmark: string, key: string, { values }: Turn): number {
  const value = values[key];
  if (!Number.isFinite(value))
    throw new TypeError(`Cannot measure ${benchmark} as each side must report "${key}": got ${value}`);
  return value;
}

const agreement = 1e-9;

/** Two sides that compute different things are not compared. */
function requireAgreement(benchmark: string, [ours, peer]: Turn[]) {
  for (const [key, result] of Object.entries(peer?.results ?? {})) {
    const [expected, found] = [result, ours.results?.[key]].map(toList);
    const agree =
      expected.length === found.length &&
      expected.every((value, i) => Math.abs(value - found[i]) <= agreement * Math.max(1, Math.abs(value)));
    if (agree) continue;
    throw new Error(
      `Cannot compare ${benchmark} as both sides must compute the same "${key}": got ${show(found)}, the peer ${show(expected)}`,
    );
  }
}

const toList = (result: Result | undefined): readonly number[] =>
  result === undefined ? [] : typeof result === "number" ? [result] : result;
const show = (values: readonly number[]) =>
  `[${values.slice(0, 8).join(", ")}${values.length > 8 ? ", …" : ""}]`;
