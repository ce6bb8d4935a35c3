// What `dolab report` shows while it runs: one line a notebook and what is happening to it. On a terminal the lines are redrawn
// in place; elsewhere a line is written when a notebook begins or ends, and every ten seconds for one that runs.
import process from "node:process";
import { claimCount } from "../experiments";
import { formatDuration } from "../notebook";
import type { NotebookState } from "../report";

const redrawMs = 125;
const logMs = 10_000;

/** @param stream standard error by default, so that results on standard output stay clean */
export function reportLines(stream: NodeJS.WriteStream = process.stderr) {
  let states: readonly NotebookState[] = [];
  const lines = () =>
    states.map((state) => lineOf(state, Math.max(...states.map(({ name }) => name.length))));
  const draw = stream.isTTY ? drawInPlace(stream) : log(stream);
  const timer = setInterval(() => draw(lines(), states), stream.isTTY ? 1000 : logMs).unref();
  return {
    show(now: readonly NotebookState[]) {
      states = now.slice();
      draw(lines(), states);
    },
    /** Writes the last state. */
    end() {
      clearInterval(timer);
      draw(lines(), states, true);
    },
  };
}

type Draw = (lines: string[], states: readonly NotebookState[], last?: boolean) => void;

function drawInPlace(stream: NodeJS.WriteStream): Draw {
  let drawn = 0;
  let when = Number.NEGATIVE_INFINITY;
  return (lines, _, last = false) => {
    if (!last && performance.now() - when < redrawMs) return;
    when = performance.now();
    const width = (stream.columns ?? 80) - 1;
    const up = drawn > 0 ? `\x1b[${drawn}A` : "";
    stream.write(`${up}${lines.map((line) => `\x1b[2K${line.slice(0, width)}\n`).join("")}`);
    drawn = lines.length;
  };
}

function log(stream: NodeJS.WriteStream): Draw {
  const written: { state?: string; when: number }[] = [];
  return (lines, states) => {
    for (const [place, { state }] of states.entries()) {
      const before = written[place] ?? { when: Number.NEGATIVE_INFINITY };
      const due = state === "running" && performance.now() - before.when >= logMs;
      if (state === before.state && !due) continue;
      written[place] = { state, when: performance.now() };
      stream.write(`${lines[place]}\n`);
    }
  };
}

const marks = { waiting: "○", running: "◐", ready: "✓", failed: "✗" } as const;

function lineOf(state: NotebookState, width: number): string {
  return `${marks[state.state]} ${state.name.padEnd(width)}  ${state.state.padEnd(7)}  ${factsOf(state).join(" · ")}`.trimEnd();
}

function factsOf(state: NotebookState): string[] {
  if ("report" in state) {
    const { wallTimeSeconds, claims, error } = state.report;
    const reason = error ? `cell ${error.cell}: ${error.name}: ${error.message.split("\n")[0]}` : "";
    return [formatDuration(wallTimeSeconds), claims?.length ? claimCount(claims) : "", reason].filter(
      Boolean,
    );
  }
  if (state.problem) return [state.problem];
  if (state.state === "waiting") return [];
  const { cell, cells, heading, startedAt } = state;
  const place = cell && cells ? `cell ${cell} of ${cells}` : "starting its kernel";
  const elapsed = startedAt ? formatDuration((Date.now() - Date.parse(startedAt)) / 1000) : "";
  return [place, elapsed, heading ?? ""].filter(Boolean);
}
