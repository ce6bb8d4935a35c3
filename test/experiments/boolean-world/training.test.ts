import assert from "node:assert/strict";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import {
  allStates,
  documentRules,
  formatState,
  generateWorldDataset,
  harderRules,
  parseRules,
  parseStates,
} from "../../../src/data";
import {
  describe as describeWorld,
  evaluateModel,
  load,
  loadWorldModel,
  parameters,
  saveWorldModel,
  trainingConfiguration,
  trainingFigure,
  trainModel,
  type WorldExamples,
} from "../../../src/experiments/boolean-world";
import { answerStates } from "../../../src/experiments/boolean-world/model/answer-states";
import { worldTokenizer, worldTokens } from "../../../src/experiments/boolean-world/model/world-texts";
import { startBackend, tensorflow, toStateDict } from "../../../src/tensor";
import { temporaryFolder } from "../../support/temporary-folder";

const tf = tensorflow();
const folder = temporaryFolder();
before(startBackend);

/** Two rules over three inputs: a world that a small model learns in seconds. */
const smallRules = parseRules("newA = A XOR C\nnewB = NOT newA\nsum(A+B+C) - sum2(newA+newB)");
const without = parseStates(smallRules, "1,0,1");
const small = {
  width: 32,
  layers: 2,
  heads: 2,
  epochs: 4,
  learningRate: 3e-3,
  trainExamples: 960,
  validExamples: 50,
  testExamples: 50,
};
const { configuration } = parameters({ preset: "smoke", seed: 2, ...small });
const settings = trainingConfiguration(configuration);

function worldOf(rules = smallRules, excluded = without): WorldExamples {
  const sizes = { train: small.trainExamples, valid: small.validExamples, test: small.testExamples };
  return { rules, excluded, ...generateWorldDataset(rules, { excluded, seed: 2, sizes }) };
}

describe("worldTokens()", () => {
  it("ends and pads texts, and counts the completion and the end as targets", () => {
    const tokenizer = worldTokenizer(documentRules, "compact");
    const example = { prompt: "0,1", completion: "\n1\n" };
    const { tokens, targets } = worldTokens([example], tokenizer, { time: 9, loss: "completion" });
    assert.equal(tokenizer.decode(tokens), `0,1\n1\n${"<|endoftext|>".repeat(3)}`);
    assert.deepEqual(Array.from(targets), [0, 0, 0, 1, 1, 1, 1, 0, 0]);
    const all = worldTokens([example], tokenizer, { time: 9, loss: "all" });
    assert.deepEqual(Array.from(all.targets), [1, 1, 1, 1, 1, 1, 1, 0, 0]);
  });

  it("has the full vocabulary's text in 22 tokens, and 17 tokens in the document's compact one", () => {
    const text = "0,1,1,1,0\n1,0,0,0\n3 - 1\n";
    assert.equal(worldTokenizer(documentRules, "gpt2").encode(text).length, 22);
    assert.equal(worldTokenizer(documentRules, "compact").encode(text).length, 22);
    assert.equal(worldTokenizer(documentRules, "compact").size, 17);
  });
});

