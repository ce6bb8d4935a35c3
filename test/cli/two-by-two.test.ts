import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { loadDiagnostics } from "../../src/data";
import { inProject } from "../../src/environment/paths.mjs";
import { fileFingerprint, readNpz, writeNpz } from "../../src/io";
import { runDolab } from "../support/run-dolab";
import { temporaryFolder } from "../support/temporary-folder";

const fixtures = join(__dirname, "..", "fixtures", "seed001");
const folder = temporaryFolder();
const checkpoint = join(fixtures, "diag_trm_step13020_512.npz");
const records = ["config.json", "environment.json"];
const json = (...parts: string[]) => JSON.parse(readFileSync(join(...parts), "utf8"));

/** What a folder shows to its readers, by name. */
function results(path: string): Record<string, string> {
  const names = readdirSync(path).filter((name) => !name.startsWith("."));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(path, name), "latin1")]));
}

describe("dolab two-by-two analyze", () => {
  it("writes the document's files under the file's name as tag, and prints headlines and their paths", () => {
    const out = join(folder, "analyze");
    const { code, stdout } = runDolab(["two-by-two", "analyze", checkpoint, "--out", out, "--no-figures"]);
    assert.equal(code, 0);
    const tag = "diag_trm_step13020_512";
    const names = [`cells_${tag}.csv`, "results.md", `results_${tag}.json`, `sweep_${tag}.csv`];
    assert.deepEqual(readdirSync(out).sort(), [...names, ...records].sort());
    const [headline, ...lines] = stdout.trim().split("\n");
    assert.match(headline, /^diag_trm_step13020_512: 512 samples, \d+ of 512 \(0\.\d{3}\) right/);
    assert.deepEqual(
      lines.slice(-names.length).sort(),
      names.map((name) => join(out, name)),
    );
  });

  it("draws the four figures, or interactive ones where there is no browser, and says so", () => {
    const out = join(folder, "figures");
    const args = ["two-by-two", "analyze", checkpoint, "--tag", "t", "--out", out];
    const { code, stdout } = runDolab(args, { DOLAB_BROWSER: "none" });
    assert.equal(code, 0);
    const figures = readdirSync(out).filter((name) => name.startsWith("fig_t_"));
    const kinds = ["drift_hist", "lyap_by_cell", "scatter", "spectrum"];
    assert.deepEqual(
      figures.sort(),
      kinds.map((kind) => `fig_t_${kind}.html`),
    );
    assert.match(stdout, /DOLAB_BROWSER/);
  });

  it("names file, key and expectation of a bad file, and writes nothing", () => {
    const arrays = readNpz(checkpoint);
    arrays.delete("lyap_spec");
    const bad = join(folder, "bad.npz");
    writeNpz(bad, arrays);
    const out = join(folder, "nothing");
    const { code, stderr } = runDolab(["two-by-two", "analyze", checkpoint, bad, "--out", out]);
    assert.equal(code, 1);
    assert.match(stderr, /"lyap_spec" of .*bad\.npz .* axes samples and exponents/);
    assert.equal(existsSync(out), false);
  });

  it("does without the keys that the document never reads", () => {
    const arrays = readNpz(checkpoint);
    arrays.delete("idx");
    arrays.delete("q_continue");
    const slim = join(folder, "slim.npz");
    writeNpz(slim, arrays);
    const args = [
      "two-by-two",
      "analyze",
      slim,
      "--tag",
      "slim",
      "--no-figures",
      "--out",
      join(folder, "slim"),
    ];
    assert.equal(runDolab(args).code, 0);
  });

  it("refuses a tag for several files, and files whose results would overwrite each other", () => {
    const analyze = (...args: string[]) =>
      runDolab(["two-by-two", "analyze", ...args, "--out", join(folder, "x")]);
    assert.match(analyze(checkpoint, checkpoint, "--tag", "t").stderr, /names one file: got 2/);
    assert.match(analyze(checkpoint, checkpoint).stderr, /overwrite each other: "diag_trm_step13020_512"/);
  });
});

