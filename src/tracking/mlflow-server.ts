// MLflow's own server over a SQLite file, on this machine alone: started by whoever needs it first, used by every process that
// tracks to the same file, and ended with the process that started it, also where that is killed (serve_mlflow.py). Others
// then start one of their own. DATABASE.server.json says who serves.
import { spawn } from "node:child_process";
import { closeSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { inProject, stateFolder } from "../environment/paths.mjs";
import { makeTrackingPython, trackingPython } from "../environment/tracking-python.mjs";
import { writeFileAtomically } from "../io";
import { markedProcess, processMark } from "../io/process-mark";
import type { TrackingStore } from "./store";

export interface MlflowServer {
  /** Such as http://127.0.0.1:40123 */
  uri: string;
  /** Whether this process started it. */
  isOwn: boolean;
  /** Ends it, where it was started here. */
  close(): Promise<void>;
}

/** Milliseconds until a server that starts is given up; between looks whether it answers. */
const [STARTING, LOOK] = [180_000, 150];

/**
 * The server over a store: one that runs, or a new one.
 *
 * @param options.port of a new one; by default a free one
 * @param options.database the file, made where absent; its artefacts lie in a folder beside it
 * @throws {Error} in one line that says what to do: no Python, no network for pip, a port in use, a locked or newer SQLite file
 */
export async function openMlflowServer(
  { database, artefacts }: TrackingStore,
  { port }: { port?: number } = {},
): Promise<MlflowServer> {
  mkdirSync(dirname(database), { recursive: true });
  const claim = `${database}.server.json`;
  if (port !== undefined && !(await isFree(port))) throw portInUse(port);
  const served = await takeClaim(claim);
  if (served !== undefined && port !== undefined)
    throw new Error(`Cannot serve MLflow on port ${port} as ${database} is served at ${served}: open that`);
  if (served !== undefined) return { uri: served, isOwn: false, close: async () => undefined };
  try {
    await makeTrackingPython();
    const server = await startServer({ database, artefacts }, port ?? (await freePort()));
    writeFileAtomically(claim, JSON.stringify({ mark: processMark(), uri: server.uri }));
    return {
      uri: server.uri,
      isOwn: true,
      async close() {
        rmSync(claim, { force: true });
        await server.close();
      },
    };
  } catch (error) {
    rmSync(claim, { force: true });
    throw error;
  }
}

/**
 * Claims the right to serve a file.
 *
 * @returns the address where a process of this machine serves it; undefined where this process now may
 */
async function takeClaim(file: string): Promise<string | undefined> {
  for (const until = Date.now() + STARTING; Date.now() < until; await sleep(LOOK)) {
    if (placeClaim(file)) return undefined;
    const { mark, uri } = readClaim(file);
    if (mark === undefined) continue; // it has gone meanwhile
    const state = markedProcess(mark);
    if (state === "elsewhere")
      throw new Error(
        `Cannot start MLflow as another machine or container serves that file: let it end, or remove ${file} where it has`,
      );
    if (uri !== undefined && (await answers(uri))) return uri;
    if (state !== "running") rmSync(file, { force: true });
  }
  throw new Error(`Cannot start MLflow as another process has been starting it for long: remove ${file}`);
}

/** @returns false where a claim is there; a claim appears with its content */
function placeClaim(file: string): boolean {
  const own = `${file}.${process.pid}`;
  try {
    writeFileSync(own, JSON.stringify({ mark: processMark() }));
    linkSync(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

function readClaim(file: string): { mark?: string; uri?: string } {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return {};
  }
}

async function startServer({ database, artefacts }: TrackingStore, port: number) {
  const log = join(stateFolder, "logs", "mlflow-server.log");
  mkdirSync(dirname(log), { recursive: true });
  const output = openSync(log, "w");
  const uri = `http://127.0.0.1:${port}`;
  const child = spawn(
    trackingPython,
    [
      inProject("src", "tracking", "serve_mlflow.py"),
      `--backend-store-uri=sqlite:///${database}`,
      `--artifacts-destination=${artefacts}`,
      "--host=127.0.0.1",
      `--port=${port}`,
      "--workers=1",
    ],
    {
      cwd: dirname(database),
      stdio: ["pipe", output, output],
      detached: true, // a group of its own does not hear the terminal's Ctrl-C
      env: {
        ...process.env,
        MLFLOW_TRACKING_URI: "",
        MLFLOW_DISABLE_TELEMETRY: "true",
        MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false",
        OMP_NUM_THREADS: "1",
      },
    },
  );
  closeSync(output);
  let failure: string | undefined;
  const ended = new Promise<void>((resolve) => {
    child.on("error", ({ message }) => {
      failure = message;
      resolve();
    });
    child.on("close", () => {
      failure ??= whyItEnded(readFileSync(log, "utf8"), { database, port, log });
      resolve();
    });
  });
  const close = async () => {
    child.ref(); // it is waited for
    child.stdin?.destroy();
    await Promise.race([ended, sleep(8000, undefined, { ref: false })]);
  };
  for (const until = Date.now() + STARTING; !(await answers(uri)); await sleep(LOOK)) {
    if (failure !== undefined) throw new Error(failure);
    if (Date.now() < until) continue;
    await close();
    throw new Error(`Cannot start MLflow as it has not answered for ${STARTING / 1000} s: see ${log}`);
  }
  child.unref();
  (child.stdin as unknown as { unref?(): void })?.unref?.();
  return { uri, close };
}

interface Ended {
  database: string;
  port: number;
  log: string;
}

/** Why a server ended while it started, and what to do. */
function whyItEnded(said: string, { database, port, log }: Ended): string {
  if (/address already in use/i.test(said)) return portInUse(port).message;
  if (/database is locked/i.test(said))
    return `Cannot open ${database} as another program has locked it: end that program, then try again`;
  if (/out-of-date database schema|can't locate revision/i.test(said))
    return `Cannot open ${database} as another version of MLflow wrote it: choose another file, or serve it with that version and name it in MLFLOW_TRACKING_URI`;
  if (/file is not a database|malformed/i.test(said))
    return `Cannot open ${database} as it is no SQLite file: choose another`;
  const last = said.trim().split("\n").pop() ?? "";
  return `Cannot start MLflow as it ended: ${last.slice(0, 200) || "without a word"} (all of it is in ${log})`;
}

async function answers(uri: string): Promise<boolean> {
  try {
    const response = await fetch(`${uri}/health`, { signal: AbortSignal.timeout(2000) });
    return response.ok && (await response.text()) === "OK";
  } catch {
    return false;
  }
}

const portInUse = (port: number) =>
  new Error(
    `Cannot serve MLflow on port ${port} as another program listens there: choose another with --port, or leave it out for a free one`,
  );

const isFree = (port: number) =>
  freePort(port).then(
    () => true,
    () => false,
  );

/** @param wanted 0 for any @returns a port on which nobody listens now */
function freePort(wanted = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject).listen(wanted, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
