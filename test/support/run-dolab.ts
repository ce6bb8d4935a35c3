// Runs the command line as a user types it and waits for its end. The commands of a test file share one process that has the
// command line loaded (dolab-host.ts); a command whose environment chooses the backend gets a process of its own.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after } from "node:test";
import { inProject, loadsTypeScript } from "../../src/environment/paths.mjs";

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Command {
  args: readonly string[];
  env: Record<string, string>;
}

/** @param env what the command's environment has beside this process's */
export function runDolab(args: readonly string[], env: Record<string, string> = {}): Ended {
  const ownProcess = process.platform === "win32" || "DOLAB_BACKEND" in env;
  return ownProcess ? runDolabAlone(args, env) : runInHost({ args, env });
}

/** As `runDolab`, in a process of its own, whose standard error also has what native libraries write. */
export function runDolabAlone(args: readonly string[], env: Record<string, string> = {}): Ended {
  const command = [inProject("src", "cli", "dolab.mjs"), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  return { code: status, stdout, stderr };
}

/** A Node.js program that hands its input to the host and prints the answer; it waits until the host listens. */
const client = `
  const net = require("node:net");
  const question = require("node:fs").readFileSync(0, "utf8");
  const ask = (patience) => net.connect(process.argv[1], function () { this.end(question); this.pipe(process.stdout); })
    .on("error", (error) => (patience > 0 ? setTimeout(ask, 50, patience - 50) : (() => { throw error; })()));
  ask(120_000);`;

let host: { process: ChildProcess; folder: string; socket: string } | undefined;

function runInHost(command: Command): Ended {
  host ??= startHost();
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", client, host.socket], {
    encoding: "utf8",
    input: JSON.stringify(command),
    maxBuffer: 1e8,
  });
  if (stdout) return JSON.parse(stdout);
  throw new Error(`Cannot run dolab ${command.args.join(" ")} as its process ended: ${stderr}`);
}

function startHost() {
  const folder = mkdtempSync(join(tmpdir(), "dolab-host-"));
  const socket = join(folder, "socket");
  const program = [join(__dirname, "dolab-host.ts"), socket];
  const child = spawn(process.execPath, ["--conditions=dolab-source", ...loadsTypeScript, ...program], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  child.unref();
  child.channel?.unref();
  return { process: child, folder, socket };
}

after(async () => {
  if (!host) return;
  const ended = once(host.process, "exit");
  host.process.ref();
  host.process.kill();
  await ended;
  rmSync(host.folder, { recursive: true, force: true });
});
