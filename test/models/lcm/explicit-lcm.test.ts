import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Scalar, Tensor, Variable } from "@tensorflow/tfjs-node";
import {
  createExplicitLcm,
  type ExplicitGraph,
  type ExplicitGraphKind,
  edgeProbabilityMatrix,
  explicitInterventionPosterior,
  explicitLcmLoss,
  explicitLcmVariables,
  likeliestGraph,
  setVariable,
} from "../../../src/models/lcm";
import {
  createExplicitGraph,
  cyclicity,
  expectedEdges,
  explicitGraphKinds,
  sampleExplicitGraphs,
} from "../../../src/models/lcm/explicit/explicit-graph";
import {
  createExplicitMechanisms,
  explicitPrior,
  mechanismNoise,
  mechanismVariables,
} from "../../../src/models/lcm/explicit/explicit-mechanisms";
import { createRandom } from "../../../src/random";
import { compile, createOptimiser, startBackend, tensorflow } from "../../../src/tensor";
import { assertNear, readFixture } from "./published";

const tf = tensorflow();
before(startBackend);

type Matrix = number[][];
const fixture = readFixture<
  Record<string, Matrix> & { state_dict: Record<string, Matrix>; manifold_thickness: number }
>("elcm_prior");
const { z1, z2, adjacency, state_dict } = fixture;
const thickness = fixture.manifold_thickness;
const flat = (name: string) => state_dict[name] as unknown as number[];

/** Mechanisms with the published state, behind a graph of any kind. */
function published(kind: ExplicitGraphKind) {
  const made = createExplicitMechanisms(3, { rng: createRandom(0), graph: kind, hidden: [4, 4] });
  for (const [name, variable] of Object.entries(mechanismVariables(made))) {
    const [, layer, part] = /param_net\.(\d)\.(\w+)$/.exec(name) ?? [];
    if (!layer) continue;
    const nets = [0, 1, 2].map((i) => state_dict[`structure_transforms.${i}.param_net.${layer}.${part}`]);
    const stacked = tf.tensor(nets as never);
    variable.assign(part === "weight" ? stacked.transpose([0, 2, 1]) : stacked.expandDims(1));
  }
  for (const [variable, part] of [
    [made.interventionLogScale, "log_scale"],
    [made.interventionShift, "shift"],
  ] as const)
    variable.assign(tf.tensor1d([0, 1, 2].flatMap((i) => flat(`intervention_transforms.${i}.${part}`))));
  if (kind === "fixed_order") made.graph.existence.assign(tf.tensor1d(flat("graph.edge_logits")));
  return made;
}

/** The same prior in plain numbers; `fromAfter`: parents are read from z', whatever their order. */
function plainPrior(row: number, graph: Matrix, fromAfter: boolean): number[] {
  const normal = (x: number) => -(x * x + Math.log(2 * Math.PI)) / 2;
  const net = (i: number, z: number[]) => {
    const parents = graph.map((edges) => edges[i]);
    let hidden = [...z.map((value, j) => value * parents[j]), ...parents];
    for (const layer of [0, 2, 4]) {
      const name = `structure_transforms.${i}.param_net.${layer}`;
      const bias = flat(`${name}.bias`);
      const out = state_dict[`${name}.weight`].map((w, k) =>
        w.reduce((sum, x, j) => sum + x * hidden[j], bias[k]),
      );
      hidden = layer === 4 ? out : out.map((x) => Math.max(x, 0));
    }
    return { scale: Math.exp(hidden[0]) + 0.2, shift: hidden[1] };
  };
  const [a, b] = [z1[row], z2[row]];
  const noise = a.map((z, i) => (z - net(i, a).shift) / net(i, a).scale);
  const observed = noise.reduce((sum, e, i) => sum + normal(e) - Math.log(net(i, a).scale), 0);
  return [-1, 0, 1, 2].map((target) => {
    const counterfactual = fromAfter ? b.slice() : a.map((_, i) => (i === target ? b[i] : 0));
    let total = observed;
    for (let i = 0; i < 3; i++) {
      if (i === target) {
        const scale = Math.exp(flat(`intervention_transforms.${i}.log_scale`)[0]) + 0.2;
        total += normal((b[i] - flat(`intervention_transforms.${i}.shift`)[0]) / scale) - Math.log(scale);
        continue;
      }
      const { scale, shift } = net(i, counterfactual);
      const answer = noise[i] * scale + shift;
      if (!fromAfter) counterfactual[i] = answer;
      total += normal((b[i] - answer) / thickness) - Math.log(thickness);
    }
    return total;
  });
}

const rows = z1.length;
const graphsOf = (graph: Matrix) => tf.tensor2d(graph).expandDims(0).tile([rows, 1, 1]);
const priorOf = (kind: ExplicitGraphKind, graph: Matrix) =>
  explicitPrior(published(kind), tf.tensor2d(z1), tf.tensor2d(z2), graphsOf(graph), { thickness });

