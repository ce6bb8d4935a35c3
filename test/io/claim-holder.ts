// A process that seems to run on another machine, holds a run folder and can be killed, for folder-lease.test.ts.
//   claim-holder.ts FOLDER HOST BLOCKED_MS   takes the folder, then blocks its main thread for so long, and then writes
//     "x" whenever a line comes in
import { writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";

const [, , folder, host, blockedMs] = process.argv;
os.hostname = () => host; // before process-mark.ts asks for it
const { openRunFolder } = require("../../src/io") as typeof import("../../src/io");
const { processMark } = require("../../src/io/process-mark") as typeof import("../../src/io/process-mark");

const run = { name: "r", configuration: {}, environment: {} };
const held = openRunFolder(folder, [run]);
writeFileSync(path.join(folder, `.half.${processMark()}-00ff.tmp`), "half");
process.stdout.write("holds\n");
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(blockedMs));
process.stdout.write("goes on\n");
createInterface(process.stdin).on("line", () => {
  try {
    held.write([{ name: "x", content: host }]);
    process.stdout.write("wrote\n");
  } catch (error) {
    process.stdout.write(`${(error as Error).message}\n`);
  }
});
