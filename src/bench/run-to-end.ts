// Runs a command of the project in a process of its own, as a user does.
import { spawn } from "node:child_process";
import path from "node:path";
import process from "node:process";
import { projectRoot } from "../environment/paths.mjs";

/**
 * @param args node's arguments
 * @param folder where it runs
 * @returns standard output
 * @throws {Error} with the end of what it said if it fails
 */
export function runToEnd(
  args: readonly string[],
  folder = projectRoot,
  command = process.execPath,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    let [output, said] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4000);
    });
    child.on("error", reject).on("close", (code, signal) => {
      if (code === 0) resolve(output);
      else {
        const end = `${output.slice(-2000)}\n${said}`.trim();
        reject(
          new Error(
            `Cannot go on as "${[path.basename(command), ...args].join(" ")}" ended with ${signal ?? `exit code ${code}`}:\n${end}`,
          ),
        );
      }
    });
  });
}
