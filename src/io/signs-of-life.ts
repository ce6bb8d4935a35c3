// Gives signs of life that other machines can see: a thread of this process renews the modification time of files every few
// seconds. It is a thread of its own, so that a computation that blocks the main thread for minutes does not look dead, while
// a process that was killed, suspended or cut off from the disk does. The file server stamps the time, not this machine's
// clock, as the file is written to rather than given a time.

import { Worker } from "node:worker_threads";

interface Order {
  path: string;
  /** What the file holds, written over and over. */
  text: string;
  /** Milliseconds between two signs; 0 ends them. */
  everyMs: number;
}

/** What the thread runs. A file that has gone is not made anew: somebody has taken it away. */
const PROGRAM = `
const { parentPort } = require("node:worker_threads");
const { writeFileSync } = require("node:fs");
const timers = new Map();
function stop(path) {
  clearInterval(timers.get(path));
  timers.delete(path);
}
function renew(path, text) {
  try {
    writeFileSync(path, text, { flag: "r+" });
  } catch (error) {
    if (error.code === "ENOENT") stop(path); // any other failure may pass
  }
}
parentPort.on("message", ({ path, text, everyMs }) => {
  stop(path);
  if (everyMs > 0) timers.set(path, setInterval(renew, everyMs, path, text));
});
`;

let thread: Worker | undefined;

/**
 * Renews a file's modification time until told to stop, at the latest with the end of this process.
 *
 * @param path an existing file
 * @param text its content
 * @param everyMs milliseconds between two renewals
 * @returns the function that ends the renewals
 */
export function giveSignsOfLife(path: string, text: string, everyMs: number): () => void {
  order({ path, text, everyMs });
  return () => order({ path, text, everyMs: 0 });
}

/** Tells the thread, which works whether or not the main thread goes on. */
function order(message: Order): void {
  if (!thread) {
    thread = new Worker(PROGRAM, { eval: true, execArgv: [], env: {} }); // without tsx, which it does not need
    thread.on("error", () => {
      thread = undefined; // the files then look dead to other machines, and whoever writes by them notices before it writes
    });
    thread.unref();
  }
  thread.postMessage(message);
}