describe("dolab two-by-two evolution", () => {
  it("writes one row a checkpoint, in the order given", () => {
    const out = join(folder, "evolution");
    const pairs = ["7812", "2604"].map(
      (step) => `${step}=${join(fixtures, `diag_hrm_step_${step}_512.npz`)}`,
    );
    const { code } = runDolab([
      "two-by-two",
      "evolution",
      "--tag",
      "hrm",
      ...pairs,
      "--no-figures",
      "--out",
      out,
    ]);
    assert.equal(code, 0);
    const lines = readFileSync(join(out, "evolution_hrm.csv"), "utf8").split("\n");
    assert.match(lines[1], /^7812,0\.17578125,/);
    assert.match(lines[2], /^2604,0\.095703125,/);
  });

  it("refuses a checkpoint without its step", () => {
    const { code, stderr } = runDolab(["two-by-two", "evolution", "--tag", "t", checkpoint, "--out", folder]);
    assert.equal(code, 1);
    assert.match(stderr, /STEP=FILE\.npz/);
  });
});

describe("dolab two-by-two all", () => {
  it("does what the document's main() does, and names the files that are absent", () => {
    const out = join(folder, "all");
    const { code, stdout } = runDolab(["two-by-two", "all", fixtures, "--no-figures", "--out", out]);
    assert.equal(code, 0);
    assert.match(stdout, /absent, skipped: diag_8k\.npz, /);
    const tags = ["trm_singleGPU_step130205_n512", "trm_singleGPU_step260410_n512", "trm_step13020_n512"];
    const wanted = tags.flatMap((tag) => [`cells_${tag}.csv`, `results_${tag}.json`, `sweep_${tag}.csv`]);
    assert.deepEqual(
      readdirSync(out).sort(),
      [...wanted, "evolution_hrm.csv", "evolution_trm.csv", "results.md", ...records].sort(),
    );
  });
});

