import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { describe, it } from "node:test";
import { openLog } from "../../src/io/logger";
import { runDolab } from "../support/run-dolab";
import { temporaryFolder } from "../support/temporary-folder";

const folder = temporaryFolder();
const dataset = join(folder, "dataset");
const out = join(folder, "out");
const logs = join(folder, "logs");
const dolab = (args: string[], env: Record<string, string> = {}) =>
  runDolab(
    ["boolean", "--preset", "smoke", "--dataset", dataset, "--out", out, "--logs", logs, ...args],
    env,
  );

/** Rules that a small model learns in seconds. */
const rules = join(folder, "small.rules");
writeFileSync(rules, "newA = A XOR C # of three\nnewB = NOT newA\nsum(A+B+C)\n");
const settings = ["epochs=6", "width=32", "learningRate=0.003"].flatMap((pair) => ["--set", pair]);

describe("dolab boolean", () => {
  it("generates, trains, tests and evaluates, and says so in the log", () => {
    const { code, stdout, stderr } = dolab([
      "--generate",
      "--rules",
      rules,
      "-o",
      "1,0,1;0,0,0",
      "--train",
      "--test",
      "0,1,1",
      "--evaluate",
      ...settings,
    ]);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /INFO generated 640 \+ 64 \+ 64 examples with 1,0,1 and 0,0,0 held-out: /);
    assert.match(stderr, /INFO inputs A, B, C \(8 states\); outputs newA, newB\n/);
    assert.match(stderr, /INFO note: the answer to 0,0,0 holds "0", which no example has in its place/);
    assert.match(stderr, /INFO trained 240 steps in /);
    assert.match(
      stdout,
      /^State 0,1,1\nA = 0 {3}B = 1 {3}C = 1\nnewA = A XOR C {3}-> 1\nnewB = NOT newA {2}-> 0\nBy the rules\n1,0\n2\nBy the model\n1,0\n2\nThe same\n/,
    );
    assert.match(
      stdout,
      /states {2}count +exact +newA +newB +sum\n +all +8 .*\n +seen +6 +100.0 % .*\nheld-out +2 /,
    );
    assert.deepEqual(readdirSync(dataset).sort(), ["test.jsonl", "train.jsonl", "valid.jsonl", "world.json"]);
    const [file] = readdirSync(logs);
    const lines = readFileSync(join(logs, file), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.ok(lines.some(({ msg, validLoss }) => /^trained 240 steps/.test(msg) && validLoss < 1));
  });

  it("makes no other dataset over the one that is there, and the same one again without a word", () => {
    const same = dolab(["--generate", "--rules", rules, "-o", "1,0,1;0,0,0"]);
    assert.equal(same.code, 0, same.stderr);
    const before = readFileSync(join(dataset, "train.jsonl"), "utf8");
    const other = dolab(["--generate", "--seed", "1", "--rules", rules]);
    assert.equal(other.code, 1);
    assert.match(
      other.stderr,
      /Cannot write a dataset to .* as it must not hold another one: got other content in train.jsonl, valid.jsonl, test.jsonl, world.json; .*--replace/,
    );
    assert.equal(readFileSync(join(dataset, "train.jsonl"), "utf8"), before);
  });

  it("ends with 1 where the model does not say what the rules say, in red", () => {
    // 0,0,0's sum is 0, which the model never read as a sum.
    const { code, stdout } = dolab(["--test", "0,0,0"], { FORCE_COLOR: "1" });
    assert.equal(code, 1);
    assert.match(stdout, /State 0,0,0.* \(held-out: training never showed it\)/);
    assert.ok(stdout.includes("\u001b[31mNot the same\u001b[0m"), stdout);
  });

  it("trains no run twice, and refuses one of other settings until --replace", () => {
    const again = dolab(["--train", ...settings]);
    assert.equal(again.code, 0, again.stderr);
    const other = dolab(["--train", "--set", "epochs=1"]);
    assert.equal(other.code, 1);
    assert.match(other.stderr, /dolab: Cannot restore .* --replace/);
  });

  const wrong: [string[], RegExp][] = [
    [
      ["--test", "0,1,2"],
      /Cannot read a state as it must be a 0 or 1 for each of A, B, C, such as "1,0,1": got "0,1,2"/,
    ],
    [["--generat"], /unknown option '--generat'[\s\S]*--generate/],
    [["--generate", "--seed", "x"], /seed = /],
    [
      ["--test", "0,1,1", "--vocabulary", "gpt2"],
      /Cannot use --vocabulary as it goes with --train or --sweep/,
    ],
    [["--evaluate", "--seed", "1"], /Cannot use --seed as it goes with --generate, --train or --sweep/],
    [["--evaluate", "--set", "epochs=1"], /Cannot use --set as it goes with --generate, --train or --sweep/],
    [
      ["--evaluate", "--rules", rules],
      /Cannot use --rules as it goes with --generate: the dataset and the model/,
    ],
    [["--generate", "--rules", folder], /Cannot read the rules as they must be in a file: got the folder /],
    [["--train", "--rules", rules], /Cannot use --rules as it goes with --generate: .*world.json says it/],
    [["--train", "-o", "1,1,1,1,1"], /Cannot use --exclude as it goes with --generate/],
    [
      [],
      /Cannot tell what to do as one of --generate, --train, --test, --evaluate and --sweep must be given/,
    ],
    [
      ["--generate", "--rules", "none.rules"],
      /Cannot read the rules as there is no such file: got none.rules/,
    ],
  ];
  for (const [args, message] of wrong)
    it(`refuses ${args.join(" ") || "no action"} and changes nothing`, () => {
      const before = readFileSync(join(dataset, "train.jsonl"), "utf8");
      const { code, stderr } = dolab(args);
      assert.equal(code, 1);
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /\n {4}at /);
      assert.equal(readFileSync(join(dataset, "train.jsonl"), "utf8"), before);
    });

  it("trains on a dataset that has no world.json, by rules that are named, without what it does not show", () => {
    const foreign = join(folder, "foreign");
    const place = ["--dataset", foreign, "--out", join(folder, "foreign-out")];
    const made = dolab([...place, "--generate", "--rules", rules, "-o", "1,0,1;0,0,0"]);
    assert.equal(made.code, 0, made.stderr);
    rmSync(join(foreign, "world.json"));
    const others = dolab([...place, "--train"]);
    assert.equal(others.code, 1);
    assert.match(others.stderr, /Cannot read a state as it must be a 0 or 1 for each of A, B, C, D, E/);
    const shown = dolab([...place, "--train", "--rules", rules, "-o", "0,1,1"]);
    assert.equal(shown.code, 1);
    assert.match(shown.stderr, /excluded states are not among them: got "0,1,1"/);
    const own = dolab([...place, "--train", "--rules", rules, "-o", "1,0,1", "--evaluate"]);
    assert.equal(own.code, 0, own.stderr);
    assert.match(
      own.stderr,
      /foreign has no world.json: held-out are the states that neither train.jsonl nor valid.jsonl shows, 1,0,1 and 0,0,0\n/,
    );
    assert.match(own.stdout, /\nheld-out +2 /);
  });

  it("points at what is wrong in a rule file", () => {
    const broken = join(folder, "broken.rules");
    writeFileSync(broken, "newA = A\nnewB = A XXR C\n");
    const { code, stderr } = dolab(["--generate", "--rules", broken]);
    assert.equal(code, 1);
    assert.match(stderr, /broken.rules as .* at line 2, column 10: got "XXR"\n {2}newB = A XXR C\n {11}\^/);
  });

  it("says what is missing where there is no dataset, an empty one, or no model", () => {
    const nowhere = join(folder, "nowhere");
    const empty = join(folder, "empty");
    mkdirSync(empty);
    writeFileSync(join(empty, "train.jsonl"), "");
    assert.match(dolab(["--train", "--dataset", nowhere]).stderr, /there is none: generate a dataset first/);
    assert.match(dolab(["--train", "--dataset", empty]).stderr, /must hold an example a line: got none/);
    assert.match(dolab(["--evaluate", "--out", nowhere]).stderr, /there is none in .*train it first/);
  });
});

