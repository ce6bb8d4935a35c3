import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { before, describe, it } from "node:test";
import { inProject } from "../../src/environment/paths.mjs";
import { havePython } from "../support/python";
import { type Ended, runDolab } from "../support/run-dolab";
import { temporaryFolder } from "../support/temporary-folder";

const folder = temporaryFolder();
/** Two seeds of four phases, five steps each. */
const tiny = [
  "seeds=2",
  "images=16",
  "testImages=10",
  "orderedEpochs=2",
  "collapseEpochs=1",
  "collapseMilestones=[]",
  "targets=[0.5]",
  "interventionEpochs=1",
  "control=false",
  "hysteresis=[]",
  "imageSide=8",
  "refreshEvery=1", // one graph to trace, in each process
].flatMap((pair) => ["--set", pair]);
const run = (out: string, more: string[] = []) =>
  runDolab(["w2", "run", "--preset", "smoke", ...tiny, "--out", out, "--no-figures", ...more]);
const table = (out: string) => readFileSync(join(out, "W2_summary.csv"), "utf8");

const whole = join(folder, "whole");
let ended: Ended;
before(() => {
  ended = run(whole);
});

describe("dolab w2 run", () => {
  it("says which data, prints the summary and where the results are", () => {
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(ended.stdout, /^data: Generated textured shapes \(seed 0\), not CIFAR-10/);
    assert.match(ended.stdout, /W2 SUMMARY: Causal Intervention[\s\S]*CONCLUSION:\n/);
    assert.match(ended.stdout, /W2_results\.json\n.*W2_summary\.csv\n.*W2_summary\.txt\n/);
    assert.equal(table(whole).split("\n").length, 1 + 2 + 1); // header, two seeds of one target, end
  });

  it("pauses on Ctrl-C, also in several processes, says how to go on, and resumes to the same results", async () => {
    const out = join(folder, "paused");
    const dolab = inProject("src", "cli", "dolab.mjs");
    const args = [
      "w2",
      "run",
      "--preset",
      "smoke",
      ...tiny,
      "--processes",
      "2",
      "--out",
      out,
      "--no-figures",
    ];
    const child = spawn(process.execPath, [dolab, ...args], { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.on("data", (chunk) => {
      said += chunk;
    });
    const exit = once(child, "exit");
    const ordered = join(out, "checkpoints", "seed00", "ordered");
    for (let waited = 0; !existsSync(ordered) && waited < 600; waited++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    child.kill("SIGINT");
    assert.deepEqual(await exit, [130, null], said);
    assert.match(said, /Paused after \d+ of 10 steps: run this again, or "dolab w2 resume .*paused"/);
    const early = runDolab(["w2", "report", out]);
    assert.match(early.stderr, /nothing of it is done: "dolab w2 resume .*paused" goes on with it/);
    const { code, stderr } = runDolab(["w2", "resume", out, "--no-figures"]);
    assert.equal(code, 0, stderr);
    assert.equal(table(out), table(whole));
  });

  it("refuses bad input before anything is computed, and changes nothing", () => {
    const config = readFileSync(join(whole, "config.json"), "utf8");
    const refused: [string[], RegExp][] = [
      [["--set", "boundary=[0.5,1.5]"], /boundary = \[0\.5,1\.5\] \(each λ must be from 0 to 1\)/],
      [["--set", "noiserate=0.2"], /no such key: got "noiserate" \(nearest: "noiseRate"\)/],
      [["--set", "width=3"], /another configuration:\n {2}w2: width: 2 there, 3 here\n.*--out.*--replace/],
      [["--set", "load=results"], /load shows saved results: use "dolab w2 report"/],
    ];
    for (const [args, message] of refused) {
      const { code, stderr } = run(whole, args);
      assert.equal(code, 1);
      assert.match(stderr, message);
    }
    assert.equal(readFileSync(join(whole, "config.json"), "utf8"), config);
    const standIn = ["w2", "run", "--preset", "standard", "--set", "data=auto", "--out", join(folder, "x")];
    assert.match(runDolab(standIn).stderr, /data = "auto"/);
    assert.ok(!existsSync(join(folder, "x")));
  });
});

describe("dolab w2 report", () => {
  it("writes table, summary and figures anew without training", () => {
    const expected = table(whole);
    const environment = () => JSON.parse(readFileSync(join(whole, "environment.json"), "utf8"));
    const made = environment().w2; // the machine and date of the training
    rmSync(join(whole, "checkpoints"), { recursive: true });
    rmSync(join(whole, "W2_summary.csv"));
    const { code, stdout, stderr } = runDolab(["w2", "report", whole], { DOLAB_BROWSER: "none" });
    assert.equal(code, 0, stderr);
    assert.equal(table(whole), expected);
    assert.ok(!existsSync(join(whole, "checkpoints")));
    const figures = readdirSync(join(whole, "figures")).filter((name) => name.startsWith("W2"));
    assert.deepEqual(figures.sort(), [
      "W2_directions.html",
      "W2_gap_after_intervention.html",
      "W2_intervention_trajectories.html",
    ]);
    assert.deepEqual(environment().w2, { ...made, files: environment().w2.files });
    assert.match(stdout, /DOLAB_BROWSER/);
  });

  it("shows a folder that was written before a key of the configuration was there", () => {
    const file = join(whole, "config.json");
    const { w2 } = JSON.parse(readFileSync(file, "utf8"));
    const { armSeeds: _, ...older } = w2;
    const text = JSON.stringify({ w2: older });
    writeFileSync(file, text);
    const { code, stdout, stderr } = runDolab(["w2", "report", whole, "--no-figures"]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /config\.json is older than armSeeds, for which the defaults stand/);
    assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), JSON.parse(text));
  });

  it("draws a folder that holds the document's own file alone, and leaves what is there as it is", () => {
    const published = join(folder, "published");
    mkdirSync(published);
    const file = join(published, "W2_results.json");
    const { results } = JSON.parse(
      readFileSync(inProject("test", "fixtures", "seed000", "published.json"), "utf8"),
    );
    writeFileSync(file, JSON.stringify(results));
    writeFileSync(join(published, "W2_summary.csv"), "the authors' own");
    const { code, stdout, stderr } = runDolab(["w2", "report", published], { DOLAB_BROWSER: "none" });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /Average persistent gap: 44\.5%/);
    assert.match(stdout, /W2_results\.json, in the document's format, without a record of its configuration/);
    assert.match(readFileSync(join(published, "dolab", "W2_summary.csv"), "utf8"), /^seed,target_lambda/);
    assert.equal(readFileSync(file, "utf8"), JSON.stringify(results));
    assert.equal(readFileSync(join(published, "W2_summary.csv"), "utf8"), "the authors' own");
    assert.deepEqual(readdirSync(published).sort(), ["W2_results.json", "W2_summary.csv", "dolab"]);
  });

  it("refuses such a file where it is cut off, has other keys or NaN, and writes nothing", () => {
    const { results } = JSON.parse(
      readFileSync(inProject("test", "fixtures", "seed000", "published.json"), "utf8"),
    );
    const text = JSON.stringify(results);
    const broken: [string, string, RegExp][] = [
      ["cut", text.slice(0, 5000), /Cannot read .*W2_results\.json as JSON/],
      ["keys", text.replaceAll("final_gap", "gap"), /\[0\]\.interventions\[0\]\.final_gap is nothing/],
      ["nan", text.replace(/"final_error":[\d.]+/, '"final_error":NaN'), /ordered\.final_error is NaN/],
    ];
    for (const [name, content, message] of broken) {
      const place = join(folder, `broken-${name}`);
      mkdirSync(place);
      writeFileSync(join(place, "W2_results.json"), content);
      const { code, stderr } = runDolab(["w2", "report", place]);
      assert.equal(code, 1);
      assert.match(stderr, message);
      assert.deepEqual(readdirSync(place), ["W2_results.json"]);
    }
  });

  it("names what is wrong with a folder or a file of it", () => {
    const absent = runDolab(["w2", "report", join(folder, "absent")]);
    assert.match(absent.stderr, /must be the folder of a w2 run .*: got no such folder/);
    const damaged = join(folder, "damaged");
    mkdirSync(damaged);
    for (const name of ["config.json", "environment.json"])
      writeFileSync(join(damaged, name), readFileSync(join(whole, name)));
    writeFileSync(join(damaged, "W2_checkpoint.json"), '[{"seed": 0}]');
    const { code, stderr } = runDolab(["w2", "report", damaged]);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /W2_checkpoint\.json as it must hold W2's list of seeds, .*: \[0\]\.interventions is nothing/,
    );
  });
});

describe("the notebook", () => {
  it("shows saved results from the first cell to the last, and is kept without outputs", (t) => {
    if (!havePython(t)) return;
    const out = join(folder, "report");
    const args = ["report", "w2-causal-intervention", "--set", `load=${whole}`, "--out", out];
    const { code, stdout, stderr } = runDolab(args);
    assert.equal(code, 0, `${stdout}${stderr}`);
    const html = readFileSync(join(out, "w2-causal-intervention.html"), "utf8");
    for (const shown of ["Test error after the jump", "history-dependence test", "W2 SUMMARY"])
      assert.ok(html.includes(shown), shown);
    // what this run lacks is shown of the kept run, and is called so
    assert.match(html, /Kept run on generated images, seed 0\. At rest, or only slow\?/);
    assert.match(html, /<iframe class="dolab-page"[^>]* title="Move λ, and see what the networks did"/);
    const source = JSON.parse(readFileSync(inProject("notebooks", "w2-causal-intervention.ipynb"), "utf8"));
    for (const { outputs = [], execution_count = null } of source.cells)
      assert.deepEqual([outputs, execution_count], [[], null]);
  });
});
