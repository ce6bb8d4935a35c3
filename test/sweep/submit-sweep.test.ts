// Submitting to a Slurm that is made of shell scripts: each notes how it was called, and answers as the test says.
import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { describe, it, type TestContext } from "node:test";
import { inProject } from "../../src/environment/paths.mjs";
import { queueStatus, type SubmitOptions, submitSweep, unitsOfElement } from "../../src/sweep/submit-sweep";
import { readSweepFile } from "../../src/sweep/sweep-file";
import { planSweep } from "../../src/sweep/sweep-points";
import { runDolab } from "../support/run-dolab";
import { temporaryFolder } from "../support/temporary-folder";

const trivial = inProject("src", "bench", "trivial-experiment.ts");

async function begin(test: TestContext, text = "grid: { seed: [0, 1, 2], units: [2] }") {
  const place = temporaryFolder(test);
  const file = join(place, "draws.yaml");
  writeFileSync(file, `experiment: ${trivial}\n${text}\n`);
  const sweep = await readSweepFile(file);
  const folder = join(place, "out");
  const submit = (options: Partial<SubmitOptions> = {}) =>
    submitSweep(sweep, planSweep(sweep), {
      folder,
      chunk: 1,
      atOnce: 2,
      kind: "slurm",
      dryRun: false,
      ...options,
    });
  return { place, file, folder, sweep, submit };
}

/** Puts programs before all others for this test. @returns how they were called, in order */
function fakeSlurm(test: TestContext, programs: Record<string, string>) {
  const place = temporaryFolder(test);
  const calls = join(place, "calls");
  writeFileSync(calls, "");
  const usual = {
    scontrol: 'test "$1" = show && echo "MaxArraySize = 1001"; exit 0',
    squeue: "exit 0",
    sacct: 'echo "Slurm accounting storage is disabled" >&2; exit 1',
    scancel: "exit 0",
  };
  for (const [name, script] of Object.entries({ ...usual, ...programs })) {
    writeFileSync(join(place, name), `#!/bin/sh\necho "${name} $*" >> "${calls}"\n${script}\n`);
    chmodSync(join(place, name), 0o755);
  }
  const before = process.env.PATH;
  process.env.PATH = `${place}:${before}`;
  test.after(() => {
    process.env.PATH = before;
  });
  return { place, called: () => readFileSync(calls, "utf8").trimEnd().split("\n") };
}

/** The first submission has the numbers 77 and 78, the second 87 and 88. */
const accepts =
  'case "$*" in *dependency*jobs/002*) echo 88;; *jobs/002*) echo 87;; *dependency*) echo 78;; *) echo "77;cluster";; esac';

