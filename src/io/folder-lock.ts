// A lock lets one writer at a time into a folder. Each would-be writer puts down a claim, a file `.lock.MARK.TOKEN` that
// names its process, and then looks for others: a living claim beside its own makes it withdraw. So two never both write,
// claims of the dead are taken away without a race, and nothing is ever half written. Two that come in the same moment both
// withdraw and try again.
//
// Whether a process of this machine lives is seen at once. A claim of another machine or container is a lease: signs of life
// renew it, and it lapses when it has shown none for as long as it says (120 s, or DOLAB_LEASE_SECONDS of its maker). Its
// age is the time between two stamps of the same file server, that of the claim and that of one's own claim, made just now:
// clocks of machines that disagree do not matter. A writer that was only suspended, or cut off from the disk, for longer
// than its lease finds its claim gone at the check before its next write. Two limits remain: a writer that is suspended
// between that check and the write itself, and network disks that show another machine's files late; NFS shows them to
// whoever has just made a file in the folder and opens what it finds, as is done here.
//
// The package proper-lockfile renews from the main thread, so that a step longer than its 10 s loses the folder, and lets the
// lock of a process killed on the same machine stand as long (test/io/folder-lease.test.ts, test/io/run-folder.test.ts).

import { randomBytes, randomInt } from "node:crypto";
import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { markedPid, markedProcess, processMark, processMarkPattern } from "./process-mark";
import { giveSignsOfLife } from "./signs-of-life";
import { discard, explainWriteFailure, makeFolder } from "./write-atomically";

/** Thrown where another process writes to the folder: once that has ended, the folder can be had. */
export class FolderTakenError extends Error {
  override readonly name = "FolderTakenError";
}

export interface FolderLock {
  /** Whether the folder is still this lock's. */
  isHeld(): boolean;
  /** @throws {Error} where another writer has taken the folder since, or it has gone */
  check(): void;
  /** Gives the folder back; one that was made for this lock and holds nothing goes. */
  release(): void;
  /** Marks of the writers whose claims had lapsed, and of which unfinished files may lie in the folder. */
  readonly lapsed: readonly string[];
}

const CLAIM = new RegExp(`^\\.lock\\.(${processMarkPattern})\\.[0-9a-f]+$`);
const ATTEMPTS = 5;
const USUAL_LEASE_SECONDS = 120;
const SIGNS_PER_LEASE = 12;

/**
 * Takes a folder for this process alone, making it where absent. Within one process the newest lock wins: a notebook's
 * cell that was interrupted can be run again, and what is left of its first run can write no more.
 *
 * @throws {FolderTakenError} naming the process that writes there
 * @throws {Error} saying why the folder cannot be written
 */
export function lockFolder(folder: string): FolderLock {
  const place = resolve(folder);
  const path = join(place, `.lock.${processMark()}.${randomBytes(4).toString("hex")}`);
  const lease = leaseSeconds();
  const text = `${new Date().toISOString()} ${lease}\n`;
  const made: string[] = [];
  const remove = () => {
    discard(path);
    for (const empty of made) if (!removedEmpty(empty)) return;
  };
  let lapsed: string[];
  try {
    lapsed = takeClaim(folder, path, text, made);
  } catch (error) {
    remove();
    throw error;
  }
  const stopSigns = giveSignsOfLife(path, text, (lease * 1000) / SIGNS_PER_LEASE);
  return {
    lapsed,
    isHeld: () => existsSync(path),
    check() {
      if (existsSync(path)) return;
      throw new Error(
        `Cannot write to ${folder} as it was opened anew since, or removed: open it again where no other run writes there`,
      );
    },
    release() {
      stopSigns();
      remove();
    },
  };
}

/**
 * Who holds a folder, for people to read: it claims nothing, and tells the age of another machine's claim by this one's clock.
 *
 * @returns such as "process 12 of another machine or container"; undefined where nobody alive does
 */
export function claimedBy(folder: string): string | undefined {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const claims = names.flatMap((name) => claimNamed(folder, name, Date.now()));
  const living = claims.find(({ state }) => state !== "ended" && state !== "lapsed");
  return living && writerOf(living);
}

