import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Variable } from "@tensorflow/tfjs-node";
import * as fc from "fast-check";
import {
  compileGenerator,
  flipWeights,
  type Gpt2Parameters,
  generate,
  generateWithWeightFlips,
  type WeightFlip,
  withTimedWeightFlips,
  withWeightFlips,
} from "../../../../src/models/gpt2";
import { startBackend, tensorflow } from "../../../../src/tensor";
import { configuration, livelyModel, prompts } from "../lively-model";

const tf = tensorflow();
before(startBackend);

const wordsOf = (variable: Variable) => new Uint32Array(variable.dataSync<"float32">().slice().buffer);
const everyWord = (parameters: Gpt2Parameters<Variable>) =>
  Object.entries(parameters).map(([name, variable]) => [name, wordsOf(variable)]);
const weight = "transformer.h.0.attn.c_attn.weight";
const sign = (elements: WeightFlip["elements"], name = weight): WeightFlip => ({
  weight: name,
  elements,
  bits: "sign",
});

describe("flipWeights()", () => {
  it("leaves every bit of every weight as it was once undone, whatever was flipped", () => {
    const parameters = livelyModel();
    const before = everyWord(parameters);
    const tensors = tf.memory().numTensors;
    const flip = fc.record({
      weight: fc.constantFrom(...Object.keys(parameters)),
      elements: fc.oneof(
        fc.array(fc.integer({ min: 0, max: 15 }), { maxLength: 5 }),
        fc.record({ fraction: fc.double({ min: 0, max: 1, noNaN: true }), seed: fc.nat() }),
      ),
      bits: fc.oneof(fc.constant("sign" as const), fc.array(fc.integer({ min: 0, max: 31 }))),
    });
    fc.assert(
      fc.property(fc.array(flip, { maxLength: 4 }), fc.array(flip, { maxLength: 2 }), (flips, more) => {
        const undo = flipWeights(parameters, flips);
        const undoMore = flipWeights(parameters, more);
        undoMore();
        undo();
        undo(); // a second call does nothing
        assert.deepEqual(everyWord(parameters), before);
      }),
      { numRuns: 60, seed: 20261122 },
    );
    assert.equal(tf.memory().numTensors, tensors);
  });

  it("flips the bits and elements named, and no others", () => {
    const parameters = livelyModel();
    const before = wordsOf(parameters[weight]);
    const undo = flipWeights(parameters, [{ weight, elements: [0, 7], bits: [0, 22, 31] }, sign([7])]);
    const wanted = before.slice();
    wanted[0] ^= 0x80400001;
    wanted[7] ^= 0x00400001; // the sign twice
    assert.deepEqual(wordsOf(parameters[weight]), wanted);
    undo();
    const undoTwice = flipWeights(parameters, [sign([3, 4]), sign([4, 3])]);
    assert.deepEqual(wordsOf(parameters[weight]), before);
    undoTwice();
  });

  it("draws a share by its seed, a greater one with all of a smaller one", () => {
    const parameters = livelyModel();
    const before = wordsOf(parameters[weight]);
    const flipped = (fraction: number, seed: number) =>
      withWeightFlips(parameters, [sign({ fraction, seed })], () => {
        const words = wordsOf(parameters[weight]);
        return Array.from(words.keys()).filter((i) => words[i] !== before[i]);
      });
    const size = before.length;
    assert.equal(flipped(0.1, 1).length, Math.round(0.1 * size));
    assert.deepEqual(flipped(0.1, 1), flipped(0.1, 1));
    assert.notDeepEqual(flipped(0.1, 1), flipped(0.1, 2));
    const more = new Set(flipped(0.3, 1));
    assert.ok(flipped(0.1, 1).every((element) => more.has(element)));
    assert.equal(flipped(1, 1).length, size);
    assert.equal(flipped(0, 1).length, 0);
  });

  it("refuses what there is not, and has then changed nothing", () => {
    const parameters = livelyModel();
    const before = everyWord(parameters);
    const refuses = (flip: WeightFlip, message: RegExp) =>
      assert.throws(() => flipWeights(parameters, [sign([0]), flip]), { name: "RangeError", message });
    refuses(sign([0], "toString"), /^Cannot flip weights as the model must have them: got "toString"$/);
    refuses(sign([16 * 48]), /has 768 elements: got element 768/);
    refuses(sign({ fraction: 1.1, seed: 1 }), /from 0 to 1: got 1.1/);
    refuses({ weight, elements: [0], bits: [32] }, /from 0 to 31: got 32/);
    assert.deepEqual(everyWord(parameters), before);
  });
});

