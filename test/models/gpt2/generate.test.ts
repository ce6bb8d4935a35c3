import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Tensor } from "@tensorflow/tfjs-node";
import { compileGenerator, generate, gpt2 } from "../../../src/models/gpt2";
import { createRandom } from "../../../src/random";
import { startBackend, tensorflow } from "../../../src/tensor";
import { configuration, livelyModel, prompts } from "./lively-model";

const tf = tensorflow();
before(startBackend);

/** Greedy tokens by the whole pass, again for each token. */
function rerun(parameters: Record<string, Tensor>, count: number): number[][] {
  const sequences = prompts.map((prompt) => prompt.slice());
  for (let i = 0; i < count; i++) {
    const chosen = tf.tidy(() => {
      const logits = gpt2(parameters, tf.tensor2d(sequences, undefined, "int32"), configuration);
      return logits
        .argMax(-1)
        .slice([0, sequences[0].length - 1], [-1, 1])
        .dataSync();
    });
    for (const [row, token] of chosen.entries()) sequences[row].push(token);
  }
  return sequences.map((sequence) => sequence.slice(prompts[0].length));
}

describe("generate()", () => {
  it("gives the tokens of the whole pass run again, in a batch and one by one, and leaves no tensor", async () => {
    const parameters = livelyModel();
    const tensors = tf.memory().numTensors;
    const wanted = rerun(parameters, 9);
    assert.ok(new Set(wanted.flat()).size > 3, `${wanted}`);
    assert.deepEqual(await generate(parameters, prompts, configuration), wanted);
    for (const [i, prompt] of prompts.entries())
      assert.deepEqual(await generate(parameters, [prompt], configuration), [wanted[i]]);
    assert.equal(tf.memory().numTensors, tensors);
  });

  it("chooses from the logits of the whole pass", async () => {
    const parameters = livelyModel();
    const seen: Tensor[] = [];
    const atLogits = (logits: Tensor) => void seen.push(logits.clone());
    const generated = await generate(parameters, prompts, configuration, { atLogits });
    const sequences = prompts.map((prompt, i) => [...prompt, ...generated[i]]);
    const whole = gpt2(parameters, tf.tensor2d(sequences, undefined, "int32"), configuration);
    const wanted = whole.slice([0, 2], [-1, 9]); // [batch, generated, vocabulary]
    assert.ok(tf.stack(seen, 1).sub(wanted).abs().max().dataSync()[0] < 1e-4);
  });

  it("ends each sequence at its stop token, and stops when all have ended", async () => {
    const parameters = livelyModel();
    const whole = rerun(parameters, 9);
    const stopAt = [whole[0][1]];
    const until = (tokens: number[]) => {
      const end = tokens.indexOf(stopAt[0]);
      return end < 0 ? tokens : tokens.slice(0, end + 1);
    };
    assert.deepEqual(await generate(parameters, prompts, configuration, { stopAt }), whole.map(until));
    let steps = 0;
    const atToken = () => void steps++;
    const first = [prompts[0]];
    await generate(parameters, first, configuration, { stopAt, atToken });
    assert.equal(steps, until(whole[0]).length);
    assert.deepEqual(await generate(parameters, first, configuration, { maximum: 0 }), [[]]);
  });

  it("draws by the seed, in the logits' proportions", async () => {
    const parameters = livelyModel();
    const draw = (seed: number, temperature = 1) =>
      generate(parameters, prompts, configuration, { temperature, rng: createRandom(seed) });
    assert.deepEqual(await draw(1), await draw(1));
    assert.notDeepEqual(await draw(1), await draw(2));
    assert.deepEqual(await draw(1, 1e-4), rerun(parameters, 9)); // cold, it takes the likeliest
    const many = Array.from({ length: 4000 }, () => prompts[0]);
    let wanted: ArrayLike<number> = [];
    const drawn = await generate(parameters, many, configuration, {
      maximum: 1,
      temperature: 2,
      rng: createRandom(5),
      atLogits: (logits) => {
        wanted = tf.tidy(() => tf.softmax(logits.slice([0], [1]).div(2)).dataSync<"float32">());
      },
    });
    for (const [token, probability] of Array.from(wanted).entries()) {
      const share = drawn.filter(([found]) => found === token).length / many.length;
      const deviation = Math.sqrt((probability * (1 - probability)) / many.length);
      assert.ok(Math.abs(share - probability) <= 4 * deviation + 1e-3, `${token}: ${share}, ${probability}`);
    }
  });

  it("shows what it computes, the prompt first, then position by position", async () => {
    const parameters = livelyModel();
    const seen: [number, number[]][] = [];
    await generate(parameters, prompts, configuration, {
      maximum: 3,
      observe: (name, activation, first) => {
        if (name === "h.1.attn.pattern") seen.push([first, activation.shape]);
        return activation;
      },
    });
    assert.deepEqual(seen, [
      [0, [3, 4, 3, 3]],
      [3, [3, 4, 1, 4]],
      [4, [3, 4, 1, 5]],
    ]);
  });

  it("generates alike under an intervention, cached or not", async () => {
    const parameters = livelyModel();
    const observe = (name: string, activation: Tensor) =>
      name === "h.0.mlp.output" ? activation.mul(0) : activation;
    const cached = await generate(parameters, prompts, configuration, { observe });
    const zero = (name: string) => parameters[name].mul(0);
    const part = "transformer.h.0.mlp.c_proj";
    const silent = { [`${part}.weight`]: zero(`${part}.weight`), [`${part}.bias`]: zero(`${part}.bias`) };
    assert.deepEqual(cached, rerun({ ...parameters, ...silent }, 9));
    assert.notDeepEqual(cached, rerun(parameters, 9));
  });

  it("frees its cache where a hook throws", async () => {
    const parameters = livelyModel();
    const tensors = tf.memory().numTensors;
    const atToken = ({ index }: { index: number }) => {
      if (index === 2) throw new Error("enough");
    };
    await assert.rejects(generate(parameters, prompts, configuration, { atToken }), /enough/);
    const atLogits = () => {
      throw new Error("seen");
    };
    await assert.rejects(generate(parameters, prompts, configuration, { atLogits }), /seen/);
    assert.equal(tf.memory().numTensors, tensors);
  });

  it("refuses what it cannot generate", async () => {
    const parameters = livelyModel();
    const refuses = (given: number[][], options: object, message: RegExp, kind = RangeError) =>
      assert.rejects(generate(parameters, given, configuration, options), (error: Error) => {
        assert.ok(error instanceof kind);
        assert.match(error.message, message);
        return true;
      });
    await refuses([], {}, /of one length, at least one token each: got lengths of no prompt/);
    await refuses([[1], [1, 2]], {}, /got lengths 1, 2/);
    await refuses([[]], {}, /got lengths 0/);
    await refuses([[13]], {}, /tokens are from 0 to below 13: got 13/);
    await refuses([[1]], { maximum: 12 }, /fit into 12 positions: got 1 \+ 12/);
    await refuses([[1]], { maximum: 1.5 }, /got 1 \+ 1.5/);
    await refuses([[1]], { temperature: -1 }, /temperature must be finite and at least 0: got -1/);
    await refuses([[1]], { temperature: 1 }, /draws tokens: got no rng/, TypeError);
  });
});

describe("compileGenerator()", () => {
  it("gives the tokens of generate(), of prompts of any number and length, also after weights have changed", async () => {
    const parameters = livelyModel();
    const generator = compileGenerator(parameters, configuration);
    const same = async (given: number[][], options = {}) =>
      assert.deepEqual(
        await generator.generate(given, options),
        await generate(parameters, given, configuration, options),
      );
    const tensors = tf.memory().numTensors;
    await same(prompts);
    await same([[1, 2, 3, 4, 5]], { maximum: 4 });
    const options = () => ({ temperature: 1, rng: createRandom(2) });
    assert.deepEqual(
      await generator.generate(prompts, options()),
      await generate(parameters, prompts, configuration, options()),
    );
    const name = "transformer.h.1.attn.c_attn.weight";
    const turn = () => tf.tidy(() => parameters[name].assign(parameters[name].neg()));
    const atToken = ({ index }: { index: number }) => void (index === 3 && turn());
    const changed = await generator.generate(prompts, { atToken });
    turn();
    assert.deepEqual(changed, await generate(parameters, prompts, configuration, { atToken }));
    turn();
    assert.notDeepEqual(changed, rerun(parameters, 9));
    assert.equal(tf.memory().numTensors, tensors);
    generator.dispose();
  });
});