describe("submitSweep()", () => {
  it("submits a held array, then the job that collects, and then lets the array go", async (test) => {
    const { folder, submit } = await begin(
      test,
      "grid: { seed: [0, 1, 2], units: [2] }\nresources: { cores: 2, memory: 1.5, gpu: 1, minutes: 30 }",
    );
    const { called } = fakeSlurm(test, { sbatch: accepts });
    const submitted = await submit({ chunk: 4 });
    const jobs = join(folder, "jobs", "001");
    assert.deepEqual(called(), [
      "scontrol show config",
      `sbatch --parsable --hold ${jobs}/array.sh`,
      `sbatch --parsable --dependency=afterany:77 ${jobs}/collect.sh`,
      "scontrol release 77",
    ]);
    assert.deepEqual(
      [submitted?.units, submitted?.work.elements, submitted?.jobs],
      [6, 2, { array: "77", collect: "78" }],
    );
    const script = readFileSync(join(jobs, "array.sh"), "utf8");
    for (const option of [
      "array=0-1%2",
      "requeue",
      "cpus-per-task=2",
      "mem=1500M",
      "gres=gpu:1",
      "time=120",
      "signal=B:TERM@60",
      "job-name=draws",
    ])
      assert.ok(script.includes(`\n#SBATCH --${option}\n`), option);
    assert.match(
      script,
      /\nexec .* sweep work '.*out' --list '.*units\.tsv' --chunk 4 --element "\$SLURM_ARRAY_TASK_ID" --wait\n$/,
    );
    const list = join(jobs, "units.tsv");
    assert.equal(readFileSync(list, "utf8").split("\n")[5], "2\tseed=2\tdraw-1");
  });

  it("finds the units of an element by its list, and refuses a list of another sweep", async (test) => {
    const { folder, sweep, submit } = await begin(test);
    await submit({ kind: "shell", chunk: 4 });
    const list = join(folder, "jobs", "001", "units.tsv");
    const found = unitsOfElement(folder, sweep, list, { element: 1, chunk: 4 });
    assert.deepEqual(
      found.map(({ point, unit }) => `${point}/${unit.key}`),
      ["seed=2/draw-0", "seed=2/draw-1"],
    );
    assert.equal((found[0].configuration as unknown as { seed: number }).seed, 2);
    writeFileSync(list, "1\tseed=2\tdraw-0\n");
    assert.throws(
      () => unitsOfElement(folder, sweep, list, { element: 0, chunk: 4 }),
      /no list of the sweep in/,
    );
  });

  it("leaves out what is done or in the queue, and says so", async (test) => {
    const { folder, submit } = await begin(test);
    const { place } = fakeSlurm(test, { sbatch: accepts });
    await submit({ chunk: 2 });
    writeFileSync(
      join(place, "squeue"),
      '#!/bin/sh\necho "77_1|PENDING|JobHeldUser"\necho "77_2|RUNNING|None"\n',
    );
    const units = join(folder, "points", "seed=0", "units");
    mkdirSync(units, { recursive: true });
    writeFileSync(join(units, "draw-0.json"), "{}");
    const again = await submit();
    assert.deepEqual([again?.units, again?.waiting], [1, 4]);
    assert.equal(readFileSync(join(folder, "jobs", "002", "units.tsv"), "utf8"), "0\tseed=0\tdraw-1\n");
    const held = 'case "$*" in *=77) echo "77_1|PENDING|JobHeldUser";; *) echo "87_0|RUNNING|None";; esac';
    writeFileSync(join(place, "squeue"), `#!/bin/sh\n${held}\n`);
    writeFileSync(join(place, "sacct"), '#!/bin/sh\necho "77_0|COMPLETED|0:0"\necho "77_2|TIMEOUT|0:0"\n');
    const { queued, ended } = queueStatus(folder, (point) => point === "seed=0");
    assert.deepEqual(Object.fromEntries(queued), { "PENDING (JobHeldUser)": 1, RUNNING: 1 });
    assert.deepEqual([...ended], [["TIMEOUT", 1]]);
  });

  it("puts more units into an element where Slurm takes no larger array", async (test) => {
    const { submit } = await begin(test);
    fakeSlurm(test, { sbatch: accepts, scontrol: 'echo "MaxArraySize            = 4"' });
    const submitted = await submit();
    assert.deepEqual([submitted?.work.chunk, submitted?.work.elements], [2, 3]);
  });

  const refusing: [string, Record<string, string>, RegExp, string[]][] = [
    [
      "the array",
      { sbatch: 'echo "sbatch: error: invalid partition specified: gpus" >&2; exit 1' },
      /^Cannot go on as sbatch refuses: sbatch: error: invalid partition specified: gpus$/,
      [],
    ],
    [
      "the job that collects",
      { sbatch: 'case "$*" in *dependency*) echo "over your limit" >&2; exit 1;; *) echo 77;; esac' },
      /sbatch refuses: over your limit/,
      ["scancel 77"],
    ],
    [
      "to let the array go",
      { sbatch: accepts, scontrol: 'test "$1" = show || { echo "no" >&2; exit 1; }' },
      /scontrol refuses: no/,
      ["scancel 78", "scancel 77"],
    ],
  ];
  for (const [what, programs, message, cancelled] of refusing)
    it(`leaves nothing submitted and no script behind where Slurm refuses ${what}`, async (test) => {
      const { folder, submit } = await begin(test);
      const { called } = fakeSlurm(test, programs);
      await assert.rejects(submit(), { message });
      assert.deepEqual(
        called().filter((call) => call.startsWith("scancel")),
        cancelled,
      );
      assert.ok(!existsSync(join(folder, "jobs")));
    });

  it("says what to do where there is no Slurm", async (test) => {
    const { folder, submit } = await begin(test);
    const before = process.env.PATH;
    process.env.PATH = folder;
    test.after(() => {
      process.env.PATH = before;
    });
    await assert.rejects(
      submit(),
      /Cannot find scontrol: run this on a machine of a Slurm cluster, or .* --shell/,
    );
    assert.ok(!existsSync(folder));
  });
});

