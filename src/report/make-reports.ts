// The reports of several notebooks, some of them at once, with an index of them that is there from the first second.
import fs from "node:fs";
import path from "node:path";
import type { ExecutionEvent } from "./execute-notebook";
import { readExecutedNotebook } from "./executed-notebook";
import { indexHeartbeatMs } from "./index-page";
import { type MakeReportOptions, makeReport, type Report } from "./make-report";
import { openReportIndex, type PendingNotebook } from "./report-index";

export interface MakeReportsOptions extends Pick<MakeReportOptions, "out" | "overrides" | "signal"> {
  /** The paths of the notebooks in the order in which they are shown, the quickest first. */
  notebooks: readonly string[];
  /** How many run at once, each on its part of the cores; 1 by default. */
  atOnce?: number;
  /** Is told whenever a notebook has moved on. */
  onChange?: (notebooks: readonly NotebookState[]) => void;
}

/** A notebook and how far it is. */
export type NotebookState =
  | PendingNotebook
  | { name: string; title: string; state: "ready" | "failed"; report: Report };

export interface ReportsMade {
  notebooks: NotebookState[];
  /** The path of index.html. */
  index: string;
}

/** The index is written at most this often for the sake of a running cell, in milliseconds. */
const indexPauseMs = 1000;

/**
 * Makes the reports of several notebooks. Where there are more than run at once, the quickest begins with all cores for itself, so
 * that there is soon something to read; then the longest of the rest come first, so that none of them is left to run alone at the end.
 *
 * @param options the notebooks, the folder for their reports, and how many run at once
 * @returns how each notebook ended, and the index
 */
export async function makeReports(options: MakeReportsOptions): Promise<ReportsMade> {
  const { notebooks, out, overrides, signal, atOnce = 1, onChange } = options;
  fs.mkdirSync(out, { recursive: true });
  const states: NotebookState[] = notebooks.map((notebook) => ({
    name: path.basename(notebook, ".ipynb"),
    title: readExecutedNotebook(notebook).title,
    state: "waiting",
  }));
  const writeIndex = openReportIndex(out);
  let written = 0;
  const refreshIndex = () => {
    written = performance.now();
    return writeIndex(states.filter(isPending));
  };
  const change = (place: number, state: NotebookState) => {
    const moved = states[place].state !== state.state;
    states[place] = state;
    if (moved || performance.now() - written > indexPauseMs) refreshIndex();
    onChange?.(states);
  };
  const follow = (place: number) => (event: ExecutionEvent) => {
    const state = states[place] as PendingNotebook;
    if (event.event === "start") change(place, { ...state, cells: event.cells });
    if (event.event === "cell-start")
      change(place, { ...state, cell: event.cell, cells: event.cells, heading: event.heading });
  };
  const make = async (place: number, part: number, of: number) => {
    const { name, title } = states[place];
    change(place, { name, title, state: "running", startedAt: new Date().toISOString() });
    try {
      const report = await makeReport({
        notebook: notebooks[place],
        out,
        overrides,
        signal,
        cores: of > 1 ? { part, of } : undefined,
        onProgress: follow(place),
        onSoFar: (html) =>
          change(place, { ...(states[place] as PendingNotebook), soFar: path.basename(html) }),
      });
      change(place, { name, title, state: report.passed ? "ready" : "failed", report });
    } catch (error) {
      change(place, { name, title, state: "failed", problem: (error as Error).message });
    }
  };
  refreshIndex();
  onChange?.(states);
  const heartbeat = setInterval(refreshIndex, indexHeartbeatMs);
  try {
    const waiting = [...notebooks.keys()];
    const lanes = Math.min(atOnce, notebooks.length);
    if (lanes < notebooks.length) {
      await make(waiting.shift() as number, 0, 1);
      waiting.reverse();
    }
    const lane = async (part: number) => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        if (signal?.aborted) return;
        await make(next, part, lanes);
      }
    };
    await Promise.all(Array.from({ length: lanes }, (_, part) => lane(part)));
  } finally {
    clearInterval(heartbeat);
  }
  return { notebooks: states, index: writeIndex(states.filter(isPending).filter(({ problem }) => problem)) };
}

/** Whether a notebook has no report of this run: it waits, runs, or could not be run. */
const isPending = (state: NotebookState): state is PendingNotebook => !("report" in state);
