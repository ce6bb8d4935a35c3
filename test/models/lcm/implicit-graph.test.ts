import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import {
  drawNoisePermutations,
  implicitGraph,
  type SolutionFunctions,
  topologicalOrder,
} from "../../../src/models/lcm";
import { createSolutionFunctions, solutionVariables } from "../../../src/models/lcm/solution-functions";
import { createRandom } from "../../../src/random";
import { loadStateDict, startBackend, tensorflow } from "../../../src/tensor";
import { assertClose } from "../../stats/close";
import { readFixture, stored } from "./published";

const tf = tensorflow();
before(startBackend);

interface PublishedGraph {
  dim: number;
  solution_state_dict: Record<string, never>;
  noise: number[][];
  permutation: number[];
  column_permutations: number[][];
  dependence: number[][];
  order: number[];
  effects: number[][];
}

/** Solution functions with a published state. */
function published({ dim, solution_state_dict }: PublishedGraph): SolutionFunctions {
  const functions = createSolutionFunctions(dim, { rng: createRandom(0), hidden: [5, 5] });
  const prefixed = Object.entries(solution_state_dict).map(([name, value]) => [`scm.${name}`, value]);
  const state = stored(Object.fromEntries(prefixed));
  const named = Object.entries(solutionVariables(functions)).map(([name, value]) => [`scm.${name}`, value]);
  loadStateDict(Object.fromEntries(named), state);
  return functions;
}

describe("implicitGraph()", () => {
  const { cases } = readFixture<{ cases: PublishedGraph[] }>("heuristic_graph");
  for (const example of cases) {
    it(`finds the published order and effects of ${example.dim} variables`, () => {
      const { noise, permutation, column_permutations, dependence, order, effects } = example;
      const permutations = {
        input: Int32Array.from(permutation),
        columns: column_permutations.map((column) => Int32Array.from(column)),
      };
      const functions = published(example);
      const given = tf.tensor2d(noise);
      const held = tf.memory().numTensors;
      const found = implicitGraph(functions, given, permutations);
      assert.equal(tf.memory().numTensors, held, "tensors left over");
      assert.deepEqual(found.order, order);
      assertClose(found.dependence, dependence, 1e-5);
      assertClose(found.effects, effects, 1e-5);
    });
  }

  it("finds no effect where solution functions see no noise", () => {
    const functions = createSolutionFunctions(3, { rng: createRandom(1), ancestors: "nothing", hidden: [5] });
    const noise = tf.randomNormal([20, 3], 0, 1, "float32", 3) as never;
    const { effects } = implicitGraph(functions, noise, drawNoisePermutations(20, 3, createRandom(2)));
    assert.deepEqual(effects.flat(), new Array(9).fill(0));
  });
});

describe("topologicalOrder()", () => {
  it("takes the first of equally independent variables", () => {
    assert.deepEqual(
      topologicalOrder([
        [0, 0],
        [0, 0],
      ]),
      [0, 1],
    ); // prettier-ignore
    assert.deepEqual(
      topologicalOrder([
        [0, 1],
        [0, 0],
      ]),
      [1, 0],
    ); // prettier-ignore
  });
});
