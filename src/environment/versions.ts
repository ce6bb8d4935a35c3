// What ran: recorded beside every result (environment.json of a run folder). Backend and device are known to those that
// used them.
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import process from "node:process";
import { inProject } from "./paths.mjs";

export interface Versions {
  dolab: string;
  node: string;
  /** Operating system and processor, such as "linux x64". */
  platform: string;
  /** Such as "2 × AMD EPYC". */
  machine: string;
}

/** Versions of dolab and Node.js, the platform and its processors; TensorFlow is not loaded for this. */
export function versions(): Versions {
  const { version } = JSON.parse(readFileSync(inProject("package.json"), "utf8"));
  const cores = cpus();
  return {
    dolab: version,
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    machine: `${cores.length} × ${cores[0]?.model ?? "unknown processor"}`,
  };
}
