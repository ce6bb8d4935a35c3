import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import {
  allStates,
  applyRules,
  documentRules,
  formatState,
  harderRules,
  parseRules,
  parseStates,
} from "../../../src/data";
import {
  ablationDamage,
  ablationFigure,
  answerTable,
  contradictAnswer,
  evaluateModel,
  flipDamage,
  flipFigure,
  outputPosition,
  parameters,
  stateText,
  tracedPairs,
  trainInWorld,
  variableValues,
  watchLoss,
} from "../../../src/experiments/boolean-world";
import { blockMatrices } from "../../../src/experiments/boolean-world/interventions/flip-damage";
import { longestText, worldTokenizer } from "../../../src/experiments/boolean-world/model/world-texts";
import { createGpt2 } from "../../../src/models";
import { figureBundle } from "../../../src/notebook";
import { createRandom } from "../../../src/random";
import { startBackend, tensorflow } from "../../../src/tensor";
import type { MetricsRow } from "../../../src/train";
import { temporaryFolder } from "../../support/temporary-folder";

const tf = tensorflow();
const folder = temporaryFolder();
before(startBackend);

const speaker = { rules: documentRules, tokenizer: worldTokenizer(documentRules, "compact") };
const states = allStates(documentRules);

function smallModel() {
  const configuration = { vocabulary: speaker.tokenizer.size, positions: 23, width: 16, layers: 2, heads: 2 };
  const weights = createGpt2(configuration, { rng: createRandom(4) });
  return { ...speaker, configuration, parameters: weights, excluded: [states[5]] };
}

describe("texts of a state", () => {
  it("have each value that a rule makes where outputPosition() says", () => {
    for (const rules of [documentRules, harderRules]) {
      const one = { rules, tokenizer: worldTokenizer(rules, "compact") };
      for (const state of allStates(rules)) {
        const { tokens } = stateText(one, state);
        const { outputs } = applyRules(rules, state);
        const said = rules.rules.map(({ name }) => Number(tokens[outputPosition(one, state, name)]));
        assert.deepEqual(said, outputs);
      }
    }
    assert.throws(() => outputPosition(speaker, states[0], "newX"), /the rules make newA, .*: got "newX"$/);
  });

  it("give the values of all variables", () => {
    const values = variableValues(documentRules, states);
    assert.deepEqual(Object.keys(values), ["A", "B", "C", "D", "E", "newA", "newB", "newC", "newD"]);
    const { A, C, D, newA, newB, newD } = values; // the document's formulas, written out
    for (const i of states.keys()) {
      assert.equal(newA[i], A[i] ^ C[i]);
      assert.equal(newB[i], 1 - D[i]);
      assert.equal(newD[i], A[i] | newB[i]);
    }
  });
});

describe("answerTable()", () => {
  it("puts answers on a line each and names what is wrong", () => {
    const row = { state: "1,0", excluded: true, expected: "\n1,0\n1 - 1\n", answer: "\n1,0\n1 - 1\n" };
    const [right, wrong, odd] = answerTable([
      { ...row, exact: true, parts: { newA: true, sum: true } },
      { ...row, excluded: false, answer: "\n0,0\n1 - 1\n", exact: false, parts: { newA: false, sum: true } },
      { ...row, answer: "\n1,0\n1 - 1\n\n", exact: false, parts: { newA: true, sum: true } },
    ]);
    assert.deepEqual(right, {
      state: "1,0",
      read: "no",
      by_code: "1,0 / 1 - 1",
      by_model: "1,0 / 1 - 1",
      wrong: "none",
    });
    assert.deepEqual([wrong.read, wrong.by_model, wrong.wrong], ["yes", "0,0 / 1 - 1", "newA"]);
    assert.equal(odd.wrong, "the form");
  });
});

