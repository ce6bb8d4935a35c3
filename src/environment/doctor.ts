// What is installed, what computes and why, and what to do about each shortfall: the rows behind `npm run doctor`.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { availableParallelism, cpus, totalmem } from "node:os";
import { relative } from "node:path";
import process from "node:process";
import type { Backend } from "../tensor";
import { browserVersion, findBrowser, withoutBrowser } from "./browser.mjs";
import { chooseBuild, listBuilds, shortfallOf, wantedDevice } from "./native-tensorflow.mjs";
import { packagesInstalled } from "./packages.mjs";
import { inProject, loadsTypeScript } from "./paths.mjs";
import { pythonEnvironmentReady } from "./python-environment.mjs";
import { readRecord } from "./record.mjs";

export interface Finding {
  what: string;
  state: "ok" | "shortfall" | "broken";
  detail: string;
  /** What to do, where something is amiss. */
  cure?: string;
}

const cardPackages = [
  "tslab",
  "@tensorflow/tfjs-node-gpu",
  "danfojs-node",
  "plotly.js-dist",
  "arquero",
  "simple-statistics",
];

/** Looks at everything that set-up makes. */
export function examine(): Finding[] {
  return [machine(), packages(), pythonSide(), tensorflowSide(), tensorflowBuilds(), browser()];
}

function machine(): Finding {
  const gibibytes = (totalmem() / 2 ** 30).toFixed(0);
  const processor = cpus()[0]?.model ?? process.arch;
  const detail = `Node.js ${process.version}, ${process.platform} ${process.arch}, ${availableParallelism()} cores (${processor}), ${gibibytes} GiB`;
  return { what: "machine", state: "ok", detail };
}

function packages(): Finding {
  const version = (name: string) =>
    JSON.parse(readFileSync(inProject("node_modules", name, "package.json"), "utf8")).version as string;
  const detail = cardPackages.map((name) => `${name} ${version(name)}`).join(", ");
  if (packagesInstalled()) return { what: "npm packages", state: "ok", detail };
  return {
    what: "npm packages",
    state: "shortfall",
    detail: "not as package-lock.json says",
    cure: "npm run set-up",
  };
}

function pythonSide(): Finding {
  const what = "Python environment";
  const kernel = inProject(".venv", "share", "jupyter", "kernels", "tslab", "kernel.json");
  if (!pythonEnvironmentReady() || !existsSync(kernel)) {
    return { what, state: "broken", detail: "missing or half made", cure: "npm run set-up" };
  }
  const { python } = readRecord("python-environment") ?? {};
  return {
    what,
    state: "ok",
    detail: `Python ${python} in .venv, JupyterLab, the tslab kernel registered in it`,
  };
}

function tensorflowSide(): Finding {
  const what = "TensorFlow";
  const shortfall = shortfallOf("cpu");
  const probe = [...loadsTypeScript, inProject("src", "environment", "probe-backend.ts")];
  const { stdout, signal } = spawnSync(process.execPath, probe, { cwd: inProject(), encoding: "utf8" });
  const broken = (detail: string): Finding => ({
    what,
    state: "broken",
    detail,
    cure: "npm run set-up, after removing .dolab/tensorflow; or DOLAB_BACKEND=wasm",
  });
  if (!stdout) return broken(`it ended while it loaded (${signal ?? "no word"})`);
  const { error, title, device, lost, reason } = JSON.parse(stdout) as Backend & { error?: string };
  if (error) return broken(error);
  if (!lost) return { what, state: "ok", detail: `${title} on the ${device}` };
  return {
    what,
    state: "shortfall",
    detail: `${title}, as ${shortfall ?? reason}; lost: ${lost}`,
    cure: "see environment.md, section Native TensorFlow; after mending, remove .dolab/state and run npm run set-up",
  };
}

/** Which builds stand side by side, which of them this machine loads, and why; older ones take disk and nothing else. */
function tensorflowBuilds(): Finding {
  const what = "TensorFlow builds";
  const { current, old } = listBuilds();
  const chosen = chooseBuild();
  const names = current.map(({ device, folder, isOutdated }) => {
    const loaded = device === chosen?.device ? `, loaded here as ${chosen.why}` : "";
    return `${device} (${relative(inProject(), folder)}${isOutdated ? ", of an older version" : ""}${loaded})`;
  });
  const left = old.map((folder) => relative(inProject(), folder));
  const detail = `${names.join("; ") || "none"}${left.length > 0 ? `; no longer led to: ${left.join(", ")}` : ""}`;
  const wanted = wantedDevice();
  const missing = shortfallOf(wanted);
  if (chosen?.device !== wanted)
    return {
      what,
      state: "shortfall",
      detail: `${detail}; that for the ${wanted.toUpperCase()} is not there${missing ? `: ${missing}` : ""}`,
      cure: `${missing ? `remove .dolab/state/tensorflow-${wanted}.json, and ` : ""}DOLAB_DEVICE=${wanted} npm run set-up`,
    };
  if (current.some(({ device, isOutdated }) => device === wanted && isOutdated))
    return { what, state: "shortfall", detail, cure: "npm run set-up" };
  const cure = left.length > 0 ? `remove ${left.join(" ")} when no process uses them any more` : undefined;
  return { what, state: "ok", detail, cure };
}

function browser(): Finding {
  const path = findBrowser();
  if (path) return { what: "browser for pictures", state: "ok", detail: `${browserVersion(path)} (${path})` };
  const [detail, cure] = withoutBrowser.split("; ");
  return { what: "browser for pictures", state: "shortfall", detail, cure };
}
