// The command line logs to the console and to files, as source document 003 does: a file is closed at 100 MB and
// the next one begun, and files that were last written to ten days ago are removed when a log is opened.
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";

export interface Log {
  /** Goes to the file and the console. @param facts what else the file's line says, as plain data */
  info(message: string, facts?: object): void;
  /** Goes to the file alone: whoever ends the program tells people. */
  error(message: string): void;
  /** Writes what is left. */
  close(): Promise<void>;
}

export interface LogOptions {
  /** Made where absent. */
  folder?: string;
  /** A file is closed when it is larger, such as "100m". */
  size?: string;
  keepDays?: number;
  /** Where lines for people go. */
  console?: Writable & { isTTY?: boolean };
}

const DAY = 24 * 60 * 60 * 1000;

/**
 * Opens a log of a name: FOLDER/NAME.1.log, one JSON object a line, and lines on the console.
 *
 * @throws {Error} where the folder cannot be written
 */
export async function openLog(
  name: string,
  { folder = "logs", size = "100m", keepDays = 10, console = process.stderr }: LogOptions = {},
): Promise<Log> {
  const [{ default: pino }, { default: roll }] = await Promise.all([import("pino"), import("pino-roll")]); // few commands log
  removeOldLogs(folder, name, keepDays);
  const file = await roll({
    file: join(folder, name),
    size,
    extension: ".log",
    mkdir: true,
    sync: true,
  }).catch((error: Error) => {
    throw new Error(`Cannot log to ${folder} as it must be a folder that can be written: ${error.message}`, {
      cause: error,
    });
  });
  const log = pino({ base: undefined, timestamp: pino.stdTimeFunctions.isoTime }, file);
  return {
    info(message, facts = {}) {
      log.info(facts, message);
      console.write(`${consoleLine(message, wantsColour(console))}\n`);
    },
    error: (message) => log.error(message),
    async close() {
      file.end();
      await finished(file);
    },
  };
}

function consoleLine(message: string, coloured: boolean): string {
  const time = new Date().toTimeString().slice(0, 8);
  return coloured
    ? `\u001b[2m${time}\u001b[0m \u001b[32mINFO\u001b[0m ${message}`
    : `${time} INFO ${message}`;
}

/** Whether text for a stream may hold colours: on a terminal, unless NO_COLOR says otherwise; FORCE_COLOR wins. */
export function wantsColour(stream: { isTTY?: boolean }): boolean {
  const { FORCE_COLOR, NO_COLOR } = process.env;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== "0";
  return Boolean(stream.isTTY) && !NO_COLOR;
}

function removeOldLogs(folder: string, name: string, keepDays: number): void {
  for (const file of existsSync(folder) && statSync(folder).isDirectory() ? readdirSync(folder) : []) {
    const path = join(folder, file);
    const isLog = file.startsWith(`${name}.`) && /^\d+\.log$/.test(file.slice(name.length + 1));
    if (isLog && Date.now() - statSync(path).mtimeMs > keepDays * DAY) rmSync(path, { force: true });
  }
}
