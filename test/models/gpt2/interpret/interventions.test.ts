import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Tensor, Variable } from "@tensorflow/tfjs-node";
import {
  activationNames,
  type Gpt2Parameters,
  generate,
  gpt2,
  type Intervention,
  nextTokenLoss,
  type Observe,
  prepareInterventions,
  readActivations,
} from "../../../../src/models/gpt2";
import { compile, createOptimiser, startBackend, tensorflow } from "../../../../src/tensor";
import { configuration, livelyModel, prompts } from "../lively-model";

const tf = tensorflow();
before(startBackend);

const CHANNELS = configuration.width / configuration.heads;
const tokens = () => tf.tensor2d(prompts, undefined, "int32");
const logitsOf = (parameters: Gpt2Parameters, observe?: Observe) =>
  tf.tidy(() => gpt2(parameters, tokens(), configuration, { observe }).dataSync<"float32">());
const differ = (found: Float32Array, wanted: Float32Array) =>
  found.reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i])), 0);

/** The same model with a product of one of its parameters. */
const scaled = (parameters: Gpt2Parameters<Variable>, name: string, factors: number[], shape: number[]) => ({
  ...parameters,
  [name]: parameters[name].mul(tf.tensor(factors, shape)),
});
const prepare = (
  parameters: Gpt2Parameters,
  interventions: Intervention[],
  reference?: readonly number[][],
) => prepareInterventions(parameters, configuration, interventions, { reference });

