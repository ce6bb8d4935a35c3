// Per-sample diagnostics of a recursive reasoner (HRM, TRM), in the .npz layout that analyze_2x2.py reads.
// Source: blackhao0426, rrm workspace, research/flossing/analysis_2x2/analyze_2x2.py (head comment and `analyze`).
// drift_zH, drift_zL: how far the high and low latent state move in each ACT step; lyap_spec: the finite-time Lyapunov
// spectrum, largest first; q_halt, q_continue: logits of the halting head. q_continue and idx are optional and unused.

import { type NpyArray, NpzError, type NumberArray, readNpz, type WritableArray, writeNpz } from "../io";
import { displayShape } from "../io/array-file-error";

/** Diagnostics of N samples over T steps of adaptive computation time, with K Lyapunov exponents. */
export interface Diagnostics {
  samples: number;
  steps: number;
  exponents: number;
  /** Norm of the change of the high-level state in each step, [samples, steps]. */
  driftHigh: Float64Array;
  /** Norm of the change of the low-level state in each step, [samples, steps]. */
  driftLow: Float64Array;
  /** What driftHigh was stored in: the document's `evolution` computes in the stored precision, `analyze` in float64. */
  driftPrecision: "float32" | "float64";
  /** Finite-time Lyapunov exponents per step, natural logarithm, largest first, [samples, exponents]. */
  lyapunov: Float64Array;
  /** 1 where the whole answer is right, else 0, [samples]. */
  correct: Float64Array;
  /** Share of the answer's tokens that are right, [samples]. */
  tokenAccuracy: Float64Array;
  /** The step, from 1, at which the halting head stops; `steps` where it never does, [samples]. */
  haltedAt: Float64Array;
  /** Logit of halting at each step, [samples, steps]. */
  haltLogit: Float64Array;
  /** Logit of continuing at each step, [samples, steps]. */
  continueLogit?: Float64Array;
  /** Where each sample stands in the data set, [samples]. */
  index?: Float64Array;
}

const LATE_STEPS = 4; // the analysis averages the drift of the last four steps

type Axis = "samples" | "steps" | "exponents";

type Key = "drift_zH" | "drift_zL" | "lyap_spec" | "exact_correct" | "token_acc" | "halted_at" | "q_halt";

const AXES: Record<Key, readonly Axis[]> = {
  drift_zH: ["samples", "steps"],
  drift_zL: ["samples", "steps"],
  lyap_spec: ["samples", "exponents"],
  exact_correct: ["samples"],
  token_acc: ["samples"],
  halted_at: ["samples"],
  q_halt: ["samples", "steps"],
};
const KEYS = Object.keys(AXES) as Key[];

/**
 * Reads diagnostics from an .npz file; keys it does not know are not looked at.
 *
 * @param path the .npz file
 * @throws {NpzError} naming file, key and expectation where a key is missing, its rank or lengths do not fit the others,
 *   there is no sample, labels are not 0 or 1, a drift is negative, NaN or infinite, or an exponent is NaN
 * @example
 * import { rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { loadDiagnostics, saveDiagnostics, synthesizeDiagnostics } from "dolab";
 * const path = join(tmpdir(), `diagnostics-${process.pid}-read.npz`);
 * saveDiagnostics(path, synthesizeDiagnostics({ seed: 1, samples: 64 }));
 * const { samples, steps } = loadDiagnostics(path);
 * [samples, steps]; // => [64, 16]
 * rmSync(path);
 */
export function loadDiagnostics(path: string): Diagnostics {
  const arrays = readNpz(path, { keys: KEYS });
  const size = checkShapes(path, arrays);
  const values = (key: Key) => Float64Array.from(get(path, arrays, key).data);
  const check = (key: Key, rule: string, valid: (value: number) => boolean): Float64Array => {
    const checked = values(key);
    const wrong = checked.findIndex((value) => !valid(value));
    if (wrong < 0) return checked;
    const sample = Math.floor(wrong / (checked.length / size.samples));
    throw new NpzError(path, key, rule, `${checked[wrong]} at sample ${sample}`);
  };
  return {
    ...size,
    driftHigh: check("drift_zH", "drifts are finite and not negative", isDrift),
    driftLow: check("drift_zL", "drifts are finite and not negative", isDrift),
    driftPrecision: precisionOf(path, get(path, arrays, "drift_zH")),
    lyapunov: check("lyap_spec", "Lyapunov exponents are numbers", (value) => !Number.isNaN(value)),
    correct: check("exact_correct", "labels are 0 or 1", (value) => value === 0 || value === 1),
    tokenAccuracy: values("token_acc"),
    haltedAt: values("halted_at"),
    haltLogit: values("q_halt"),
    ...readUnused(path, "continueLogit", "q_continue", [size.samples, size.steps]),
    ...readUnused(path, "index", "idx", [size.samples]),
  };
}