describe("a folder of two-by-two results", () => {
  const out = join(folder, "shared");
  const run = (...args: string[]) => runDolab(["two-by-two", ...args, "--no-figures", "--out", out]);
  const hrm = join(fixtures, "diag_hrm_step_7812_512.npz");

  it("takes analyses and an evolution one after the other, and sums up all its analyses", () => {
    assert.equal(run("analyze", checkpoint, "--tag", "trm").code, 0);
    const { code, stdout } = run("analyze", hrm, "--tag", "hrm");
    assert.equal(code, 0);
    assert.equal(run("evolution", "--tag", "hrm", `7812=${hrm}`).code, 0);
    const together = join(folder, "together");
    for (const tag of ["trm", "hrm"]) cpSync(tag === "trm" ? checkpoint : hrm, join(folder, `${tag}.npz`));
    const both = [
      "analyze",
      join(folder, "trm.npz"),
      join(folder, "hrm.npz"),
      "--no-figures",
      "--out",
      together,
    ];
    assert.equal(runDolab(["two-by-two", ...both]).code, 0);
    const summary = (path: string) =>
      readFileSync(join(path, "results.md"), "utf8").replace(/npz: `.*`/g, "");
    assert.equal(summary(out), summary(together));
    assert.equal(stdout.includes("results_trm.json"), false, "only what was written is named");
  });

  it("records what each was made of, and with what", () => {
    const { bytes, sha256 } = fileFingerprint(hrm);
    assert.deepEqual(json(out, "config.json"), {
      "two-by-two analyze trm": { tag: "trm", input: fileFingerprint(checkpoint) },
      "two-by-two analyze hrm": { tag: "hrm", input: { bytes, sha256 } },
      "two-by-two evolution hrm": { tag: "hrm", checkpoints: [{ step: "7812", bytes, sha256 }] },
    });
    const { date, wallTimeSeconds, machine, ...environment } = json(out, "environment.json")[
      "two-by-two analyze hrm"
    ];
    assert.match(machine, /^\d+ × \S/);
    assert.deepEqual(environment, {
      dolab: json(inProject("package.json")).version,
      node: process.versions.node,
      platform: `${process.platform} ${process.arch}`,
      dataSource: hrm,
      files: ["cells_hrm.csv", "results.md", "results_hrm.json", "sweep_hrm.csv"],
    });
    assert.ok(wallTimeSeconds > 0 && wallTimeSeconds < 60);
    assert.ok(Math.abs(Date.parse(date) - Date.now()) < 600_000);
  });

  it("refuses an altered input under an earlier name, shows the difference, and takes it with --replace", () => {
    const altered = join(folder, "hrm.npz"); // the same bytes in another place are welcome
    assert.equal(run("analyze", altered, "--tag", "hrm").code, 0);
    const arrays = readNpz(altered);
    arrays.get("token_acc")!.data[0] = 0.5;
    writeNpz(altered, arrays);
    const before = results(out);
    const { code, stderr } = run("analyze", altered, "--tag", "hrm");
    assert.equal(code, 1);
    const [there, here] = [hrm, altered].map((file) => fileFingerprint(file).sha256.slice(0, 8));
    assert.match(
      stderr,
      new RegExp(`two-by-two analyze hrm: input.sha256: another file .*${there}.* there, ${here}.* here`),
    );
    assert.match(stderr, /choose another folder \(--out\), or replace them \(--replace/);
    assert.deepEqual(results(out), before);
    assert.equal(run("analyze", altered, "--tag", "hrm", "--replace").code, 0);
    assert.deepEqual(json(out, "config.json")["two-by-two analyze hrm"].input, fileFingerprint(altered));
    assert.equal(results(out)["results_trm.json"], before["results_trm.json"]);
    assert.equal(results(out)["evolution_hrm.csv"], before["evolution_hrm.csv"]);
  });

  it("sums up without an analysis whose results the user removed", () => {
    rmSync(join(out, "results_hrm.json"));
    assert.equal(run("analyze", checkpoint, "--tag", "trm").code, 0);
    const titles = readFileSync(join(out, "results.md"), "utf8").match(/^## .*/gm);
    assert.deepEqual(titles, ["## trm"]);
  });

  it("lets pictures of replaced results go", () => {
    const pages = join(folder, "figures"); // of tag t, from above
    const replace = ["analyze", hrm, "--tag", "t", "--no-figures", "--replace", "--out", pages];
    assert.equal(runDolab(["two-by-two", ...replace]).code, 0);
    const names = ["cells_t.csv", "results.md", "results_t.json", "sweep_t.csv"];
    assert.deepEqual(readdirSync(pages).sort(), [...names, ...records].sort());
  });

  it("keeps its earlier results through Ctrl-C, and is whole after the next command", async (t) => {
    const before = results(out);
    const command = ["two-by-two", "all", fixtures, "--no-figures", "--out", out];
    const child = spawn(process.execPath, [inProject("src", "cli", "dolab.mjs"), ...command], {
      stdio: "ignore",
    });
    t.after(() => child.kill("SIGKILL"));
    const ended = once(child, "exit");
    while (readdirSync(out).every((name) => !name.startsWith(".lock"))) {
      assert.equal(child.exitCode, null, "it ended before it could be interrupted");
      await delay(2);
    }
    child.kill("SIGINT");
    assert.deepEqual(await ended, [null, "SIGINT"]);
    assert.deepEqual(results(out), before);
    assert.equal(run("analyze", checkpoint, "--tag", "trm").code, 0);
    assert.deepEqual(
      readdirSync(out).filter((name) => name.startsWith(".")),
      [],
    );
    assert.equal(results(out)["results_trm.json"], before["results_trm.json"]);
  });
});

describe("dolab two-by-two synthesize", () => {
  it("writes the same file for the same seed, and diagnostics that can be read", () => {
    const [first, second] = ["a.npz", "b.npz"].map((name) => join(folder, name));
    for (const file of [first, second]) {
      const args = ["two-by-two", "synthesize", "--seed", "7", "--samples", "64", "--out", file];
      assert.equal(runDolab(args).code, 0);
    }
    assert.deepEqual(readFileSync(first), readFileSync(second));
    assert.equal(loadDiagnostics(first).samples, 64);
  });
});

describe("dolab", () => {
  it("suggests the command that was meant", () => {
    const { code, stderr } = runDolab(["two-by-tow"]);
    assert.notEqual(code, 0);
    assert.match(stderr, /two-by-two/);
  });

  it("shows one sentence for a file that is not there, and a trace when debugging", () => {
    const args = ["two-by-two", "analyze", join(folder, "absent.npz"), "--out", folder];
    const { stderr } = runDolab(args);
    assert.equal(stderr.trim().split("\n").length, 1);
    assert.match(stderr, /^dolab: Cannot .*absent\.npz/);
    assert.match(runDolab(args, { DOLAB_DEBUG: "1" }).stderr, /\n {4}at /);
  });

  it("refuses what is no npz file", () => {
    const text = join(folder, "text.npz");
    writeFileSync(text, "not a zip");
    const { stderr } = runDolab(["two-by-two", "analyze", text, "--out", folder]);
    assert.match(stderr, /text\.npz/);
  });
});