describe("openLog()", () => {
  it("begins a new file when one is full, and removes logs of its name that are ten days old", async () => {
    const place = join(folder, "rotation");
    mkdirSync(place);
    const old = new Date(Date.now() - 11 * 24 * 60 * 60 * 1000);
    for (const name of ["boolean.1.log", "boolean.2.log", "other.1.log"]) {
      writeFileSync(join(place, name), "old\n");
      if (name !== "boolean.2.log") utimesSync(join(place, name), old, old);
    }
    const said: string[] = [];
    const console = new PassThrough().on("data", (chunk) => said.push(String(chunk)));
    const log = await openLog("boolean", { folder: place, size: "1k", console });
    for (let i = 0; i < 40; i++) {
      log.info(`line ${i}`, { i });
      await new Promise((resolve) => setImmediate(resolve));
    }
    log.error("only in the file");
    await log.close();
    const files = readdirSync(place);
    assert.ok(!files.includes("boolean.1.log") && files.includes("other.1.log"), files.join());
    const own = files.filter((name) => name.startsWith("boolean.")).sort();
    assert.ok(own.length >= 3, own.join());
    const lines = own.flatMap((name) => readFileSync(join(place, name), "utf8").trimEnd().split("\n"));
    assert.equal(lines.filter((line) => /"msg":"line \d+"/.test(line)).length, 40);
    assert.ok(lines.some((line) => line.includes("only in the file")));
    assert.match(said.join(""), /^\d\d:\d\d:\d\d INFO line 0\n/);
    assert.doesNotMatch(said.join(""), /only in the file/);
  });

  it("refuses a folder that is none", async () => {
    const file = join(folder, "a-file");
    writeFileSync(file, "");
    await assert.rejects(
      openLog("boolean", { folder: file }),
      /Cannot log to .*a-file as it must be a folder/,
    );
  });
});
