import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  allStates,
  applyRules,
  documentRules,
  formatExample,
  formatState,
  harderRules,
  parseRules,
  parseState,
  parseStates,
  RuleError,
  worldExample,
} from "../../../src/data/boolean-world";

const fixture = (name: string) => readFileSync(join(__dirname, "../../fixtures/seed003", name), "utf8");

describe("the document's rules", () => {
  it("make all 32 examples of the fixture, byte for byte", () => {
    const lines = allStates(documentRules).map((state) => formatExample(worldExample(documentRules, state)));
    assert.equal(lines.join(""), fixture("all32.jsonl"));
  });

  it("agree with the document's first example and not with its second one", () => {
    for (const { prompt, readme_completion, rules_completion } of JSON.parse(fixture("notes.json"))
      .readme_examples) {
      const { completion } = worldExample(documentRules, parseState(documentRules, prompt));
      assert.equal(completion, rules_completion);
      assert.equal(completion === readme_completion, prompt === "0,1,1,1,0");
    }
  });
});

/** A random formula as text and, written out apart from the parser, its value. */
interface Formula {
  text: string;
  value: (of: (name: string) => number) => number;
  /** 3 for what needs no parentheses anywhere, down to 0 for OR. */
  binding: number;
}

const inputs = ["A", "B", "C", "D"];
const wrap = (part: Formula, least: number) => (part.binding < least ? `(${part.text})` : part.text);
const joined =
  (word: string, binding: number, join: (a: number, b: number) => number) => (parts: Formula[]) => ({
    text: parts.map((part, i) => wrap(part, i === 0 ? binding : binding + 1)).join(` ${word} `),
    value: (of: (name: string) => number) => parts.map((part) => part.value(of)).reduce(join),
    binding,
  });

const formulas = (names: readonly string[]): fc.Arbitrary<Formula> =>
  fc.letrec<{ formula: Formula }>((tie) => {
    const leaf = fc.constantFrom(...names, "0", "1").map((text) => ({
      text,
      value: (of: (n: string) => number) => (/\d/.test(text) ? Number(text) : of(text)),
      binding: 4,
    }));
    const some = fc.array(tie("formula"), { minLength: 2, maxLength: 3 });
    return {
      formula: fc.oneof(
        { maxDepth: 5, withCrossShrink: true },
        leaf,
        tie("formula").map((part) => ({
          text: `NOT ${wrap(part, 3)}`,
          value: (of: (n: string) => number) => Number(!part.value(of)),
          binding: 3,
        })),
        some.map(joined("AND", 2, (a, b) => Math.min(a, b))),
        some.map(joined("XOR", 1, (a, b) => Number(a !== b))),
        some.map(joined("OR", 0, (a, b) => Math.max(a, b))),
      ),
    };
  }).formula;

