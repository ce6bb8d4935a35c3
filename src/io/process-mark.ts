// Marks a file with the process that made it, so that what a killed process left behind is told from what a living one
// still works on. A mark is MACHINE-PID-START: START (boot and clock tick of the process's birth, known on Linux) tells
// a process from a later one with its number; another machine's or container's processes cannot be looked up from here.

import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import process from "node:process";

/** What a mark looks like, as part of a regular expression. */
export const processMarkPattern = "[0-9a-f]{8}-[0-9]+-[0-9a-f]{8}";

let ownMark: string | undefined;

/** Returns the mark of this process. */
export function processMark(): string {
  ownMark ??= `${machine()}-${process.pid}-${birth(process.pid) ?? UNKNOWN_BIRTH}`;
  return ownMark;
}

export type MarkedProcess = "this one" | "running" | "ended" | "elsewhere";

/** Whether the process that made a mark still runs; "elsewhere" where that cannot be seen from this machine. */
export function markedProcess(mark: string): MarkedProcess {
  if (mark === processMark()) return "this one";
  const [place, pid, born] = mark.split("-");
  if (place !== machine()) return "elsewhere";
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return "ended";
  }
  const now = birth(Number(pid));
  return now === undefined || now === born ? "running" : "ended";
}

/** Returns the number of the process that made a mark. */
export const markedPid = (mark: string) => mark.split("-")[1];

const UNKNOWN_BIRTH = "00000000";
const shortHash = (...parts: string[]) =>
  createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 8);

/** Names where process numbers mean something: within one host name and, in containers, one process namespace. */
function machine(): string {
  let namespace = "";
  try {
    namespace = readlinkSync("/proc/self/ns/pid");
  } catch {
    // Only Linux has these.
  }
  return shortHash(hostname(), namespace);
}

/** When a process was born; undefined where that cannot be known, "dead" where it ended and waits for its parent. */
function birth(pid: number): string | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "latin1").replace(/^.*\)/s, "").trim().split(" ");
    if (fields[0] === "Z" || fields[0] === "X") return "dead";
    return shortHash(readFileSync("/proc/sys/kernel/random/boot_id", "latin1"), fields[19]);
  } catch {
    return undefined;
  }
}