/**
 * Writes diagnostics with the keys and dtypes of the document's files, atomically: floats as float32 where that loses
 * nothing, else float64; labels as bool, steps as int32, indices as int64 (0, 1, ... where `index` is absent).
 *
 * @param path the .npz file to create or replace
 * @param diagnostics what it is to hold
 * @throws {RangeError} where an array does not have the length that samples, steps and exponents give it, a label is
 *   not 0 or 1, or a step no whole number
 * @example
 * import { rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { readNpz, saveDiagnostics, synthesizeDiagnostics } from "dolab";
 * const path = join(tmpdir(), `diagnostics-${process.pid}-write.npz`);
 * saveDiagnostics(path, synthesizeDiagnostics({ seed: 1, samples: 64 }));
 * readNpz(path).get("drift_zH")!.shape; // => [64, 16]
 * rmSync(path);
 */
export function saveDiagnostics(path: string, diagnostics: Diagnostics): void {
  const { samples, steps, exponents, driftPrecision, correct, haltedAt, continueLogit } = diagnostics;
  const float = (data: Float64Array, shape: number[], narrow = true): WritableArray => {
    const single = Float32Array.from(data);
    return { data: narrow && sameNumbers(single, data) ? single : data, shape };
  };
  const single = driftPrecision === "float32";
  const index = diagnostics.index ?? Float64Array.from({ length: samples }, (_, place) => place);
  const labels = Uint8Array.from(correct);
  const stops = Int32Array.from(haltedAt);
  if (!sameNumbers(labels, correct))
    throw new RangeError(`Cannot write ${path} as correct holds only 0 and 1`);
  if (!sameNumbers(stops, haltedAt))
    throw new RangeError(`Cannot write ${path} as haltedAt holds only whole numbers`);
  writeNpz(path, {
    drift_zH: float(diagnostics.driftHigh, [samples, steps], single),
    drift_zL: float(diagnostics.driftLow, [samples, steps], single),
    lyap_spec: float(diagnostics.lyapunov, [samples, exponents]),
    exact_correct: { dtype: "bool", data: labels, shape: [samples] },
    token_acc: float(diagnostics.tokenAccuracy, [samples]),
    halted_at: { data: stops, shape: [samples] },
    q_halt: float(diagnostics.haltLogit, [samples, steps]),
    ...(continueLogit === undefined ? {} : { q_continue: float(continueLogit, [samples, steps]) }),
    idx: { dtype: "int64", data: index, shape: [samples] },
  });
}

function sameNumbers(stored: NumberArray, values: Float64Array): boolean {
  return values.every(
    (value, place) => stored[place] === value || (Number.isNaN(stored[place]) && Number.isNaN(value)),
  );
}

function isDrift(value: number): boolean {
  return value >= 0 && value < Number.POSITIVE_INFINITY;
}

function get(path: string, arrays: Map<string, NpyArray>, key: Key): NpyArray {
  const array = arrays.get(key);
  if (array !== undefined) return array;
  const present =
    arrays.size === 0 ? "none of the keys of diagnostics" : `only ${[...arrays.keys()].join(", ")}`;
  throw new NpzError(path, key, `diagnostics need it with axes ${AXES[key].join(" and ")}`, present);
}

/** Checks that the arrays share their axes, and returns the length of each axis. */
function checkShapes(path: string, arrays: Map<string, NpyArray>): Record<Axis, number> {
  for (const key of KEYS) {
    const { shape } = get(path, arrays, key);
    const found = `shape ${displayShape(shape)}`;
    const axes = AXES[key];
    if (shape.length !== axes.length)
      throw new NpzError(
        path,
        key,
        `its shape is (${axes.join(", ")}${axes.length === 1 ? "," : ""})`,
        found,
      );
    axes.forEach((axis, place) => {
      const least = axis === "steps" ? LATE_STEPS : 1;
      if (shape[place] < least) throw new NpzError(path, key, `it has at least ${least} ${axis}`, found);
    });
  }
  const sizeOf = (axis: Axis) => {
    const sized = KEYS.filter((key) => AXES[key].includes(axis)).map((key) => {
      const { shape } = get(path, arrays, key);
      return { key, shape, size: shape[AXES[key].indexOf(axis)] };
    });
    // Where lengths differ, the array to name is one that differs from most.
    const alike = ({ size }: { size: number }) => sized.filter((other) => other.size === size).length;
    const usual = sized.reduce((best, candidate) => (alike(candidate) > alike(best) ? candidate : best));
    const odd = sized.find(({ size }) => size !== usual.size);
    if (odd) {
      const rule = `it has the ${usual.size} ${axis} of "${usual.key}"`;
      throw new NpzError(path, odd.key, rule, `shape ${displayShape(odd.shape)}`);
    }
    return usual.size;
  };
  return { samples: sizeOf("samples"), steps: sizeOf("steps"), exponents: sizeOf("exponents") };
}

function precisionOf(path: string, { dtype }: NpyArray): "float32" | "float64" {
  if (dtype === "float16")
    throw new NpzError(path, "drift_zH", "drifts are float32 or float64: save them so", dtype);
  return dtype === "float32" ? "float32" : "float64";
}

/** Reads an array that nothing computes with: where it is absent or not as expected, the field is left out. */
function readUnused(
  path: string,
  field: "continueLogit" | "index",
  key: string,
  shape: number[],
): Partial<Diagnostics> {
  let array: NpyArray<NumberArray> | undefined;
  try {
    array = readNpz(path, { keys: [key] }).get(key);
  } catch (error) {
    if (!(error instanceof NpzError)) throw error;
  }
  return array?.shape.join() === shape.join() ? { [field]: Float64Array.from(array.data) } : {};
}