describe("explicitPrior()", () => {
  it("has every term of the published model of a fixed order", () => {
    const mechanisms = published("fixed_order");
    assert.deepEqual(likeliestGraph(mechanisms.graph).arraySync(), adjacency);
    assertNear(edgeProbabilityMatrix(mechanisms.graph), fixture.adjacency_soft, "edge probabilities");
    const found = priorOf("fixed_order", adjacency);
    assertNear(
      mechanismNoise(mechanisms, tf.tensor2d(z1), graphsOf(adjacency)).noise,
      fixture.noise_z1,
      "noise",
      1e-5,
    );
    assertNear(
      found.observed,
      fixture.observed.map(([first]) => first),
      "observed",
      1e-5,
    );
    assertNear(found.intervened, fixture.intervened, "intervened", 1e-5);
    assertNear(found.kept, fixture.nonintervened, "kept", 1e-5);
    assertNear(found.logPriorGiven, fixture.log_prior_per_intervention, "given an intervention", 1e-5);
    assertNear(found.logPrior, fixture.log_prior as never, "log prior", 1e-5);
    assertNear(found.interventionPosterior, fixture.intervention_posterior, "posterior", 1e-5);
  });

  it("is the formula in plain numbers, which the published numbers confirm, in graphs without an order too", () => {
    for (let row = 0; row < rows; row++)
      for (const [i, value] of plainPrior(row, adjacency, false).entries())
        assert.ok(Math.abs(value - fixture.log_prior_per_intervention[row][i]) < 1e-6, `row ${row}`);
    const backwards = [
      [0, 0, 0],
      [1, 0, 0],
      [1, 1, 0],
    ];
    for (const kind of ["enco", "dds"] as const) {
      const plain = Array.from({ length: rows }, (_, row) => plainPrior(row, backwards, true));
      assertNear(priorOf(kind, backwards).logPriorGiven, plain, kind, 1e-5);
    }
  });

  it("refuses a thickness that is not above 0", () => {
    assert.throws(
      () =>
        explicitPrior(published("dds"), tf.tensor2d(z1), tf.tensor2d(z2), graphsOf(adjacency), {
          thickness: 0,
        }),
      /thickness must be above 0: got 0/,
    );
  });
});

describe("setVariable()", () => {
  it("leaves what does not depend on it, and gives descendants their old noise", () => {
    const mechanisms = published("enco");
    const graph = tf.tensor2d([
      [0, 0, 0],
      [1, 0, 1],
      [0, 0, 0],
    ]); // 1 -> 0, 1 -> 2
    const causal = tf.tensor2d(z1);
    const values = tf.ones([rows, 1]);
    const found = setVariable(mechanisms, causal, graph, { variable: 1, values });
    assertNear(found.slice([0, 1], [rows, 1]), new Array(rows).fill(1), "what is set");
    const graphs = graph.expandDims(0);
    const noise = (z: Tensor) => mechanismNoise(mechanisms, z, graphs).noise.slice([0, 2], [rows, 1]);
    assertNear(noise(found), noise(causal).arraySync() as Matrix, "noise of a descendant", 1e-5);
    const leaf = setVariable(mechanisms, causal, graph, { variable: 2, values });
    assertNear(
      leaf.slice([0, 0], [rows, 2]),
      z1.map((z) => z.slice(0, 2)),
      "what does not depend on it",
      1e-5,
    );
  });
});

describe("explicit graphs", () => {
  const seed = tf.tensor1d([1, 2], "int32");
  const sample = (graph: ExplicitGraph, count = 20_000, sampling = "hard" as const) =>
    sampleExplicitGraphs(graph, { rows: count, seed, sampling });

  it("have edges as likely as their logits say", () => {
    const fixed = createExplicitGraph(3, { kind: "fixed_order", rng: createRandom(1) });
    fixed.existence.assign(tf.tensor1d([2, -1, 0.5]));
    const enco = createExplicitGraph(3, { kind: "enco", rng: createRandom(1) });
    enco.existence.assign(tf.tensor1d([2, -1, 0.5]));
    enco.orientation?.assign(tf.tensor1d([1, 0, -3]));
    for (const graph of [fixed, enco])
      assertNear(sample(graph).mean(0), edgeProbabilityMatrix(graph).arraySync(), graph.kind, 0.015);
    const [p, o] = [2, 1].map((x) => 1 / (1 + Math.exp(-x)));
    assert.ok(Math.abs(edgeProbabilityMatrix(enco).arraySync()[1][0] - p * (1 - o)) < 1e-6);
  });

  it("have orders as likely as Plackett and Luce say, of DDS", () => {
    const graph = createExplicitGraph(3, { kind: "dds", rng: createRandom(1) });
    graph.scores?.assign(tf.tensor1d([0, 1, 0.5]));
    graph.existence.assign(tf.tensor1d([20, 20, 20]));
    const leads = sample(graph).sum(2).equal(2).mean(0) as Tensor; // the first cause has two effects
    const weights = [0, 1, 0.5].map(Math.exp);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    assertNear(
      leads,
      weights.map((weight) => weight / total),
      "first cause",
      0.015,
    );
    assert.deepEqual(likeliestGraph(graph).arraySync(), [
      [0, 0, 0],
      [1, 0, 1],
      [1, 0, 0],
    ]);
    assert.equal(cyclicity(graph).dataSync()[0], 0);
    assertNear(expectedEdges(graph), [3], "edges");
  });

  it("have the cyclicity of NOTEARS: cosh of a two-cycle", () => {
    const graph = createExplicitGraph(2, { kind: "enco", rng: createRandom(1) });
    graph.existence.assign(tf.tensor1d([50]));
    graph.orientation?.assign(tf.tensor1d([0])); // each direction with probability 1/2
    assertNear(cyclicity(graph), [(2 * Math.cosh(0.5) - 2) ** 2], "cyclicity", 1e-5);
    assert.throws(
      () => createExplicitGraph(2, { kind: "enko" as never, rng: createRandom(1) }),
      /fixed_order, enco, dds/,
    );
  });
});

