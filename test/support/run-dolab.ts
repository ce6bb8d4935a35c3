// Runs the command line as a user does, in a process of its own.
import { spawnSync } from "node:child_process";
import process from "node:process";
import { inProject } from "../../src/environment/paths.mjs";

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export function runDolab(args: readonly string[], env: Record<string, string> = {}): Ended {
  const command = [inProject("src", "cli", "dolab.mjs"), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  return { code: status, stdout, stderr };
}
