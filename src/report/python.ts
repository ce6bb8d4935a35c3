// Runs one of this folder's Python scripts in the project's own environment.
import { spawn } from "node:child_process";
import fs from "node:fs";
import process from "node:process";
import { environmentPython, inProject, projectRoot } from "../environment/paths.mjs";

export interface PythonOptions {
  env?: Record<string, string>;
  /** Receives each line of standard output as it comes. */
  onLine?: (line: string) => void;
  /** Asks the script to end (SIGTERM) when it aborts. */
  signal?: AbortSignal;
}

/**
 * @param script a file beside this one
 * @returns the exit code, standard output, and the end of standard error
 * @throws {Error} if the environment is missing
 */
export function runPython(
  script: string,
  args: readonly string[],
  { env = {}, onLine, signal }: PythonOptions = {},
): Promise<{ code: number; output: string; complaints: string }> {
  if (!fs.existsSync(environmentPython)) {
    throw new Error(
      "Cannot run or export a notebook as the project's Python environment is missing: run `npm run set-up`",
    );
  }
  return new Promise((resolve, reject) => {
    const child = spawn(environmentPython, [inProject("src", "report", script), ...args], {
      cwd: projectRoot,
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const stop = () => child.kill("SIGTERM");
    const chunks: Buffer[] = [];
    let complaints = "";
    let rest = "";
    child.stdout.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      if (!onLine) return;
      const lines = (rest + chunk.toString()).split("\n");
      rest = lines.pop() ?? "";
      lines.forEach(onLine);
    });
    child.stderr.on("data", (chunk: Buffer) => {
      complaints = (complaints + chunk.toString()).slice(-4000);
    });
    child.on("error", reject);
    child.on("close", (code) => {
      signal?.removeEventListener("abort", stop);
      resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString(), complaints: complaints.trim() });
    });
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop);
  });
}
