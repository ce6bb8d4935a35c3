import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Diagnostics, loadDiagnostics, logLateDrift, saveDiagnostics } from "../../src/data";
import { NpzError, readNpz, type WritableArray, writeNpz } from "../../src/io";
import { fixture, scratchFile, scratchFolder } from "../io/scratch";

/** The fixture's arrays, some of them changed or (where undefined) left out, as a file. */
function changed(
  t: Parameters<typeof scratchFolder>[0],
  changes: Record<string, WritableArray | undefined>,
): string {
  const arrays = new Map<string, WritableArray>(readNpz(fixture("diagnostics.npz")));
  for (const [key, array] of Object.entries(changes)) {
    if (array === undefined) arrays.delete(key);
    else arrays.set(key, array);
  }
  const path = join(scratchFolder(t), "changed.npz");
  writeNpz(path, arrays);
  return path;
}

/** A float32 array of the fixture with one value replaced. */
function withValue(key: string, place: number, value: number): Record<string, WritableArray> {
  const { shape, data } = readNpz(fixture("diagnostics.npz")).get(key)!;
  const copy = Float32Array.from(data);
  copy[place] = value;
  return { [key]: { shape, data: copy } };
}

test("loadDiagnostics() reads the arrays of a trained reasoner's file under whole-word names", () => {
  const diagnostics = loadDiagnostics(fixture("diagnostics.npz"));
  const arrays = readNpz(fixture("diagnostics.npz"));
  const { samples, steps, exponents, driftPrecision, ...fields } = diagnostics;
  assert.deepEqual(
    { samples, steps, exponents, driftPrecision },
    { samples: 24, steps: 16, exponents: 8, driftPrecision: "float32" },
  );
  for (const [field, key] of Object.entries({
    driftHigh: "drift_zH",
    driftLow: "drift_zL",
    lyapunov: "lyap_spec",
    correct: "exact_correct",
    tokenAccuracy: "token_acc",
    haltedAt: "halted_at",
    haltLogit: "q_halt",
    continueLogit: "q_continue",
    index: "idx",
  })) {
    assert.deepEqual(fields[field as keyof typeof fields], Float64Array.from(arrays.get(key)!.data), field);
  }
  assert.deepEqual(Object.keys(fields).length, 9);
});

test("saveDiagnostics() writes a loaded file back byte for byte", (t) => {
  const path = join(scratchFolder(t), "same.npz");
  saveDiagnostics(path, loadDiagnostics(fixture("diagnostics.npz")));
  assert.deepEqual(readFileSync(path), readFileSync(fixture("diagnostics.npz")));
});

test("saveDiagnostics() keeps float64 where float32 would lose bits, and the drift's own precision", (t) => {
  const path = join(scratchFolder(t), "double.npz");
  const diagnostics: Diagnostics = {
    ...loadDiagnostics(fixture("diagnostics.npz")),
    driftPrecision: "float64",
  };
  diagnostics.lyapunov[3] = 0.1;
  delete diagnostics.continueLogit;
  delete diagnostics.index;
  saveDiagnostics(path, diagnostics);
  const { index, continueLogit, ...rest } = loadDiagnostics(path);
  assert.deepEqual({ ...diagnostics }, rest);
  assert.equal(continueLogit, undefined);
  assert.deepEqual([...index!.subarray(0, 3)], [0, 1, 2]);
  const dtypes = Object.fromEntries([...readNpz(path)].map(([key, { dtype }]) => [key, dtype]));
  assert.deepEqual(dtypes, {
    drift_zH: "float64",
    drift_zL: "float64",
    lyap_spec: "float64",
    exact_correct: "bool",
    token_acc: "float32",
    halted_at: "int32",
    q_halt: "float32",
    idx: "int64",
  });
});