describe("dolab sweep", () => {
  it("plans, submits as a shell script, works, reports status and collects", async (test) => {
    const { file, folder } = await begin(test, "grid: { seed: [0, 1], units: [2], failing: [[1]] }");
    const planned = runDolab(["sweep", "plan", file]);
    assert.match(
      planned.stdout,
      /^trivial, preset quick: 4 units in 2 points over seed\n {2}seed=0: 2 units\n/,
    );
    assert.match(
      planned.stdout,
      /cost: 4 draws; a unit has 1 core, 4 GB for at most 60 min\nat most 4 core hours/,
    );
    assert.match(runDolab(["sweep", "submit", file, "--out", folder]).stderr, /give --slurm or --shell/);
    const tried = runDolab([
      "sweep",
      "submit",
      file,
      "--out",
      folder,
      "--shell",
      "--chunk",
      "3",
      "--dry-run",
    ]);
    assert.match(tried.stdout, /while \[ "\$element" -lt 2 \]; do[\s\S]*4 units in 2 elements of 3\n$/);
    assert.ok(!existsSync(folder));
    const { stdout } = runDolab(["sweep", "submit", file, "--out", folder, "--shell", "--chunk", "3"]);
    assert.match(stdout, /sh .*out\/jobs\/001\/run\.sh\n$/);
    assert.deepEqual(readdirSync(join(folder, "jobs", "001")).sort(), ["run.sh", "units.tsv"]);
    const list = ["--list", join(folder, "jobs", "001", "units.tsv"), "--chunk", "3"];
    const worked = runDolab(["sweep", "work", folder, ...list, "--element", "0"]);
    assert.deepEqual([worked.code, worked.stdout], [1, "2 units done\n"]);
    assert.equal(worked.stderr, "failed twice: seed=0/draw-1: Cannot draw 1\n");
    const status = runDolab(["sweep", "status", folder]).stdout;
    assert.match(
      status,
      /^2 of 4 units done, 0 being done\n1 failed: seed=0\/draw-1\n {2}seed=0\/draw-1: Cannot draw 1\nleft: 2 draws, about /,
    );
    const collected = runDolab(["sweep", "collect", folder]);
    assert.equal(collected.code, 1);
    assert.match(collected.stdout, /2 units missing: seed=0\/draw-1, seed=1\/draw-1\n$/);
    assert.match(runDolab(["sweep", "report", folder]).stdout, /report\.html\n$/);
    const page = readFileSync(join(folder, "report.html"), "utf8");
    assert.match(page, /Synthetic data\. .*: 2 of 4 units done, in 2 points/);
    assert.match(page, /<h2>seed=0<\/h2><pre>1 draws<\/pre>/);
    assert.match(
      runDolab(["sweep", "plan", file, "--preset", "smoke", "--out", folder]).stderr,
      /another sweep:\n {2}preset: "quick" there, "smoke" here/,
    );
  });
});
