import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { learnEncoGraph } from "../../../src/models/lcm";
import { encoAdjacency, encoGradients, MatrixAdam } from "../../../src/models/lcm/graphs/enco-graph";
import {
  createEncoNetworks,
  encoNegativeLogLikelihood,
  encoVariables,
} from "../../../src/models/lcm/graphs/enco-networks";
import { createRandom } from "../../../src/random";
import { clipGlobalNorm, startBackend, tensorflow } from "../../../src/tensor";
import published from "../../fixtures/wscrl/enco_step.json";
import { assertClose } from "../../stats/close";

const tf = tensorflow();
before(startBackend);

/** Networks with the published state: weights [variables, outputs, inputs] there. */
function networks() {
  const made = createEncoNetworks(3, { rng: createRandom(0), hidden: [6, 6] });
  for (const [name, variable] of Object.entries(encoVariables(made))) {
    const given = tf.tensor(
      published.net_state_dict[name as keyof typeof published.net_state_dict] as number[][],
    );
    variable.assign(name.endsWith("weight") ? given.transpose([0, 2, 1]) : given.expandDims(1));
  }
  return made;
}

const clean = (matrix: number[][]) => matrix.map((row, i) => row.map((value, j) => (i === j ? 0 : value)));

describe("ENCO against the published code", () => {
  const { latents, targets, graphs, lambda_sparse } = published;
  const logits = { gamma: clean(published.gamma), theta: clean(published.theta) };

  it("has the likelihood of each child in each graph", () => {
    for (const [g, graph] of graphs.entries()) {
      const parents = tf.tensor2d(graph).transpose().expandDims(1).tile([1, latents.length, 1]);
      const nll = encoNegativeLogLikelihood(networks(), tf.tensor2d(latents), parents).transpose();
      assertClose(
        nll.arraySync(),
        published.nll.map((row) => row[g]),
        1e-5,
      );
    }
  });

  it("has the gradients of both logits, and takes their steps", () => {
    const found = encoGradients(networks(), latents, targets, graphs, logits, { sparsity: lambda_sparse });
    assertClose(found.gamma, published.gamma_grad, 1e-6);
    assertClose(found.theta, published.theta_grad, 1e-6);
    const after = { gamma: clean(published.gamma), theta: clean(published.theta) };
    // Adam divides by the gradient's size, so that rounding shows where it is small: exact gradients are given.
    new MatrixAdam(3, { learningRate: 5e-3, betas: [0.9, 0.9] }).apply(after.gamma, published.gamma_grad);
    new MatrixAdam(3, { learningRate: 1e-2, betas: [0.9, 0.999] }).apply(after.theta, published.theta_grad);
    assertClose(after.gamma, clean(published.gamma_after), 1e-9);
    assertClose(after.theta, clean(published.theta_after), 1e-9);
    assert.deepEqual(encoAdjacency(after), published.adjacency_after);
  });

  it("has the loss and the clipped gradient of its densities", () => {
    const made = networks();
    const { loss, grad_norm, clipped_grad_last_bias } = published.distribution_step;
    const parents = tf.tensor3d(graphs.slice(0, latents.length)).transpose([2, 0, 1]); // [children, rows, parents]
    const untouched = tf.sub(1, tf.tensor2d(targets)).transpose();
    const { value, grads } = tf.variableGrads(
      () => encoNegativeLogLikelihood(made, tf.tensor2d(latents), parents).mul(untouched).mean().asScalar(),
      Object.values(encoVariables(made)),
    );
    assertClose(value.dataSync()[0], loss, 1e-5);
    const { gradients, norm } = clipGlobalNorm(grads, 0.1);
    assertClose(norm.dataSync()[0], grad_norm, 1e-5);
    const { bias } = made.layers[made.layers.length - 1];
    assertClose(gradients[bias.name].squeeze([1]).arraySync(), clipped_grad_last_bias, 1e-5);
  });
});

describe("learnEncoGraph()", () => {
  it("finds the edge of a linear model from interventions, and its direction", () => {
    const rng = createRandom(4);
    const [beforeRows, afterRows, targets]: number[][][] = [[], [], []];
    for (let row = 0; row < 600; row++) {
      const noise = [rng.normal(), rng.normal()];
      const label = rng.integer(0, 3);
      beforeRows.push([noise[0], 1.5 * noise[0] + noise[1]]);
      if (label > 0) noise[label - 1] = rng.normal();
      afterRows.push([noise[0], label === 2 ? noise[1] : 1.5 * noise[0] + noise[1]]);
      targets.push([Number(label === 1), Number(label === 2)]);
    }
    const options = { rng: createRandom(5), epochs: 25, pretrainingEpochs: 20, hidden: [16], graphBatch: 64 };
    const { adjacency } = learnEncoGraph(beforeRows, afterRows, targets, options);
    assert.deepEqual(adjacency, [
      [0, 1],
      [0, 0],
    ]); // prettier-ignore
  });
});