describe("tracedPairs()", () => {
  it("differ in D and newB alone, where A is 0, and call for other values of newD", () => {
    const pairs = tracedPairs(speaker, { input: "D", through: "newB", output: "newD" });
    assert.equal(pairs.length, 16);
    const places = [6, outputPosition(speaker, states[0], "newB")];
    for (const { clean, other, answer, rival } of pairs) {
      const apart = clean.flatMap((id, i) => (id === other[i] ? [] : [i]));
      assert.deepEqual(apart, places);
      assert.equal(speaker.tokenizer.decode(clean)[0], "0");
      const newB = speaker.tokenizer.decode([clean[places[1]]]);
      assert.equal(speaker.tokenizer.decode([answer]), newB); // newD = newB where A is 0
      assert.notEqual(answer, rival);
    }
  });

  it("refuses names in another order, and an input that does not act through the value", () => {
    assert.throws(
      () => tracedPairs(speaker, { input: "D", through: "newD", output: "newB" }),
      /the earlier first/,
    );
    assert.throws(
      () => tracedPairs(speaker, { input: "E", through: "newB", output: "newD" }),
      /^RangeError: Cannot make pairs as E must change newD through newB alone: got none$/,
    );
  });
});

describe("contradictAnswer()", () => {
  it("writes the opposite of newB where it makes a difference, and reads what the model goes on with", async () => {
    const rows = await contradictAnswer(smallModel(), { through: "newB", output: "newD" });
    assert.equal(rows.length, 16);
    for (const { state, written, by_prompt, by_written, model, follows } of rows) {
      const [A, , , D] = state.split(",").map(Number);
      assert.deepEqual([A, written, by_prompt, by_written], [0, D, 1 - D, D]);
      const expected = { [String(D)]: "what is written", [String(1 - D)]: "the prompt" }[model] ?? "neither";
      assert.equal(follows, expected);
    }
    await assert.rejects(
      contradictAnswer(smallModel(), { through: "newD", output: "newB" }),
      /earlier first/,
    );
  });
});

describe("ablationDamage()", () => {
  it("has a row for each head, attention and MLP, and leaves nothing in memory", async () => {
    const model = smallModel();
    const tensors = tf.memory().numTensors;
    const rows = await ablationDamage(model);
    assert.equal(tf.memory().numTensors, tensors);
    assert.deepEqual(
      rows.map(({ layer, part }) => `${layer} ${part}`),
      [0, 1].flatMap((layer) => ["head 0", "head 1", "attention", "MLP"].map((part) => `${layer} ${part}`)),
    );
    assert.ok(rows.every(({ exact, newA }) => exact >= 0 && exact <= 1 && Number(newA) >= 0));
    const figure = ablationFigure([
      { layer: 0, part: "MLP", exact: 0.25 },
      { layer: 1, part: "MLP", exact: 1 },
    ]);
    assert.deepEqual((figure.data[0] as { z?: unknown }).z, [[0.75], [0]]);
    assert.doesNotThrow(() => figureBundle(figure));
  });
});