describe("prepareInterventions()", () => {
  it("ablates a head as zeros in its rows of c_proj do", async () => {
    const parameters = livelyModel();
    const observe = await prepare(parameters, [{ kind: "ablate-head", layer: 1, head: 2, by: "zero" }]);
    const kept = Array.from({ length: configuration.width }, (_, row) =>
      Math.floor(row / CHANNELS) === 2 ? 0 : 1,
    );
    const wanted = scaled(parameters, "transformer.h.1.attn.c_proj.weight", kept, [configuration.width, 1]);
    assert.ok(differ(logitsOf(parameters, observe), logitsOf(wanted)) < 1e-4);
    assert.ok(differ(logitsOf(parameters, observe), logitsOf(parameters)) > 1e-2);
  });

  it("ablates neurons and layers as zeros in their weights do", async () => {
    const parameters = livelyModel();
    const neurons = [3, 60];
    const observe = await prepare(parameters, [{ kind: "ablate-neurons", layer: 0, neurons, by: "zero" }]);
    const kept = Array.from({ length: 64 }, (_, neuron) => Number(!neurons.includes(neuron)));
    const wanted = scaled(parameters, "transformer.h.0.mlp.c_proj.weight", kept, [64, 1]);
    assert.ok(differ(logitsOf(parameters, observe), logitsOf(wanted)) < 1e-4);
    for (const part of ["attention", "mlp", "both"] as const) {
      const silenced = await prepare(parameters, [{ kind: "ablate-layer", layer: 1, part, by: "zero" }]);
      let silent: Gpt2Parameters<Tensor> = parameters;
      for (const name of { attention: ["attn"], mlp: ["mlp"], both: ["attn", "mlp"] }[part]) {
        for (const end of ["weight", "bias"]) {
          const whole = `transformer.h.1.${name}.c_proj.${end}`;
          silent = { ...silent, [whole]: parameters[whole].mul(0) };
        }
      }
      assert.ok(differ(logitsOf(parameters, silenced), logitsOf(silent)) < 1e-4, part);
    }
  });

  it("puts the reference's mean at each position, which of the input alone is itself", async () => {
    const parameters = livelyModel();
    const everything: Intervention[] = [0, 1].flatMap((layer): Intervention[] => [
      { kind: "ablate-layer", layer, part: "both", by: "mean" },
      { kind: "ablate-neurons", layer, neurons: [0, 7, 9], by: "mean" },
      { kind: "ablate-head", layer, head: 1, by: "mean" },
    ]);
    const single = (observe?: Observe) =>
      readActivations(parameters, [prompts[1]], configuration, { names: ["logits"], observe });
    const same = await single(await prepare(parameters, everything, [prompts[1]]));
    assert.deepEqual(same, await single());
    const names = ["h.0.mlp.neurons"];
    const read = async (observe?: Observe) =>
      (await readActivations(parameters, prompts, configuration, { names, observe })).get(names[0])!.data;
    const plain = await read();
    const mean: Intervention = { kind: "ablate-neurons", layer: 0, neurons: [5], by: "mean", positions: [2] };
    const found = await read(await prepare(parameters, [mean], prompts));
    const at = (values: Float32Array, input: number, position: number, neuron: number) =>
      values[(input * 3 + position) * 64 + neuron];
    const wanted = (at(plain, 0, 2, 5) + at(plain, 1, 2, 5) + at(plain, 2, 2, 5)) / 3;
    for (let input = 0; input < 3; input++) {
      assert.ok(Math.abs(at(found, input, 2, 5) - wanted) < 1e-6);
      assert.equal(at(found, input, 1, 5), at(plain, input, 1, 5));
      assert.equal(at(found, input, 2, 6), at(plain, input, 2, 6));
    }
  });

  it("changes nothing by patches from the same input, and everything by patches of another's stream", async () => {
    const parameters = livelyModel();
    const other = prompts.slice().reverse();
    const names = activationNames(configuration).filter((name) => name !== "logits");
    const all = names.map((activation): Intervention => ({ kind: "patch", activation, from: prompts }));
    assert.deepEqual(logitsOf(parameters, await prepare(parameters, all)), logitsOf(parameters));
    const stream: Intervention = { kind: "patch", activation: "h.0.residual", from: other };
    const reversed = tf.tidy(() =>
      gpt2(parameters, tokens().reverse(0), configuration).dataSync<"float32">(),
    );
    assert.deepEqual(logitsOf(parameters, await prepare(parameters, [stream])), reversed);
    const first: Intervention = { kind: "patch", activation: "embedding", positions: [0], from: [[7, 0, 0]] };
    const swapped = prompts.map(([, ...rest]) => [7, ...rest]);
    const read = await readActivations(parameters, swapped, configuration, { names: ["logits"] });
    assert.deepEqual(logitsOf(parameters, await prepare(parameters, [first])), read.get("logits")!.data);
  });

  it("applies what is listed in turn", async () => {
    const parameters = livelyModel();
    const patch: Intervention = { kind: "patch", activation: "h.0.attn.heads", from: prompts };
    const ablation: Intervention = { kind: "ablate-head", layer: 0, head: 0, by: "zero" };
    const [both, last, undone] = [
      await prepare(parameters, [patch, ablation]),
      await prepare(parameters, [ablation]),
      await prepare(parameters, [ablation, patch]),
    ];
    assert.deepEqual(logitsOf(parameters, both), logitsOf(parameters, last));
    assert.deepEqual(logitsOf(parameters, undone), logitsOf(parameters));
  });

  it("works position by position in a cached generation as in the whole pass", async () => {
    const parameters = livelyModel();
    const other = [5, 5, 5, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    const interventions: Intervention[] = [
      { kind: "ablate-head", layer: 0, head: 1, by: "mean", positions: [1, 4, 7] },
      { kind: "patch", activation: "h.1.attn.pattern", positions: [2, 5, 8], from: [other] },
      { kind: "patch", activation: "h.0.residual", positions: [3, 6], from: [other] },
      { kind: "ablate-neurons", layer: 1, neurons: [1, 2, 3], by: "zero" },
    ];
    const observe = await prepare(parameters, interventions, [other]);
    const generated = await generate(parameters, prompts, configuration, { observe });
    assert.notDeepEqual(generated, await generate(parameters, prompts, configuration));
    const sequences = prompts.map((prompt, i) => [...prompt, ...generated[i]]);
    const read = await readActivations(parameters, sequences, configuration, { names: ["logits"], observe });
    const [logits] = [tf.tensor(read.get("logits")!.data, [3, 12, 13])];
    const again = logits.argMax(-1).slice([0, 2], [-1, 9]).arraySync();
    assert.deepEqual(generated, again);
  });

  it("silences a part of which nothing finite is left", async () => {
    const parameters = livelyModel();
    const weight = parameters["transformer.h.0.mlp.c_proj.weight"];
    weight.assign(weight.mul(Number.POSITIVE_INFINITY));
    const observe = await prepare(parameters, [{ kind: "ablate-layer", layer: 0, part: "mlp", by: "zero" }]);
    assert.ok(logitsOf(parameters).some(Number.isNaN));
    assert.ok(logitsOf(parameters, observe).every(Number.isFinite));
  });

  it("trains around an ablated head, compiled as eagerly", async (t) => {
    if (tf.getBackend() !== "tensorflow") return t.skip("NOT TESTED: only native TensorFlow compiles steps");
    const ablation: Intervention[] = [
      { kind: "ablate-head", layer: 0, head: 1, by: "zero" },
      { kind: "ablate-head", layer: 1, head: 0, by: "mean" },
    ];
    const trainer = async () => {
      const parameters = livelyModel();
      const observe = await prepare(parameters, ablation, prompts);
      const optimiser = createOptimiser(parameters, { kind: "adamw" });
      const step = (given: Tensor) => {
        const { value, grads } = tf.variableGrads(
          () => nextTokenLoss(gpt2(parameters, given, configuration, { observe }), given),
          Object.values(parameters),
        );
        optimiser.apply(grads, 1e-2);
        return value;
      };
      return { parameters, step, variables: [...Object.values(parameters), ...optimiser.state.values()] };
    };
    const eager = await trainer();
    const { parameters, step, variables } = await trainer();
    const compiled = compile(step, { variables });
    const losses = Array.from({ length: 6 }, () => [
      tf.tidy(() => eager.step(tokens()).dataSync()[0]),
      compiled(tokens()).dataSync()[0],
    ]);
    for (const [wanted, found] of losses) assert.ok(Math.abs(found - wanted) < 1e-3 * wanted, `${losses}`);
    assert.ok(losses[5][1] < 0.8 * losses[0][1], `${losses}`);
    compiled.dispose();
    // The ablated head's rows of c_proj have had no gradient, only AdamW's decay.
    const rows = (model: Gpt2Parameters) =>
      model["transformer.h.0.attn.c_proj.weight"].slice([CHANNELS], [CHANNELS]).dataSync<"float32">();
    const shrink = rows(livelyModel()).map((value, i) => rows(parameters)[i] / value);
    assert.ok(
      shrink.every((ratio) => Math.abs(ratio - shrink[0]) < 1e-5 && ratio <= 1),
      `${shrink}`,
    );
  });

  it("refuses what the model does not have, and a mean of nothing", async () => {
    const parameters = livelyModel();
    const refuses = (intervention: Intervention, message: RegExp) =>
      assert.rejects(prepare(parameters, [intervention]), { name: "RangeError", message });
    await refuses(
      { kind: "ablate-head", layer: 2, head: 0, by: "zero" },
      /^Cannot ablate-head as a layer is from 0 to below 2: got 2$/,
    );
    await refuses({ kind: "ablate-head", layer: 0, head: 4, by: "zero" }, /a head is .* below 4: got 4/);
    await refuses(
      { kind: "ablate-neurons", layer: 0, neurons: [64], by: "zero" },
      /a neuron is .* below 64: got 64/,
    );
    await refuses(
      { kind: "ablate-layer", layer: 0, part: "mlp", by: "zero", positions: [12] },
      /a position .* below 12: got 12/,
    );
    await refuses({ kind: "patch", activation: "logits", from: prompts }, /got "logits"/);
    await refuses({ kind: "ablate-head", layer: 0, head: 0, by: "mean" }, /reference inputs: got none/);
    const short: Intervention = { kind: "patch", activation: "embedding", from: [[1]] };
    const observe = await prepare(parameters, [short]);
    assert.throws(() => logitsOf(parameters, observe), /are of 1 positions: got position 1/);
    const two = await prepare(parameters, [{ ...short, from: prompts.slice(1) }]);
    assert.throws(() => logitsOf(parameters, two), /are of 1 or 3 inputs: got 2/);
  });
});
