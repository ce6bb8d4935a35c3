import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  absentStates,
  allStates,
  documentRules,
  formatState,
  generateWorldDataset,
  parseStates,
  readWorld,
  readWorldExamples,
  worldParts,
  writeWorldDataset,
} from "../../../src/data/boolean-world";
import { temporaryFolder } from "../../support/temporary-folder";

const folder = temporaryFolder();
const fixtureLines = readFileSync(join(__dirname, "../../fixtures/seed003/all32.jsonl"), "utf8").split("\n");
const small = { train: 400, valid: 40, test: 40 };

describe("absentStates()", () => {
  it("are those that were excluded, where all others are drawn", () => {
    const excluded = parseStates(documentRules, "0,0,0,0,0;1,0,1,0,1");
    const { train } = generateWorldDataset(documentRules, { excluded, seed: 1 });
    assert.deepEqual(absentStates(documentRules, train), excluded);
    assert.equal(absentStates(documentRules, []).length, 32);
    assert.throws(
      () => absentStates(documentRules, [{ prompt: "1,0", completion: "" }]),
      /RangeError: Cannot read a state as it must be a 0 or 1 for each of A, B, C, D, E/,
    );
  });
});

describe("generateWorldDataset()", () => {
  it("draws the document's numbers of examples, every state about as often as the others", () => {
    const { train, valid, test } = generateWorldDataset(documentRules, { seed: 3 });
    assert.deepEqual([train.length, valid.length, test.length], [20_000, 2_000, 2_000]);
    const counts = new Map<string, number>();
    for (const { prompt } of train) counts.set(prompt, (counts.get(prompt) ?? 0) + 1);
    const chi2 = Array.from(counts.values()).reduce((sum, n) => sum + (n - 625) ** 2 / 625, 0);
    assert.equal(counts.size, 32);
    assert.ok(chi2 < 61.1, `${chi2}`); // the 0.999 quantile of chi-square with 31 degrees of freedom
  });

  it("never holds an excluded state, whatever is excluded", () => {
    const states = allStates(documentRules);
    fc.assert(
      fc.property(fc.subarray(states, { maxLength: 31 }), fc.nat(), (excluded, seed) => {
        const dataset = generateWorldDataset(documentRules, { excluded, seed, sizes: small });
        const held = new Set(excluded.map(formatState));
        for (const part of worldParts) {
          assert.equal(dataset[part].length, small[part]);
          assert.ok(dataset[part].every(({ prompt }) => !held.has(prompt)));
        }
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it("draws the same from the same seed, and no part changes with the size of another", () => {
    const once = generateWorldDataset(documentRules, { seed: 5, sizes: small });
    const again = generateWorldDataset(documentRules, { seed: 5, sizes: { ...small, train: 10 } });
    assert.deepEqual(again.test, once.test);
    assert.deepEqual(again.train, once.train.slice(0, 10));
    assert.notDeepEqual(generateWorldDataset(documentRules, { seed: 6, sizes: small }).test, once.test);
  });

  it("refuses to exclude every state, and empty parts", () => {
    const excluded = allStates(documentRules);
    assert.throws(
      () => generateWorldDataset(documentRules, { excluded }),
      /RangeError: .* got all 32 excluded/,
    );
    assert.throws(
      () => generateWorldDataset(documentRules, { sizes: { ...small, valid: 0 } }),
      /RangeError: Cannot generate a dataset as valid must hold/,
    );
  });
});

describe("writeWorldDataset()", () => {
  const excluded = parseStates(documentRules, "1,1,1,1,1;0,0,0,0,0");
  const dataset = generateWorldDataset(documentRules, { excluded, sizes: small });
  const out = join(folder, "dataset");
  writeWorldDataset(out, dataset, { rules: documentRules, excluded });

  it("writes the fixture's lines, and nothing beside its four files", () => {
    assert.deepEqual(readdirSync(out).sort(), ["test.jsonl", "train.jsonl", "valid.jsonl", "world.json"]);
    const lines = readFileSync(join(out, "train.jsonl"), "utf8").split("\n");
    assert.equal(lines.length, 401);
    assert.ok(lines.every((line) => fixtureLines.includes(line)));
  });

  it("is read back with rules and held-out states", () => {
    for (const part of worldParts) assert.deepEqual(readWorldExamples(out, part), dataset[part]);
    assert.deepEqual(readWorld(out), { rules: documentRules, excluded });
  });

  it("leaves another dataset whole, unless it may be replaced", () => {
    const other = generateWorldDataset(documentRules, { excluded, sizes: small, seed: 1 });
    const write = (options?: { replace: boolean }) =>
      writeWorldDataset(out, other, { rules: documentRules, excluded }, options);
    assert.throws(
      () => write(),
      /RangeError: .* must not hold another one: got other content in train.jsonl, valid.jsonl, test.jsonl;/,
    );
    assert.deepEqual(readWorldExamples(out, "train"), dataset.train);
    write({ replace: true });
    assert.deepEqual(readWorldExamples(out, "train"), other.train);
    writeWorldDataset(out, dataset, { rules: documentRules, excluded }, { replace: true });
  });

  it("says what is wrong with a missing, an empty and a damaged file", () => {
    writeWorldDataset(out, dataset, { rules: documentRules, excluded });
    writeFileSync(join(out, "train.jsonl"), "\n");
    assert.throws(
      () => readWorldExamples(out, "train"),
      /RangeError: .*train.jsonl as it must hold an example a line: got none/,
    );
    writeFileSync(join(out, "train.jsonl"), `${fixtureLines[0]}\n{"prompt": 1}\n`);
    assert.throws(() => readWorldExamples(out, "train"), /SyntaxError: Cannot read line 2 of .*train.jsonl/);
    rmSync(join(out, "train.jsonl"));
    assert.throws(() => readWorldExamples(out, "train"), /RangeError: .* as there is none: generate/);
    writeFileSync(join(out, "world.json"), "{}");
    assert.throws(() => readWorld(out), /SyntaxError: .*world.json as it must hold rules/);
    assert.equal(readWorld(folder), undefined);
  });
});
