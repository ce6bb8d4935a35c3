import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  loadDiagnostics,
  logLateDrift,
  type SyntheticDiagnostics,
  saveDiagnostics,
  synthesizeDiagnostics,
} from "../../src/data";
import { parseCsv } from "../../src/io";
import { otsuThreshold } from "../../src/stats";
import { documentFile, scratchFolder } from "../io/scratch";

/** Counts of the cells A, B (converged; correct, wrong), C, D (not converged; correct, wrong). */
function cellsOf({ samples, converged, correct }: SyntheticDiagnostics): number[] {
  const cells = [0, 0, 0, 0];
  for (let sample = 0; sample < samples; sample++)
    cells[(converged[sample] ? 0 : 2) + (correct[sample] ? 0 : 1)]++;
  return cells;
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

test("synthesizeDiagnostics() gives the same bytes for the same seed, others for another", (t) => {
  const bytes = (seed: number) => {
    const path = join(scratchFolder(t), "synthetic.npz");
    saveDiagnostics(path, synthesizeDiagnostics({ seed, samples: 64 }));
    return readFileSync(path);
  };
  assert.deepEqual(bytes(1), bytes(1));
  assert.notDeepEqual(bytes(1), bytes(2));
});

test("synthesizeDiagnostics() survives an .npz file bit for bit", (t) => {
  const path = join(scratchFolder(t), "synthetic.npz");
  const { converged, ...diagnostics } = synthesizeDiagnostics({
    seed: 3,
    samples: 100,
    steps: 12,
    exponents: 5,
  });
  saveDiagnostics(path, diagnostics);
  assert.deepEqual(loadDiagnostics(path), diagnostics);
  assert.equal(converged.length, 100);
});

test("synthesizeDiagnostics() fills all four cells from 256 samples on", () => {
  for (let seed = 0; seed < 100; seed++) {
    assert.ok(Math.min(...cellsOf(synthesizeDiagnostics({ seed, samples: 256 }))) > 0, `seed ${seed}`);
  }
});

test("synthesizeDiagnostics() plants modes that Otsu's threshold recovers for 99 % of samples", () => {
  for (const [seed, steps, maturity] of [
    [1, 16, 0.8],
    [2, 16, 0],
    [3, 16, 1],
    [4, 8, 0.5],
    [5, 32, 0.5],
  ]) {
    const { driftHigh, converged } = synthesizeDiagnostics({ seed, samples: 1000, steps, maturity });
    const logDrift = logLateDrift(driftHigh, steps);
    const threshold = otsuThreshold(logDrift);
    const agreed = converged.filter((mode, sample) => (logDrift[sample] < threshold ? 1 : 0) === mode);
    assert.ok(agreed.length >= 990, `${agreed.length} of 1000 with ${steps} steps at maturity ${maturity}`);
  }
});

test("synthesizeDiagnostics() lets drift fall to 10^-2.5 where converged and to 10^0 elsewhere", () => {
  const { driftHigh, converged, samples } = synthesizeDiagnostics({ seed: 6, samples: 2000 });
  const late = logLateDrift(driftHigh, 16);
  for (const [mode, level] of [
    [1, -2.5],
    [0, 0],
  ]) {
    const of = (pick: (sample: number) => number) =>
      median(
        Array.from({ length: samples }, (_, s) => s)
          .filter((s) => converged[s] === mode)
          .map(pick),
      );
    assert.ok(Math.abs(of((sample) => late[sample]) - level) < 0.1);
    const path = Array.from({ length: 16 }, (_, step) => of((sample) => driftHigh[sample * 16 + step]));
    assert.ok(
      path.slice(0, 12).every((drift, step) => drift > path[step + 1]),
      `falls: ${path}`,
    );
  }
});

test("synthesizeDiagnostics() keeps correctness, token accuracy and halting consistent", () => {
  for (const steps of [4, 16]) {
    const d = synthesizeDiagnostics({ seed: 7, samples: 3000, steps });
    for (let sample = 0; sample < d.samples; sample++) {
      const logits = [...d.haltLogit.subarray(sample * steps, (sample + 1) * steps)];
      const first = logits.findIndex((logit) => logit > 0);
      assert.equal(d.haltedAt[sample], first < 0 ? steps : first + 1);
      assert.equal(first >= 0, d.correct[sample] === 1);
      assert.equal(logits[steps - 1] > 0, d.correct[sample] === 1);
      const accuracy = d.tokenAccuracy[sample];
      assert.ok(
        d.correct[sample] ? accuracy === 1 : accuracy >= Math.fround(0.6) && accuracy <= Math.fround(0.9),
      );
    }
  }
});

test("synthesizeDiagnostics() gives descending spectra with the analysis's medians in each cell", () => {
  const d = synthesizeDiagnostics({ seed: 8, samples: 4000 });
  for (let place = 0; place < d.lyapunov.length; place++) {
    if (place % 8 > 0) assert.ok(d.lyapunov[place] < d.lyapunov[place - 1]);
  }
  const cells = readFileSync(documentFile("cells_trm_step13020_n512.csv"), "utf8");
  const { rows } = parseCsv(cells, { lam1_median: "number", lam8_median: "number" });
  rows.forEach(({ lam1_median, lam8_median }, cell) => {
    const members = Array.from({ length: d.samples }, (_, s) => s).filter(
      (s) => d.converged[s] === (cell < 2 ? 1 : 0) && d.correct[s] === (cell % 2 === 0 ? 1 : 0),
    );
    assert.ok(Math.abs(median(members.map((s) => d.lyapunov[s * 8])) - lam1_median!) < 0.012);
    assert.ok(Math.abs(median(members.map((s) => d.lyapunov[s * 8 + 7])) - lam8_median!) < 0.012);
  });
});

test("synthesizeDiagnostics() moves the four cells with maturity as the analysis's checkpoints move", () => {
  const csv = readFileSync(documentFile("evolution_trm.csv"), "utf8");
  const { rows } = parseCsv(csv, { fA: "number", fB: "number", fC: "number", fD: "number" });
  const shares = (maturity: number) =>
    cellsOf(synthesizeDiagnostics({ seed: 9, samples: 4000, maturity })).map((n) => n / 4000);
  for (const [maturity, row] of [
    [0, rows[0]],
    [1, rows[rows.length - 1]],
  ] as const) {
    const expected = [row.fA!, row.fB!, row.fC!, row.fD!];
    shares(maturity).forEach((share, cell) => {
      assert.ok(Math.abs(share - expected[cell]) < 0.06, `cell ${"ABCD"[cell]} at ${maturity}: ${share}`);
    });
  }
  const accuracy = [0, 0.25, 0.5, 0.75, 1].map((maturity) => shares(maturity)[0] + shares(maturity)[2]);
  assert.ok(
    accuracy.every((value, place) => place === 0 || value > accuracy[place - 1] + 0.05),
    `${accuracy}`,
  );
});

test("synthesizeDiagnostics() keeps converged samples converged as maturity grows", () => {
  const [early, late] = [0.3, 0.6].map((maturity) =>
    synthesizeDiagnostics({ seed: 10, samples: 500, maturity }),
  );
  assert.ok(early.converged.every((mode, sample) => mode <= late.converged[sample]));
});

test("synthesizeDiagnostics() takes shares and levels in place of maturity", () => {
  const d = synthesizeDiagnostics({
    seed: 11,
    samples: 500,
    convergedFraction: 1,
    correctIfConverged: 0,
    logDrift: { converged: -5, notConverged: 1 },
  });
  assert.deepEqual(cellsOf(d), [0, 500, 0, 0]);
  assert.ok(Math.abs(median([...logLateDrift(d.driftHigh, 16)]) + 5) < 0.3);
});

test("synthesizeDiagnostics() refuses options outside their range, naming them", () => {
  for (const [options, message] of [
    [{ samples: 0 }, /samples must be a whole number from 1: got 0/],
    [{ samples: 2.5 }, /samples/],
    [{ steps: 3 }, /steps must be a whole number from 4: got 3/],
    [{ exponents: 0 }, /exponents/],
    [{ maturity: 1.1 }, /maturity must be from 0 to 1: got 1.1/],
    [{ maturity: Number.NaN }, /maturity/],
    [{ convergedFraction: -0.1 }, /convergedFraction/],
    [{ seed: -1 }, /seed/],
  ] as [object, RegExp][]) {
    assert.throws(() => synthesizeDiagnostics({ seed: 1, samples: 10, ...options }), {
      name: "RangeError",
      message,
    });
  }
});
