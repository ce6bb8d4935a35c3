// A copy of the project for a test that edits its sources or takes its links away, so that the tests beside it see a project at
// rest. What set-up makes (packages, Python environment, native library) is the project's own, through links.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { inProject } from "../../src/environment/paths.mjs";
import { temporaryFolder } from "./temporary-folder";

const copied = ["src", "notebooks", "package.json", "package-lock.json"];
const linked = [".venv", "dist"];
/** Made anew in the copy: they mean the project that they are in. */
const ownLinks = ["dolab", ".bin"];

export interface ProjectCopy {
  root: string;
  /** Environment variables with which Jupyter starts the copy's kernel. */
  jupyter: Record<string, string>;
}

/** Makes a copy that is removed when the test file has ended. */
export function projectCopy(): ProjectCopy {
  const root = join(temporaryFolder(), "project");
  mkdirSync(root);
  for (const name of copied) cpSync(inProject(name), join(root, name), { recursive: true });
  for (const name of readdirSync(inProject()).filter((file) => /^tsconfig.*\.json$/.test(file)))
    cpSync(inProject(name), join(root, name));
  for (const name of linked) if (existsSync(inProject(name))) link(inProject(name), join(root, name));
  copyState(root);
  const packages = join(root, "node_modules");
  mkdirSync(join(packages, ".bin"), { recursive: true });
  for (const name of readdirSync(inProject("node_modules")))
    if (!ownLinks.includes(name)) link(inProject("node_modules", name), join(packages, name));
  symlinkSync("..", join(packages, "dolab"), "junction");
  symlinkSync("../../src/cli/dolab.mjs", join(packages, ".bin", "dolab"), "file");
  return { root, jupyter: { JUPYTER_PATH: kernelOf(root) } };
}

const link = (target: string, place: string) => symlinkSync(target, place, "junction");

/** Set-up's own folder: its records are the copy's, so that set-up finds all done there and changes nothing elsewhere. */
function copyState(root: string): void {
  const [from, to] = [inProject(".dolab"), join(root, ".dolab")];
  mkdirSync(to);
  for (const name of readdirSync(from).filter((entry) => entry !== "set-up.lock")) {
    if (name === "state") cpSync(join(from, name), join(to, name), { recursive: true });
    else link(join(from, name), join(to, name));
  }
  const modules = ["python-environment", "record"].map((name) =>
    pathToFileURL(join(root, "src", "environment", `${name}.mjs`)),
  );
  const rewrite = `
    const [{ environmentKey }, { readRecord, writeRecord }] = await Promise.all(${JSON.stringify(modules)}.map((file) => import(file)));
    writeRecord("python-environment", { ...readRecord("python-environment"), key: environmentKey() });`;
  execFileSync(process.execPath, ["--input-type=module", "-e", rewrite]);
}

/** A folder of Jupyter data that has the copy's kernel under the usual name. */
function kernelOf(root: string): string {
  const data = join(root, "jupyter");
  const folder = join(data, "kernels", "tslab");
  mkdirSync(folder, { recursive: true });
  const start = join(root, "src", "notebook", "kernel", "start.mjs");
  const specification = {
    argv: [process.execPath, start, "{connection_file}"],
    display_name: "copy",
    language: "typescript",
    interrupt_mode: "signal",
  };
  writeFileSync(join(folder, "kernel.json"), JSON.stringify(specification));
  return data;
}
