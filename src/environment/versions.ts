// What ran: recorded beside every result (environment.json of a run folder). Backend and device are known to those that
// used them.
import { readFileSync } from "node:fs";
import process from "node:process";
import { inProject } from "./paths.mjs";

export interface Versions {
  dolab: string;
  node: string;
  /** Operating system and processor, such as "linux x64". */
  platform: string;
}

/** Versions of dolab and Node.js, and the platform; TensorFlow is not loaded for this. */
export function versions(): Versions {
  const { version } = JSON.parse(readFileSync(inProject("package.json"), "utf8"));
  return { dolab: version, node: process.versions.node, platform: `${process.platform} ${process.arch}` };
}