/** Seconds for which a claim of this process outlives its last sign of life. */
export function leaseSeconds(): number {
  const { DOLAB_LEASE_SECONDS } = process.env;
  const seconds = Number(DOLAB_LEASE_SECONDS || USUAL_LEASE_SECONDS);
  if (seconds > 0 && seconds < 1e6) return seconds;
  throw new RangeError(
    `Cannot take a folder as DOLAB_LEASE_SECONDS must be a number of seconds above 0: got "${DOLAB_LEASE_SECONDS}"`,
  );
}

/**
 * Puts down a claim where no other lives.
 *
 * @param made takes the folders that had to be made for it, innermost first
 * @returns the marks of lapsed claims, which are gone then
 */
function takeClaim(folder: string, own: string, text: string, made: string[]): string[] {
  for (let attempt = 1; ; attempt += 1) {
    try {
      made.unshift(...makeFolder(dirname(own)));
      writeFileSync(own, text, { flag: "wx" });
    } catch (error) {
      // Its last holder may have removed the folder just after it was seen.
      const { code, syscall } = error as NodeJS.ErrnoException;
      if (code === "ENOENT" && syscall === "open" && attempt < ATTEMPTS) continue;
      throw explainWriteFailure(folder, folder, error);
    }
    const others = claimsBeside(own);
    const living = others.find(({ state }) => state === "running" || state === "elsewhere");
    if (!living) {
      for (const { path } of others) discard(path);
      return others.filter(({ state }) => state === "lapsed").map(({ mark }) => mark);
    }
    discard(own);
    if (attempt === ATTEMPTS) throw taken(folder, living);
    pause(randomInt(5, 40));
  }
}

interface Claim {
  path: string;
  mark: string;
  state: ReturnType<typeof markedProcess> | "lapsed";
  /** When it was made, as its maker's clock had it. */
  since: string;
  leaseSeconds: number;
}

function claimsBeside(own: string): Claim[] {
  const folder = dirname(own);
  const now = statSync(own, { throwIfNoEntry: false })?.mtimeMs ?? 0; // gone only where the folder has gone
  const others = readdirSync(folder).filter((name) => join(folder, name) !== own);
  return others.flatMap((name) => claimNamed(folder, name, now));
}

/** The claim that a file is. @param now in milliseconds @returns none where it is another file, or has gone */
function claimNamed(folder: string, name: string, now: number): Claim[] {
  const mark = CLAIM.exec(name)?.[1];
  const path = join(folder, name);
  const claim = mark === undefined ? undefined : readClaim(path);
  if (mark === undefined || !claim) return [];
  const state = markedProcess(mark);
  const silentSeconds = (now - claim.signMs) / 1000;
  const isLapsed = state === "elsewhere" && silentSeconds > claim.leaseSeconds;
  return [{ path, mark, ...claim, state: isLapsed ? "lapsed" : state }];
}

/** What a claim says, and its last sign of life; undefined where it has gone meanwhile. */
function readClaim(path: string): { since: string; leaseSeconds: number; signMs: number } | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, "r"); // a network disk looks anew at a file that is opened
  } catch {
    return undefined;
  }
  try {
    const { mtimeMs, mtime } = fstatSync(descriptor);
    const [, since, lease] = /^(\S+) ([\d.]+)\n$/.exec(readFileSync(descriptor, "latin1")) ?? [];
    return {
      since: since ?? mtime.toISOString(), // it is empty for the moment between its making and its writing
      leaseSeconds: Number(lease ?? USUAL_LEASE_SECONDS),
      signMs: mtimeMs,
    };
  } finally {
    closeSync(descriptor);
  }
}

const writerOf = ({ mark, state }: Claim) =>
  `process ${markedPid(mark)}${state === "elsewhere" ? " of another machine or container" : ""}`;

function taken(folder: string, claim: Claim): FolderTakenError {
  const cure =
    claim.state === "elsewhere"
      ? `; if it was killed, its claim ${claim.path} lapses ${claim.leaseSeconds} s after its last sign of life`
      : "";
  return new FolderTakenError(
    `Cannot write to ${folder} as ${writerOf(claim)} writes there since ${claim.since}: let it end, or choose another folder${cure}`,
  );
}

function removedEmpty(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch {
    return false; // it holds something by now
  }
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
