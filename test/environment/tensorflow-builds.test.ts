// The builds of native TensorFlow for the CPU and with CUDA, side by side. The real ones weigh 1 and 5 GB: here folders stand
// in for them, and for the one that this machine has.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import process from "node:process";
import { describe, it } from "node:test";
import { inProject } from "../../src/environment/paths.mjs";
import { temporaryFolder } from "../support/temporary-folder";

interface Build {
  device: "cpu" | "gpu";
  folder: string;
  binding: string;
  why: string;
}

const builds = createRequire(__filename)("../../src/environment/tfjs-node/builds.js") as {
  chooseBuild(options?: { folder: string; gpu: boolean; asked?: string }): Build | undefined;
  hasGpu(): boolean;
};

/** A folder with builds of these names, and links that lead to them. */
function withBuilds(links: Record<string, string>): string {
  const folder = temporaryFolder();
  for (const [device, name] of Object.entries(links)) {
    mkdirSync(join(folder, "builds", name), { recursive: true });
    writeFileSync(join(folder, "builds", name, "tfjs_binding.node"), name);
    symlinkSync(join("builds", name), join(folder, device));
  }
  return folder;
}

describe("chooseBuild()", () => {
  const both = withBuilds({ cpu: "cpu-1", gpu: "gpu-1" });
  const chosen = (folder: string, gpu: boolean, asked?: string) =>
    builds.chooseBuild({ folder, gpu, asked })?.device;

  it("takes the build with CUDA where there is a GPU, and the other where there is none", () => {
    assert.equal(chosen(both, true), "gpu");
    assert.equal(chosen(both, false), "cpu");
  });

  it("takes what DOLAB_DEVICE asks for, whatever the machine has, and leaves both in their place", () => {
    assert.equal(chosen(both, true, "cpu"), "cpu");
    assert.equal(chosen(both, false, "gpu"), "gpu");
    assert.equal(chosen(both, false), "cpu", "the next command without the variable finds its own build");
  });

  it("takes the other where the one wanted is not there, and says so", () => {
    const cpuAlone = withBuilds({ cpu: "cpu-1" });
    assert.equal(chosen(cpuAlone, true), "cpu");
    assert.match(
      String(builds.chooseBuild({ folder: cpuAlone, gpu: true })?.why),
      /build for the GPU is not there/,
    );
    assert.equal(chosen(withBuilds({ gpu: "gpu-1" }), false), "gpu");
    assert.equal(builds.chooseBuild({ folder: temporaryFolder(), gpu: true }), undefined);
  });

  it("gives a running process a folder that a newer build does not touch", () => {
    const folder = withBuilds({ cpu: "cpu-1" });
    const before = builds.chooseBuild({ folder, gpu: false });
    mkdirSync(join(folder, "builds", "cpu-2"));
    writeFileSync(join(folder, "builds", "cpu-2", "tfjs_binding.node"), "");
    symlinkSync(join("builds", "cpu-2"), join(folder, ".cpu-new"));
    renameSync(join(folder, ".cpu-new"), join(folder, "cpu")); // as set-up does
    assert.equal(builds.chooseBuild({ folder, gpu: false })?.folder.endsWith("cpu-2"), true);
    assert.equal(before?.binding.endsWith(join("cpu-1", "tfjs_binding.node")), true);
  });

  it("sees no GPU where CUDA_VISIBLE_DEVICES hides all", () => {
    const { CUDA_VISIBLE_DEVICES: before } = process.env;
    for (const hidden of ["", "-1"]) {
      process.env.CUDA_VISIBLE_DEVICES = hidden;
      assert.equal(builds.hasGpu(), false);
    }
    if (before === undefined) delete process.env.CUDA_VISIBLE_DEVICES;
    else process.env.CUDA_VISIBLE_DEVICES = before;
  });
});

describe("native TensorFlow", () => {
  const here = builds.chooseBuild();
  const skip = here ? false : "this machine has no build of native TensorFlow (npm run set-up)";

  it("is loaded from the build that was chosen", { skip }, () => {
    const program = `require("@tensorflow/tfjs-node");
      const loaded = require("node:fs").readFileSync("/proc/self/maps", "utf8").split("\\n").filter((line) => line.endsWith("tfjs_binding.node"));
      console.log(loaded[0].split(/\\s+/).pop());`;
    const { stdout } = spawnSync(process.execPath, ["-e", program], { cwd: inProject(), encoding: "utf8" });
    assert.equal(stdout.trim().split("\n").pop(), here?.binding);
  });
});