describe("withWeightFlips()", () => {
  it("undoes the flips where the body throws, rejects or assigns, and gives its result", async () => {
    const parameters = livelyModel();
    const before = everyWord(parameters);
    const flips = [sign({ fraction: 0.5, seed: 1 }), { weight, elements: [1], bits: [30] }];
    assert.throws(
      () =>
        withWeightFlips(parameters, flips, () => {
          throw new Error("sync");
        }),
      /sync/,
    );
    assert.deepEqual(everyWord(parameters), before);
    await assert.rejects(
      withWeightFlips(parameters, flips, async () => {
        await new Promise(setImmediate);
        assert.notDeepEqual(everyWord(parameters), before);
        throw new Error("async");
      }),
      /async/,
    );
    assert.deepEqual(everyWord(parameters), before);
    const result = withWeightFlips(parameters, flips, () => {
      tf.tidy(() => parameters[weight].assign(tf.zerosLike(parameters[weight])));
      return 3;
    });
    assert.equal(result, 3);
    assert.deepEqual(everyWord(parameters), before);
  });

  it("flips weights that a compiled generator holds", async () => {
    const parameters = livelyModel();
    const generator = compileGenerator(parameters, configuration);
    const plain = await generator.generate(prompts);
    const flips = [sign({ fraction: 0.5, seed: 2 })];
    const flipped = await withWeightFlips(parameters, flips, () => generator.generate(prompts));
    const wanted = await withWeightFlips(parameters, flips, () =>
      generate(parameters, prompts, configuration),
    );
    assert.deepEqual(flipped, wanted);
    assert.notDeepEqual(flipped, plain);
    assert.deepEqual(await generator.generate(prompts), plain);
    generator.dispose();
  });
});

describe("generateWithWeightFlips()", () => {
  it("flips before the token that is named, and undoes it at the end", async () => {
    const parameters = livelyModel();
    const before = everyWord(parameters);
    const plain = await generate(parameters, prompts, configuration);
    const flips = [
      sign({ fraction: 0.6, seed: 3 }),
      sign({ fraction: 0.6, seed: 3 }, "transformer.wte.weight"),
    ];
    const tensors = tf.memory().numTensors;
    const run = (atToken?: number) =>
      generateWithWeightFlips(
        ...([parameters, prompts, configuration] as const),
        flips.map((flip) => ({ ...flip, atToken })),
      );
    const wanted = await withWeightFlips(parameters, flips, () =>
      generate(parameters, prompts, configuration),
    );
    assert.deepEqual(await run(), wanted);
    assert.deepEqual(await run(0), wanted);
    const late = await run(4);
    assert.deepEqual(
      late.map((tokens) => tokens.slice(0, 4)),
      plain.map((tokens) => tokens.slice(0, 4)),
    );
    assert.notDeepEqual(late, plain);
    assert.deepEqual(await run(99), plain);
    const atToken = ({ index }: { index: number }) => {
      if (index === 6) throw new Error("stop");
    };
    await assert.rejects(
      generateWithWeightFlips(parameters, prompts, configuration, flips, { atToken }),
      /stop/,
    );
    assert.deepEqual(everyWord(parameters), before);
    assert.equal(tf.memory().numTensors, tensors);
  });
});

describe("withTimedWeightFlips()", () => {
  it("begins each of several generations with the weights as they were", async () => {
    const parameters = livelyModel();
    const before = everyWord(parameters);
    const flips = [0, 3].map((atToken) => ({ ...sign({ fraction: 0.6, seed: 3 }), atToken }));
    const apart: number[][] = [];
    for (const prompt of prompts)
      apart.push(...(await generateWithWeightFlips(parameters, [prompt], configuration, flips)));
    const together = await withTimedWeightFlips(parameters, flips, async (atToken) => {
      const answers: number[][] = [];
      for (const prompt of prompts)
        answers.push(...(await generate(parameters, [prompt], configuration, { atToken })));
      return answers;
    });
    assert.deepEqual(together, apart);
    assert.notDeepEqual(together, await generate(parameters, prompts, configuration));
    assert.deepEqual(everyWord(parameters), before);
  });

  it("takes a late flip back before the next generation reads its prompt", async () => {
    const parameters = livelyModel();
    const flips = [{ ...sign({ fraction: 0.6, seed: 3 }), atToken: 1 }];
    const plain = await generate(parameters, prompts, configuration, { maximum: 1 });
    const second = await withTimedWeightFlips(parameters, flips, async (atToken) => {
      await generate(parameters, prompts, configuration, { atToken });
      return generate(parameters, prompts, configuration, { atToken, maximum: 1 });
    });
    assert.deepEqual(second, plain);
  });
});