describe("trainModel()", () => {
  it("learns what it reads of a small world, and comes back from its folder", async () => {
    const { model, outcome } = await trainModel(worldOf(), settings);
    assert.equal(outcome.status, "finished");
    assert.equal(outcome.step, 240);
    const { rows, accuracy } = await evaluateModel(model);
    assert.deepEqual(
      accuracy.map(({ states, count }) => [states, count]),
      [
        ["all", 8],
        ["seen", 7],
        ["held-out", 1],
      ],
    );
    assert.equal(accuracy[1].exact, 1, JSON.stringify(rows));
    const losses = outcome.metrics.flatMap(({ values }) => ("validLoss" in values ? [values.validLoss] : []));
    assert.equal(losses.length, 4);
    const { data } = trainingFigure(outcome.metrics);
    assert.deepEqual(
      data.map(({ name }) => name),
      ["training batches", "validation"],
    );
    assert.deepEqual(data[1].y, losses);
    assert.deepEqual(trainingFigure([]).data, []);
    assert.ok(losses[3] < 0.1 * losses[0], `${losses}`);
    const place = join(folder, "final");
    saveWorldModel(place, model);
    const loaded = await loadWorldModel(place);
    assert.deepEqual([loaded.rules, loaded.excluded], [smallRules, without]);
    assert.deepEqual(toStateDict(loaded.parameters), toStateDict(model.parameters));
    assert.deepEqual((await evaluateModel(loaded)).rows, rows);
    assert.equal(loaded.configuration.positions, model.tokenizer.encode("1,0,1\n0,1\n2 - 1\n").length + 1);
  });

  it("ends bit for bit as it would have, when it was paused and goes on", async () => {
    const short = { ...settings, layers: 1, epochs: 1, dropout: 0.1 };
    const world = worldOf();
    const some = { ...world, train: world.train.slice(0, 400) };
    const whole = await trainModel(some, short);
    const place = join(folder, "paused");
    const controller = new AbortController();
    const progress = () => ({
      update: (done: number) => done >= 5 && controller.abort(),
      finish() {},
      fail() {},
    });
    const paused = await trainModel(some, short, { folder: place, signal: controller.signal, progress });
    assert.equal(paused.outcome.status, "paused");
    assert.ok(paused.outcome.step < 25);
    const resumed = await trainModel(some, short, { folder: place });
    assert.equal(resumed.outcome.status, "finished");
    assert.deepEqual(toStateDict(resumed.model.parameters), toStateDict(whole.model.parameters));
    await assert.rejects(
      trainModel(worldOf(smallRules, []), short, { folder: place }),
      /CheckpointError|examples/,
    );
  });

  it("leaves nothing in memory but the model", async () => {
    const before = tf.memory().numTensors;
    const world = worldOf();
    const some = { ...world, train: world.train.slice(0, 64) };
    const { model } = await trainModel(some, { ...settings, layers: 1, epochs: 1 });
    await evaluateModel(model);
    tf.dispose(Object.values(model.parameters));
    assert.equal(tf.memory().numTensors, before);
  });

  it("refuses examples that the rules do not make, and excluded ones", async () => {
    const world = worldOf();
    const wrong = [{ prompt: "1,1,1", completion: "\n1,1\n3 - 2\n" }];
    await assert.rejects(
      trainModel({ ...world, train: wrong }, settings),
      /RangeError: Cannot train on the examples as "1,1,1" is completed with "\\n0,1\\n3 - 1\\n" by the rules: got/,
    );
    await assert.rejects(
      trainModel({ ...world, valid: [] }, settings),
      /RangeError: .* there must be one: got none/,
    );
    await assert.rejects(
      trainModel({ ...worldOf(smallRules, []), excluded: without }, settings),
      /RangeError: .* excluded states are not among them: got "1,0,1"/,
    );
  });

  it("trains with the other schedules, losses and a last batch that is not full", async () => {
    const world = worldOf();
    for (const change of [
      { schedule: "cosine", loss: "all" },
      { schedule: "constant", weightDecay: 0.1 },
    ] as const) {
      const some = { ...world, train: world.train.slice(0, 40) };
      const { outcome } = await trainModel(some, { ...settings, epochs: 1, layers: 1, ...change });
      assert.equal(outcome.step, 2); // of 2.5 batches
    }
  });
});

describe("describe()", () => {
  it("names the world, the seed and the preset", async () => {
    const resolved = parameters({ preset: "smoke", seed: 4 });
    const said = await describeWorld(resolved, await load(resolved.configuration));
    assert.equal(said.dataSource, "Examples made by the rules, as the document's are (seed 4)");
    assert.deepEqual([said.preset, said.seed, said.dataIsSynthetic], ["smoke", 4, false]);
  });
});

describe("evaluateModel()", () => {
  it("marks each variable and sum by itself", async () => {
    const world = worldOf();
    const { model } = await trainModel(
      { ...world, train: world.train.slice(0, 16) },
      { ...settings, epochs: 1 },
    );
    const states = allStates(smallRules);
    const answers = await answerStates(model, states);
    const { rows } = await evaluateModel(model);
    assert.deepEqual(
      rows.map(({ answer }) => answer),
      answers,
    );
    assert.deepEqual(
      rows.map(({ state }) => state),
      states.map(formatState),
    );
    assert.deepEqual(Object.keys(rows[0].parts), ["newA", "newB", "sum", "sum2"]);
    assert.ok(rows.some(({ exact, parts }) => !exact && Object.values(parts).includes(false)));
    for (const { exact, parts } of rows) if (exact) assert.ok(Object.values(parts).every(Boolean));
    assert.equal(worldTokenizer(harderRules, "compact").size, 18);
  });
});