describe("parseRules()", () => {
  it("gives random rule sets the truth table that their formulas have", () => {
    const sets = fc.tuple(
      formulas(inputs),
      formulas([...inputs, "newA"]),
      formulas([...inputs, "newA", "newB"]),
      fc.subarray([...inputs, "newA", "newC"], { minLength: 1 }),
    );
    fc.assert(
      fc.property(sets, ([first, second, third, summed]) => {
        const text = `inputs A, B, C, D\nnewA = ${first.text}\nnewB=${second.text} # made\n\n newC = ${third.text}\nsum(${summed.join("+")}) - sum2(newB)`;
        const rules = parseRules(text);
        for (const state of allStates(rules)) {
          const values: Record<string, number> = Object.fromEntries(
            inputs.map((name, i) => [name, state[i]]),
          );
          const of = (name: string) => values[name];
          values.newA = first.value(of);
          values.newB = second.value(of);
          values.newC = third.value(of);
          const total = summed.reduce((sum, name) => sum + values[name], 0);
          assert.deepEqual(applyRules(rules, state), {
            outputs: [values.newA, values.newB, values.newC],
            sums: [[total, values.newB]],
          });
        }
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it("binds NOT before AND before XOR before OR, and joins from the left", () => {
    const value = (formula: string, state: (0 | 1)[]) =>
      applyRules(parseRules(`inputs A, B, C\nx = ${formula}`), state).outputs[0];
    assert.equal(value("NOT A AND B", [0, 0, 0]), 0); // NOT (A AND B) would be 1
    assert.equal(value("A XOR B AND C", [1, 1, 0]), 1); // (A XOR B) AND C would be 0
    assert.equal(value("A OR B XOR C", [1, 0, 1]), 1); // (A OR B) XOR C would be 0
    assert.equal(
      value(
        "not a and b".replace(/[ab]\b/g, (c) => c.toUpperCase()),
        [0, 1, 0],
      ),
      1,
    );
  });

  it("takes what rules read and do not make for the inputs, in alphabetical order, or those that are listed", () => {
    assert.deepEqual(parseRules("newX = C\r\nnewY = newX AND A").inputs, ["A", "C"]);
    assert.deepEqual(parseRules("inputs: C, A, Z\nnewX = C OR A").inputs, ["C", "A", "Z"]);
    assert.deepEqual(parseRules("newX = A\nsum(A+B)").inputs, ["A", "B"]);
  });

  const errors: [text: string, line: number, column: number, rule: RegExp][] = [
    ["newA = A XXR C", 1, 10, /AND, XOR, OR or the end of the line must stand/],
    ["newA = A\nnewB = NOT", 2, 11, /got the end of the line/],
    ["newA = (A OR B", 1, 15, /"\)" must stand/],
    ["newA = A & B", 1, 10, /got "&"/],
    ["newA = 2", 1, 8, /only numbers are 0 and 1/],
    ["newA = A\nnewA = B", 2, 1, /made once/],
    ["newA = newB\nnewB = A", 1, 8, /read below the rule/],
    ["newA = newA OR A", 1, 8, /read below the rule/],
    ["newA = A\n\nnewD = A OR newX", 3, 13, /begins with "new"/],
    ["inputs A\nnewA = A OR B", 2, 13, /an input or made by a rule/],
    ["inputs A, A\nnewA = A", 1, 11, /stands once/],
    ["inputs A, x\nx = A", 1, 11, /an input is made by no rule/],
    ["newA = A\nsum(A + newA - A)", 2, 14, /"\+" or "\)"/],
    ["newA = A\nsum(A) - total(A)", 2, 10, /a sum is called/],
    ["newA = A\nsum(A)\nnewB = A", 3, 1, /sums come below/],
    ["exact = A", 1, 1, /no variable is called like a column of a table/],
    ["newA = A\nsum2 = A", 2, 1, /no variable is called like/],
    ["inputs A, state\nnewA = A", 1, 11, /no variable is called like/],
    ["newA = A OR part", 1, 13, /no variable is called like/],
    ["newA = A\nsum(A+layer)", 2, 7, /no variable is called like/],
    ["A XOR B", 1, 3, /"=" must follow "A"/],
    ["# nothing", 1, 1, /there must be a rule/],
    [`a = ${"(".repeat(200)}b`, 1, 106, /nested at most 100/],
    [
      `a = ${Array.from({ length: 17 }, (_, i) => `x${i}`).join(" OR ")}`,
      1,
      1,
      /1 to 16 inputs: got 17|1 to 16 inputs/,
    ],
  ];
  for (const [text, line, column, rule] of errors)
    it(`points at line ${line}, column ${column} of ${JSON.stringify(text.slice(0, 30))}`, () => {
      assert.throws(
        () => parseRules(text, { source: "my.rules" }),
        (error: unknown) => {
          assert.ok(error instanceof RuleError && error instanceof SyntaxError);
          assert.deepEqual([error.line, error.column], [line, column], error.message);
          assert.match(error.message, rule);
          const [first, shown, caret] = error.message.split("\n");
          assert.ok(
            first.startsWith("Cannot read my.rules as ") && first.includes(`line ${line}, column ${column}`),
          );
          assert.equal(shown.slice(2), text.split("\n")[line - 1]);
          assert.equal(caret.indexOf("^") - 2, column - 1);
          return true;
        },
      );
    });
});

describe("harderRules", () => {
  it("has 64 states, each output both values, and every input matters", () => {
    const states = allStates(harderRules);
    const answers = states.map((state) => applyRules(harderRules, state).outputs.join(""));
    assert.equal(states.length, 64);
    for (let place = 0; place < 5; place++)
      assert.equal(new Set(answers.map((answer) => answer[place])).size, 2);
    for (let input = 0; input < 6; input++)
      assert.ok(states.some((_, number) => answers[number] !== answers[number ^ (32 >> input)]));
  });
});

describe("parseStates()", () => {
  it("reads the document's -o, each state once", () => {
    const states = parseStates(documentRules, "1,1,1,1,1;0,0,0,0,0; 1,1,1,1,1;");
    assert.deepEqual(states.map(formatState), ["1,1,1,1,1", "0,0,0,0,0"]);
    assert.deepEqual(parseStates(documentRules, " "), []);
  });

  it("refuses what is no state", () => {
    for (const text of [
      "1,1,1,1",
      "1,1,1,1,2",
      "1,1,1,1,1,0",
      "1 1 1 1 1",
      "1,1,1,1,",
      "1,1,1,1,1;;0,0,0,0,0",
    ])
      assert.throws(
        () => parseStates(documentRules, text),
        /RangeError: Cannot read a state as it must be a 0 or 1 for each of A, B, C, D, E, such as "1,0,1,0,1": got/,
      );
  });
});