test("saveDiagnostics() refuses labels and steps that the file's dtypes cannot hold", (t) => {
  const path = join(scratchFolder(t), "no.npz");
  const diagnostics = loadDiagnostics(fixture("diagnostics.npz"));
  const { correct, haltedAt } = diagnostics;
  assert.throws(() => saveDiagnostics(path, { ...diagnostics, correct: correct.map(() => 0.5) }), {
    name: "RangeError",
  });
  assert.throws(() => saveDiagnostics(path, { ...diagnostics, haltedAt: haltedAt.map(() => Number.NaN) }), {
    name: "RangeError",
  });
  assert.throws(() => saveDiagnostics(path, { ...diagnostics, samples: 23 }), {
    name: "RangeError",
    message: /shape/,
  });
  assert.throws(() => readFileSync(path), { code: "ENOENT" });
});

test("loadDiagnostics() ignores other keys, whatever they hold, and does without q_continue and idx", (t) => {
  const huge = { data: BigInt64Array.of(2n ** 62n), shape: [] };
  const { index, continueLogit, ...diagnostics } = loadDiagnostics(
    changed(t, { notes: huge, q_continue: undefined, idx: huge }),
  );
  assert.deepEqual([index, continueLogit], [undefined, undefined]);
  const { index: _, continueLogit: __, ...original } = loadDiagnostics(fixture("diagnostics.npz"));
  assert.deepEqual(diagnostics, original);
});

test("loadDiagnostics() takes labels as integers or floats, and 4 steps with 1 exponent", (t) => {
  const drift = { data: Float64Array.of(1, 2, 3, 4), shape: [1, 4] };
  const path = changed(t, {
    drift_zH: drift,
    drift_zL: drift,
    q_halt: drift,
    lyap_spec: { data: Float32Array.of(-1), shape: [1, 1] },
    exact_correct: { data: Float64Array.of(1), shape: [1], dtype: "int64" },
    token_acc: { data: Float32Array.of(1), shape: [1] },
    halted_at: { data: Int16Array.of(4), shape: [1] },
  });
  const { samples, steps, exponents, correct, driftPrecision } = loadDiagnostics(path);
  assert.deepEqual([samples, steps, exponents, [...correct], driftPrecision], [1, 4, 1, [1], "float64"]);
});

const zeros = (...shape: number[]): WritableArray => ({
  data: new Float32Array(shape.reduce((a, b) => a * b)),
  shape,
});
const nanDrift: WritableArray = { data: new Float32Array(24 * 16).fill(Number.NaN), shape: [24, 16] };

