// Runs a notebook headless, through nbclient (execute.py), in the kernel that JupyterLab would use.
import path from "node:path";
import { runPython } from "./python";

export interface RunError {
  /** The failed cell, counted among the code cells from 1; 0 if none was running. */
  cell: number;
  name: string;
  message: string;
}

export interface ExecutionOutcome {
  passed: boolean;
  seconds: number;
  error?: RunError;
}

/** What a run tells while it goes on. */
export type ExecutionEvent =
  | { event: "start"; cells: number }
  | { event: "cell-start"; cell: number; cells: number; heading: string }
  | { event: "cell-end"; cell: number; cells: number; passed: boolean; seconds: number }
  /** What is there so far was written, as an executed notebook. */
  | { event: "saved"; path: string }
  | ({ event: "end" } & ExecutionOutcome);

export interface ExecuteOptions {
  /** Where the executed notebook goes; the notebook itself is only read. */
  executed: string;
  /** Parameters that win over those in the notebook, handed to the kernel as DOLAB_PARAMETERS. */
  overrides?: Readonly<Record<string, unknown>>;
  /** Seconds that one cell may take; no limit by default. */
  cellTimeoutSeconds?: number;
  /** Which part of the cores the run takes, where several run at once: `{ part: 0, of: 2 }` is the first half. */
  cores?: { part: number; of: number };
  /** Writes what is there between cells as well: after so many seconds, and every so many from then on. */
  looks?: { first: number; every: number };
  /** Ends the run; what is done by then is kept. */
  signal?: AbortSignal;
  onProgress?: (event: ExecutionEvent) => void;
}

/**
 * Runs all cells in order until one fails.
 *
 * @param notebook the notebook's path; it is only read
 * @param options where the executed notebook goes, and how it is run
 * @returns how it went; a failing cell is an outcome, not an exception
 * @throws {Error} if the run could not be started: no environment, no kernel, no such notebook
 */
export async function executeNotebook(notebook: string, options: ExecuteOptions): Promise<ExecutionOutcome> {
  const { executed, overrides = {}, cellTimeoutSeconds, cores, looks, signal, onProgress } = options;
  let outcome: ExecutionOutcome | undefined;
  const limit = cellTimeoutSeconds === undefined ? [] : ["--cell-timeout", String(cellTimeoutSeconds)];
  const share = cores ? ["--cores", `${cores.part}/${cores.of}`] : [];
  const saves = looks ? ["--looks", `${looks.first}/${looks.every}`] : [];
  const { complaints } = await runPython(
    "execute.py",
    [path.resolve(notebook), path.resolve(executed), ...limit, ...share, ...saves],
    {
      env: { DOLAB_PARAMETERS: JSON.stringify(overrides) },
      signal,
      onLine: (line) => {
        if (!line.startsWith("{")) return;
        const event = JSON.parse(line) as ExecutionEvent;
        if (event.event === "end")
          outcome = { passed: event.passed, seconds: event.seconds, error: event.error };
        onProgress?.(event);
      },
    },
  );
  if (outcome) return outcome;
  throw new Error(
    `Cannot run ${notebook} as the runner ended before its first cell: ${lastLine(complaints)}`,
  );
}

/** What a Python traceback ends in. */
export const lastLine = (complaints: string): string => complaints.split("\n").pop() || "it gave no reason";
