import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Tensor } from "@tensorflow/tfjs-node";
import { gpt2, type Observe } from "../../../src/models/gpt2";
import { compile, startBackend, tensorflow } from "../../../src/tensor";
import { configuration, publishedParameters, publishedTokens } from "./published-gpt2";

const tf = tensorflow();
before(startBackend);

const [BATCH, TIME, WIDTH, HEADS] = [3, 6, 8, 2];
const close = (found: Tensor, wanted: Tensor, tolerance = 1e-5) => {
  assert.deepEqual(found.shape, wanted.shape);
  const error = found.sub(wanted).abs().max().dataSync()[0];
  assert.ok(error <= tolerance, `${error}`);
};
const run = (observe?: Observe, parameters: Record<string, Tensor> = publishedParameters()) =>
  gpt2(parameters, publishedTokens(), configuration, { observe });

describe("gpt2() observed", () => {
  it("shows every activation under its name, in order, and changes nothing", () => {
    const seen = new Map<string, Tensor>();
    const logits = run((name, activation) => {
      seen.set(name, activation);
      return activation;
    });
    close(logits, run(), 0);
    const stream = [BATCH, TIME, WIDTH];
    const layer = (index: number): [string, number[]][] => [
      [`h.${index}.attn.pattern`, [BATCH, HEADS, TIME, TIME]],
      [`h.${index}.attn.heads`, [BATCH, HEADS, TIME, WIDTH / HEADS]],
      [`h.${index}.attn.output`, stream],
      [`h.${index}.mlp.neurons`, [BATCH, TIME, 4 * WIDTH]],
      [`h.${index}.mlp.output`, stream],
      [`h.${index}.residual`, stream],
    ];
    const shapes = Array.from(seen, ([name, { shape }]) => [name, shape]);
    assert.deepEqual(shapes, [["embedding", stream], ...layer(0), ...layer(1), ["ln_f", stream]]);
    const at = (name: string) => seen.get(name)!;
    close(at("h.1.attn.pattern").sum(-1), tf.ones([BATCH, HEADS, TIME]));
    close(tf.linalg.bandPart(at("h.1.attn.pattern"), -1, 0), at("h.1.attn.pattern"), 0);
    const written = at("h.0.residual").add(at("h.1.attn.output")).add(at("h.1.mlp.output"));
    close(at("h.1.residual"), written);
    const words = publishedParameters()["transformer.wte.weight"];
    close(tf.matMul(at("ln_f").reshape([-1, WIDTH]), words, false, true).reshape(logits.shape), logits);
  });

  it("ablates a head as zeros in its rows of c_proj do", () => {
    const parameters = publishedParameters();
    const kept = tf.tensor([1, 0]).reshape([1, HEADS, 1, 1]); // the second head goes
    const ablated = run((name, heads) => (name === "h.0.attn.heads" ? heads.mul(kept) : heads), parameters);
    const name = "transformer.h.0.attn.c_proj.weight";
    const rows = tf.tensor(Array.from({ length: WIDTH }, (_, row) => (row < WIDTH / HEADS ? 1 : 0)));
    const weight = parameters[name].mul(rows.expandDims(1));
    close(ablated, run(undefined, { ...parameters, [name]: weight }));
    assert.ok(ablated.sub(run()).abs().max().dataSync()[0] > 1e-2);
  });

  it("ablates a neuron as zeros in its row of c_proj do", () => {
    const parameters = publishedParameters();
    const kept = tf.tensor(Array.from({ length: 4 * WIDTH }, (_, neuron) => (neuron === 5 ? 0 : 1)));
    const name = "transformer.h.1.mlp.c_proj.weight";
    const weight = parameters[name].mul(kept.expandDims(1));
    const ablated = run((at, neurons) => (at === "h.1.mlp.neurons" ? neurons.mul(kept) : neurons));
    close(ablated, run(undefined, { ...parameters, [name]: weight }));
  });

  it("goes on from a stream that is put in, as if it had computed it", () => {
    const other = publishedTokens().reverse(0);
    const parameters = publishedParameters();
    let stream: Tensor | undefined;
    const wanted = gpt2(parameters, other, configuration, {
      observe: (name, activation) => {
        if (name === "h.0.residual") stream = activation;
        return activation;
      },
    });
    close(
      run((name, activation) => (name === "h.0.residual" ? stream! : activation)),
      wanted,
      0,
    );
  });

  it("intervenes in a compiled step too", (t) => {
    if (tf.getBackend() !== "tensorflow") return t.skip("NOT TESTED: only native TensorFlow compiles steps");
    const parameters = publishedParameters();
    const variables = Object.values(parameters);
    const silence: Observe = (name, activation) =>
      name.endsWith("mlp.output") ? activation.mul(0) : activation;
    const step = compile((tokens: Tensor) => gpt2(parameters, tokens, configuration, { observe: silence }), {
      variables,
    });
    close(step(publishedTokens()), run(silence));
    step.dispose();
  });
});