for (const [what, changes, key, pattern] of [
  [
    "a missing key",
    { lyap_spec: undefined },
    "lyap_spec",
    /with axes samples and exponents: got only drift_zH, drift_zL, exact/,
  ],
  ["another rank", { drift_zH: zeros(24) }, "drift_zH", /its shape is \(samples, steps\): got shape \(24,\)/],
  [
    "labels of rank 2",
    { exact_correct: zeros(24, 1) },
    "exact_correct",
    /its shape is \(samples,\): got shape \(24, 1\)/,
  ],
  [
    "fewer labels",
    { exact_correct: zeros(23) },
    "exact_correct",
    /it has the 24 samples of "drift_zH": got shape \(23,\)/,
  ],
  [
    "more samples in the first array alone",
    { drift_zH: zeros(25, 16) },
    "drift_zH",
    /it has the 24 samples of "drift_zL": got shape \(25, 16\)/,
  ],
  ["fewer spectra", { lyap_spec: zeros(23, 8) }, "lyap_spec", /24 samples of "drift_zH"/],
  [
    "other steps",
    { drift_zL: zeros(24, 15) },
    "drift_zL",
    /it has the 16 steps of "drift_zH": got shape \(24, 15\)/,
  ],
  ["no samples", { drift_zH: zeros(0, 16) }, "drift_zH", /at least 1 samples: got shape \(0, 16\)/],
  ["too few steps", { drift_zH: zeros(24, 3) }, "drift_zH", /at least 4 steps/],
  ["no exponents", { lyap_spec: zeros(24, 0) }, "lyap_spec", /at least 1 exponents/],
  ["a label of 2", withValue("exact_correct", 5, 2), "exact_correct", /labels are 0 or 1: got 2 at sample 5/],
  [
    "a NaN label",
    withValue("exact_correct", 23, Number.NaN),
    "exact_correct",
    /labels are 0 or 1: got NaN at sample 23/,
  ],
  ["NaN drifts", { drift_zH: nanDrift }, "drift_zH", /finite and not negative: got NaN at sample 0/],
  [
    "a NaN drift",
    withValue("drift_zL", 17, Number.NaN),
    "drift_zL",
    /finite and not negative: got NaN at sample 1/,
  ],
  [
    "a negative drift",
    withValue("drift_zH", 33, -1),
    "drift_zH",
    /finite and not negative: got -1 at sample 2/,
  ],
  ["an infinite drift", withValue("drift_zH", 33, Infinity), "drift_zH", /got Infinity at sample 2/],
  [
    "a NaN exponent",
    withValue("lyap_spec", 8, Number.NaN),
    "lyap_spec",
    /exponents are numbers: got NaN at sample 1/,
  ],
  [
    "drifts in half precision",
    { drift_zH: { ...zeros(24, 16), dtype: "float16" } },
    "drift_zH",
    /float32 or float64/,
  ],
] as [string, Record<string, WritableArray | undefined>, string, RegExp][]) {
  test(`loadDiagnostics() refuses ${what}, naming file, key and expectation`, (t) => {
    const path = changed(t, changes);
    assert.throws(
      () => loadDiagnostics(path),
      (error: NpzError) =>
        error instanceof NpzError &&
        error.file === path &&
        error.key === key &&
        pattern.test(error.message) &&
        error.message.includes(path),
    );
  });
}

test("loadDiagnostics() says so where a file holds none of its keys or is no archive", (t) => {
  const path = join(scratchFolder(t), "other.npz");
  writeNpz(path, { x: zeros(1) });
  assert.throws(() => loadDiagnostics(path), {
    name: "NpzError",
    message: /"drift_zH".*got none of the keys of diagnostics/,
  });
  assert.throws(() => loadDiagnostics(scratchFile(t, "text")), { name: "NpzError" });
});

test("logLateDrift() agrees with numpy: bit for bit in float32 but for the last bit of some logarithms", () => {
  const arrays = readNpz(fixture("late-drift.npz"));
  const drift = Float64Array.from(arrays.get("drift")!.data);
  const double = logLateDrift(drift, 16);
  const single = logLateDrift(drift, 16, { precision: "float32" });
  const mean = arrays.get("mean32")!.data;
  for (let sample = 0; sample < 300; sample++) {
    assert.ok(Math.abs(double[sample] - arrays.get("log64")!.data[sample]) <= 4e-15);
    const last = drift.subarray(sample * 16 + 12, sample * 16 + 16);
    assert.equal(last.reduce((sum, value) => Math.fround(sum + value), 0) / 4, mean[sample]);
    assert.equal(single[sample], Math.fround(Math.log10(Math.max(mean[sample], Math.fround(1e-12)))));
    assert.ok(Math.abs(single[sample] - arrays.get("log32")!.data[sample]) <= 1e-6);
  }
});

test("logLateDrift() clips at 1e-12 and refuses rows that do not fit", () => {
  assert.deepEqual(
    [...logLateDrift(Float64Array.of(0, 0, 0, 0, 9, 1, 1, 1, 1, 1), 5)],
    [-12 + Math.log10(1), 0].map((v, i) => (i === 0 ? Math.log10(2.25) : v)),
  );
  assert.throws(() => logLateDrift(new Float64Array(9), 4), { name: "RangeError", message: /got 9 values/ });
  assert.throws(() => logLateDrift(new Float64Array(9), 3), { name: "RangeError", message: /got 4/ });
});
