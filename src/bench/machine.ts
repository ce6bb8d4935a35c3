// What a measurement was made on. Asked of `dolab doctor` in a process of its own, so that TensorFlow is not loaded into
// the one that measures.
import { execFileSync } from "node:child_process";
import { loadavg } from "node:os";
import { inProject, projectRoot } from "../environment/paths.mjs";
import { readJson } from "../io";
import { runToEnd } from "./run-to-end";

export interface Machine {
  /** Node.js, platform, cores and memory. */
  description: string;
  /** What computes. */
  backend: string;
  /** dolab's version, with the commit where there is one. */
  version: string;
}

export async function describeMachine(): Promise<Machine> {
  const findings = JSON.parse(await runToEnd([inProject("src", "cli", "dolab.mjs"), "doctor", "--json"])) as {
    what: string;
    detail: string;
  }[];
  const detailOf = (what: string) => findings.find((finding) => finding.what === what)?.detail ?? "unknown";
  const { version } = readJson(inProject("package.json")) as { version: string };
  return {
    description: detailOf("machine"),
    backend: detailOf("TensorFlow"),
    version: [version, commit()].filter(Boolean).join(" "),
  };
}

/** How many processes wanted to run, averaged over the last minute; 0 where the system does not say. */
export const currentLoad = () => loadavg()[0];

/** @returns such as "(1a2b3c4)" or "(1a2b3c4, changed)"; empty outside of a git clone */
function commit(): string {
  const git = (...args: string[]) =>
    execFileSync("git", args, {
      cwd: projectRoot,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  try {
    const changed = git("status", "--porcelain", "--untracked-files=no") !== "";
    return `(${git("rev-parse", "--short", "HEAD")}${changed ? ", changed" : ""})`;
  } catch {
    return "";
  }
}
