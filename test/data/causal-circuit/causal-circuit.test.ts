import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  circuitGraph,
  circuitImages,
  circuitNoise,
  solveCircuit,
  syntheticCircuitPairs,
} from "../../../src/data";
import { buttonPositions, pressedButtons } from "../../../src/data/causal-circuit/circuit-mechanisms";
import { circuitRenderer } from "../../../src/data/causal-circuit/circuit-renderer";
import { createRandom } from "../../../src/random";

const drawn = (pairs: number, purpose = "train") =>
  syntheticCircuitPairs({ pairs, size: 16, seed: 3, purpose });

describe("the circuit's mechanisms", () => {
  it("press a button at its centre alone", () => {
    assert.deepEqual(pressedButtons(buttonPositions[1]).map(Math.round), [0, 1, 0]);
    assert.deepEqual(pressedButtons(0), [0, 0, 0]);
    assert.equal(pressedButtons(0.5)[0], 1);
  });

  it("have Beta distributions about means from .2 to .8", () => {
    const rng = createRandom(1);
    const meanOf = (arm: number, light: number) => {
      let sum = 0;
      for (let i = 0; i < 2000; i++)
        sum += solveCircuit([rng.uniform(), rng.uniform(), rng.uniform(), arm])[light];
      return sum / 2000;
    };
    // 2000 draws of a deviation of at most .21: six standard errors are .03.
    assert.ok(Math.abs(meanOf(0, 1) - 0.2) < 0.03);
    assert.ok(Math.abs(meanOf(buttonPositions[1], 1) - 0.8) < 0.03);
    assert.ok(Math.abs(meanOf(buttonPositions[0], 0) - 0.8) < 0.03); // red pressed: clipped at 1 already
  });

  it("are undone by circuitNoise()", () => {
    const rng = createRandom(2);
    for (let i = 0; i < 50; i++) {
      const noise = [0, 1, 2, 3].map(() => rng.uniform());
      const found = circuitNoise(solveCircuit(noise));
      for (let k = 0; k < 4; k++) assert.ok(Math.abs(found[k] - noise[k]) < 1e-9);
    }
  });

  it("let an intervention change its variable and what depends on it, and nothing else", () => {
    const noise = [0.3, 0.3, 0.6, 0.2]; // the green button is pressed
    const before = solveCircuit(noise);
    for (let variable = 0; variable < 4; variable++) {
      const after = solveCircuit(noise, { variable, value: 0.7 });
      for (let other = 0; other < 4; other++)
        if (other === variable) assert.equal(after[other], 0.7);
        else
          assert.equal(
            after[other] !== before[other],
            circuitGraph[variable][other] === 1,
            `${variable} ${other}`,
          );
    }
  });
});

describe("syntheticCircuitPairs()", () => {
  it("draws each intervention as often, and changes the intervened variable's noise alone", () => {
    const pairs = drawn(2000);
    const counts = [0, 0, 0, 0, 0];
    for (const [pair, label] of pairs.intervention.entries()) {
      counts[label] += 1;
      for (let k = 0; k < 4; k++) {
        const changed = pairs.noiseBefore[4 * pair + k] !== pairs.noiseAfter[4 * pair + k];
        assert.equal(changed, label === k + 1, `pair ${pair}`);
      }
    }
    for (const count of counts) assert.ok(Math.abs(count - 400) < 6 * Math.sqrt(2000 * 0.2 * 0.8));
  });

  it("repeats by seed and purpose, whatever the number of pairs", () => {
    const [some, more, others] = [drawn(5), drawn(9), drawn(5, "test")];
    assert.deepEqual(more.causalAfter.subarray(0, 20), some.causalAfter);
    assert.notDeepEqual(others.causalAfter, some.causalAfter);
    assert.deepEqual(circuitImages(more, [4], "after"), circuitImages(some, [4], "after"));
    assert.ok(some.isSynthetic);
    assert.match(some.source, /^Synthetic/);
  });

  it("refuses no pairs and too small pictures", () => {
    assert.throws(() => drawn(0), /at least one: got 0/);
    assert.throws(
      () => syntheticCircuitPairs({ pairs: 1, size: 4, seed: 0, purpose: "x" }),
      /at least 8 pixels wide: got 4/,
    );
  });
});

describe("circuitRenderer()", () => {
  const picture = (causal: number[], size = 32) => {
    const pixels = new Uint8Array(size * size * 3);
    circuitRenderer(size)(causal, pixels, 0);
    return pixels;
  };
  const dark = [0.1, 0.1, 0.1, 0.5];

  it("shows each light in its own place and colour, brighter by the same step each time", () => {
    for (let light = 0; light < 3; light++) {
      const at = [0.2, 0.5, 0.8].map((value) =>
        picture(dark.map((other, k) => (k === light ? value : other))),
      );
      const changed = at[0].map((_, i) => Math.abs(at[2][i] - at[0][i]));
      const strongest = changed.indexOf(Math.max(...changed));
      assert.equal(strongest % 3, light);
      assert.ok(changed[strongest] > 90);
      assert.ok(Math.abs(at[1][strongest] - (at[0][strongest] + at[2][strongest]) / 2) <= 1);
    }
  });

  it("changes everywhere smoothly as the arm moves", () => {
    const most = (step: number) => {
      const [a, b] = [picture([0.1, 0.1, 0.1, 0.4]), picture([0.1, 0.1, 0.1, 0.4 + step])];
      return Math.max(...a.map((value, i) => Math.abs(value - b[i])));
    };
    assert.ok(most(0.005) > 0);
    assert.ok(most(0.005) < 60);
    assert.ok(most(0.2) > 90);
  });

  it("paints a smaller picture of the same scene", () => {
    const [large, small] = [picture([0.9, 0.3, 0.6, 0.7], 64), picture([0.9, 0.3, 0.6, 0.7], 32)];
    let difference = 0;
    for (let row = 0; row < 32; row++)
      for (let column = 0; column < 32; column++)
        for (let c = 0; c < 3; c++) {
          const at = (y: number, x: number) => large[((2 * row + y) * 64 + 2 * column + x) * 3 + c];
          const mean = (at(0, 0) + at(0, 1) + at(1, 0) + at(1, 1)) / 4;
          difference += Math.abs(mean - small[(row * 32 + column) * 3 + c]);
        }
    assert.ok(difference / (32 * 32 * 3) < 2, `${difference / (32 * 32 * 3)} grey levels apart`);
  });
});
