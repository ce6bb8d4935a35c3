// The same progress bar for the command line, drawn by cli-progress on a terminal; where output goes to a file or a CI
// log, one line every ten seconds and one at the end.
import process from "node:process";
import { Presets, SingleBar } from "cli-progress";
import type { ProgressReporter } from "../io/progress-reporter";
import { drawnProgress } from "./progress";
import { ProgressMeter } from "./progress-meter";

const logMs = 10_000;

/** Where a bar is drawn: standard error, so that results on standard output stay clean. */
export interface TerminalOptions {
  stream?: NodeJS.WriteStream;
}

/**
 * Makes the reporter whose bars go to the terminal; where output goes to a file, it writes a line every ten seconds.
 *
 * @returns what takes the place of `progress`, wherever a function asks for a reporter
 * @example
 * import { terminalProgress } from "dolab";
 * const lines: string[] = [];
 * const stream = { write: (line: string) => lines.push(line) } as unknown as NodeJS.WriteStream;
 * terminalProgress({ stream })(2, { label: "Units", unit: "units" }).finish();
 * lines.length; // => 1
 */
export function terminalProgress({ stream = process.stderr }: TerminalOptions = {}): ProgressReporter {
  return (total, options = {}) => {
    const meter = new ProgressMeter(total, options);
    return drawnProgress(meter, {
      ...(stream.isTTY ? bar(meter, stream) : log(meter, stream)),
      signal: options.signal,
    });
  };
}

function bar(meter: ProgressMeter, stream: NodeJS.WriteStream) {
  const single = new SingleBar(
    { format: () => meter.line(), stream, hideCursor: true, linewrap: false, clearOnComplete: false, fps: 8 },
    Presets.shades_classic,
  );
  const total = Number.isFinite(meter.total) ? meter.total : 0;
  const draw = () => single.update(Math.min(meter.done, total));
  return {
    start: () => single.start(total, meter.done),
    draw,
    end: () => {
      draw();
      single.stop();
    },
  };
}

function log(meter: ProgressMeter, stream: NodeJS.WriteStream) {
  let written = performance.now();
  const write = () => stream.write(`${meter.line(0)}\n`);
  return {
    start: () => {},
    draw: () => {
      if (performance.now() - written < logMs) return;
      written = performance.now();
      write();
    },
    end: write,
  };
}
