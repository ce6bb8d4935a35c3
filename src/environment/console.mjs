// How set-up talks: one line a step, what it is doing meanwhile, and the end of the log when a command fails.
// On a terminal the line is redrawn in place; elsewhere (CI, a file) a long step says every 10 s that it goes on.
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import process from "node:process";
import { projectRoot, setUpLog } from "./paths.mjs";

const terminal = Boolean(process.stderr.isTTY);
const heartbeatMs = terminal ? 120 : 10_000;

/** @param {number} milliseconds */
export const seconds = (milliseconds) =>
  milliseconds < 10_000 ? `${(milliseconds / 1000).toFixed(1)} s` : `${Math.round(milliseconds / 1000)} s`;

/** @param {string} text */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/**
 * Runs one long step and shows that it lives.
 * @template T
 * @param {string} title
 * @param {(progress: (detail: string) => void) => Promise<T>} work called with a function that shows how far it is
 * @returns {Promise<T>}
 */
export async function showStep(title, work) {
  const started = Date.now();
  let detail = "";
  const draw = () => {
    const line = `  … ${title}${detail && `: ${detail}`} (${seconds(Date.now() - started)})`;
    process.stderr.write(
      terminal ? `\r\x1b[2K${line.slice(0, (process.stderr.columns ?? 80) - 1)}` : `${line}\n`,
    );
  };
  draw();
  const timer = setInterval(draw, heartbeatMs);
  /** @param {string} mark */
  const close = (mark) => {
    clearInterval(timer);
    process.stderr.write(
      `${terminal ? "\r\x1b[2K" : ""}  ${mark} ${title} (${seconds(Date.now() - started)})\n`,
    );
  };
  try {
    const result = await work((text) => {
      detail = text;
    });
    close("✓");
    return result;
  } catch (error) {
    close("✗");
    throw error;
  }
}

export class CommandError extends Error {}

/**
 * Runs a command without a shell, its output kept in the set-up log.
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, cwd?: string, onLine?: (line: string) => void }} [options]
 * @returns {Promise<string>} standard output
 * @throws {CommandError} with the command and the end of its output when it fails
 */
export function runCommand(command, args, { env = {}, cwd = projectRoot, onLine } = {}) {
  fs.mkdirSync(path.dirname(setUpLog), { recursive: true });
  fs.appendFileSync(setUpLog, `\n$ ${[command, ...args].join(" ")}\n`);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      shell: process.platform === "win32" && !path.isAbsolute(command),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    /** @type {string[]} */
    const lines = [];
    /** @param {Buffer} data */
    const collect = (data) => {
      fs.appendFileSync(setUpLog, data);
      const fresh = data
        .toString()
        .split(/[\r\n]+/)
        .filter(Boolean);
      lines.push(...fresh);
      if (onLine) fresh.forEach(onLine);
    };
    child.stdout.on("data", (data) => {
      output += data;
      collect(data);
    });
    child.stderr.on("data", collect);
    child.on("error", (error) => reject(new CommandError(`Cannot run ${command}: ${error.message}`)));
    child.on("close", (code, signal) => {
      if (code === 0) return resolve(output);
      const log = path.relative(projectRoot, setUpLog);
      reject(
        new CommandError(
          `"${[path.basename(command), ...args.slice(0, 3)].join(" ")} …" ended with ${signal ?? `exit code ${code}`}; ` +
            `it said (all of it is in ${log}):\n    ${ends(lines).join("\n    ")}`,
        ),
      );
    });
  });
}

/** The reason of a failure stands at the beginning or at the end. @param {string[]} lines */
const ends = (lines) => (lines.length <= 16 ? lines : [...lines.slice(0, 8), "…", ...lines.slice(-8)]);