const pair = () => {
  const rng = createRandom(5);
  const draw = () =>
    tf.tensor2d(Array.from({ length: 16 }, () => [rng.normal(), rng.normal(), rng.normal()]));
  return { before: draw(), after: draw() };
};
const tiny = (graph: ExplicitGraphKind) =>
  createExplicitLcm(3, { rng: createRandom(2), graph, hidden: [4], encoderHidden: [5] });
const lossOf = (model: ReturnType<typeof tiny>, given = pair(), options = {}) => {
  const noise = tf.fill([2, 16, 3], 0.25);
  const graphSeed = tf.tensor1d([3, 4], "int32");
  const all = {
    phase: "interventional",
    thickness: 0.5,
    edges: 0.1,
    cycles: 0.1,
    consistency: 0.01,
    ...options,
  } as const;
  return explicitLcmLoss(model, given, { noise, graphSeed }, all);
};

describe("explicitLcmLoss()", () => {
  for (const graph of explicitGraphKinds) {
    it(`has the gradient of finite differences with relaxed graphs, ${graph}`, () => {
      const model = tiny(graph);
      model.mechanisms.graph.existence.assign(tf.tensor1d([0.3, -0.4, 0.2]));
      // The order of DDS has a straight-through gradient, which no difference shows: its scores stand still.
      const trained = Object.entries(explicitLcmVariables(model))
        .filter(([name]) => !name.includes("permutation"))
        .map(([, variable]) => variable);
      const loss = () => lossOf(model, pair(), { sampling: "soft" }).loss;
      const { grads } = tf.variableGrads(loss, trained);
      const norm = Math.sqrt(
        Object.values(grads).reduce((sum, one) => sum + one.square().sum().dataSync()[0], 0),
      );
      const start = trained.map((variable) => variable.clone());
      const at = (step: number) => {
        for (const [i, variable] of trained.entries())
          variable.assign(start[i].add(grads[variable.name].mul(step / norm)));
        return loss().dataSync()[0];
      };
      const step = 1e-3;
      const slope = (at(step) - at(-step)) / (2 * step);
      assert.ok(Math.abs(slope / norm - 1) < 1e-2, `slope ${slope} along a gradient of norm ${norm}`);
    });

    it(`falls in training, the same op by op and compiled, and reaches the graph, ${graph}`, () => {
      const train = (isCompiled: boolean) => {
        const model = tiny(graph);
        const trained = explicitLcmVariables(model);
        const optimiser = createOptimiser(trained, { kind: "adam" });
        const body = (before: Tensor, after: Tensor): Scalar => {
          const all = Object.values(trained);
          const { value, grads } = tf.variableGrads(
            () => lossOf(model, { before, after } as never).loss,
            all,
          );
          optimiser.apply(grads, 3e-3);
          return value;
        };
        const variables: Variable[] = [...Object.values(trained), ...optimiser.state.values()];
        const step = isCompiled ? compile(body, { variables }) : body;
        const { before, after } = pair();
        const losses = Array.from({ length: 8 }, () => step(before, after).dataSync()[0]);
        return { losses, existence: Array.from(model.mechanisms.graph.existence.dataSync()) };
      };
      const eager = train(false);
      assert.ok(eager.losses[7] < eager.losses[0], `${eager.losses}`);
      const first = Array.from(tiny(graph).mechanisms.graph.existence.dataSync());
      assert.ok(eager.existence.every((logit, i) => logit !== first[i]));
      if (tf.getBackend() === "tensorflow")
        assertNear(tf.tensor1d(train(true).losses), eager.losses, "compiled", 1e-5);
    });
  }

  it("is the beta-VAE's in pretraining, and gives a posterior of every intervention", () => {
    const model = tiny("enco");
    const [one, other] = [1, 7].map((thickness) =>
      lossOf(model, pair(), { phase: "pretraining", thickness }),
    );
    assertNear(one.loss, other.loss.arraySync(), "thickness counts nothing");
    const posterior = explicitInterventionPosterior(model, pair());
    assert.deepEqual(posterior.shape, [16, 4]);
    assertNear(posterior.sum(1), new Array(16).fill(1), "sums");
  });
});