describe("flipDamage()", () => {
  it("puts every weight back, and changes nothing where nothing flips or the answer is over", async () => {
    const model = smallModel();
    const before = Object.values(model.parameters).map((value) => value.dataSync().slice());
    const whole = (await evaluateModel(model)).accuracy[0];
    const rows = await flipDamage(model, { fractions: [0, 0.5], tokens: [0, 99] }, { seeds: [3] });
    assert.deepEqual(
      rows.map(({ fraction, token, seed }) => [fraction, token, seed]),
      [
        [0, 0, 3],
        [0, 99, 3],
        [0.5, 0, 3],
        [0.5, 99, 3],
      ],
    );
    for (const row of [rows[0], rows[1], rows[3]]) {
      assert.equal(row.exact, whole.exact);
      for (const [name, share] of Object.entries(row.parts)) assert.equal(share, whole[name]);
    }
    assert.deepEqual(
      Object.values(model.parameters).map((value) => value.dataSync()),
      before,
    );
    assert.equal(blockMatrices(model).length, 2 * 4);
    await assert.rejects(flipDamage(model, { fractions: [2] }), /a fraction is from 0 to 1: got 2/);
  });

  it("flips once for each part of a world that is asked in several, and puts every weight back", async () => {
    const rules = parseRules("inputs A, B, C, D, E, F, G, H, I, J\nnewA = A XOR J\nsum(newA)");
    const tokenizer = worldTokenizer(rules, "compact");
    const positions = longestText(rules, tokenizer);
    const sizes = { vocabulary: tokenizer.size, positions, width: 8, layers: 1, heads: 2 };
    const weights = createGpt2(sizes, { rng: createRandom(4) });
    const model = { rules, tokenizer, configuration: sizes, parameters: weights, excluded: [] };
    const values = () => Object.values(weights).map((value) => value.dataSync().slice());
    const before = values();
    const whole = (await evaluateModel(model)).accuracy[0];
    assert.equal(whole.count, 1024);
    const [none] = await flipDamage(model, { fractions: [0, 0.5] }, { seeds: [3] });
    assert.equal(none.exact, whole.exact);
    for (const [name, share] of Object.entries(none.parts)) assert.equal(share, whole[name]);
    assert.deepEqual(values(), before);
  });

  it("is drawn by share, or by token where there are more of those", () => {
    const row = (fraction: number, token: number, exact: number) => ({
      fraction,
      token,
      seed: 0,
      exact,
      parts: { newA: 1 },
    });
    const byShare = flipFigure([row(0, 0, 1), row(0.1, 0, 0.5), row(0.1, 0, 0)]);
    assert.deepEqual(
      byShare.data.map(({ name, x, y }) => [name, x, y]),
      [
        ["newA", [0, 0.1], [1, 1]],
        ["whole answer", [0, 0.1], [1, 0.25]],
      ],
    );
    const byToken = flipFigure([row(0.1, 0, 0), row(0.1, 5, 1)]);
    assert.deepEqual(byToken.data[1].x, [0, 5]);
    assert.match((byToken.layout.title as { text: string }).text, /10 %/);
  });
});

describe("watchLoss()", () => {
  it("hands on what it hears and shows rows of what is new", () => {
    const heard: unknown[] = [];
    const progress = () => ({
      update: (done: number) => heard.push(done),
      finish: () => heard.push("end"),
      fail: () => heard.push("fail"),
    });
    let shown: MetricsRow[] = [];
    const bar = watchLoss(progress, (rows) => (shown = rows), { epochs: 2 })(100, {});
    const newest = { loss: 2, note: "text" };
    bar.update(0);
    bar.update(25, newest);
    bar.update(30, newest);
    bar.finish({ loss: 1, validLoss: 3 });
    assert.deepEqual(heard, [0, 25, 30, "end"]);
    assert.deepEqual(
      shown.map(({ step, epoch, values }) => ({ step, epoch, values })),
      [
        { step: 25, epoch: 0.5, values: { loss: 2 } },
        { step: 100, epoch: 2, values: { loss: 1, validLoss: 3 } },
      ],
    );
  });
});

describe("trainInWorld()", () => {
  it("trains without the excluded states, and finds the same model again in its folder", async () => {
    const { configuration } = parameters({ preset: "smoke", trainExamples: 64 });
    const excluded = parseStates(documentRules, "1,0,1,0,1");
    const options = { excluded, folder: `${folder}/world` };
    const { model, outcome } = await trainInWorld(configuration, options);
    assert.equal(outcome.step, 4);
    assert.deepEqual(model.excluded.map(formatState), ["1,0,1,0,1"]);
    const again = await trainInWorld(configuration, options);
    assert.deepEqual((await evaluateModel(again.model)).rows, (await evaluateModel(model)).rows);
    const stopped = new AbortController();
    stopped.abort();
    await assert.rejects(
      trainInWorld(configuration, { folder: `${folder}/other`, signal: stopped.signal }),
      /^Error: Paused after 0 steps: run this again to go on from there$/,
    );
  });
});
