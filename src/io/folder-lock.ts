// One writer a folder. Each would-be writer puts down a claim, an empty file `.lock.MARK.TOKEN` that names its process,
// and then looks for others: a living claim beside its own makes it withdraw. So two never both write, claims of killed
// processes are taken away without a race (the dead stay dead), and nothing is ever half written. Two that come in the
// same moment both withdraw and try again. Network disks whose listings lag can break the rule; a writer whose claim
// has gone notices before its next write.

import { randomBytes, randomInt } from "node:crypto";
import { closeSync, existsSync, openSync, readdirSync, rmdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { markedPid, markedProcess, processMark, processMarkPattern } from "./process-mark";
import { discard, explainWriteFailure, makeFolder } from "./write-atomically";

export interface FolderLock {
  /** @throws {Error} where another writer has taken the folder since, or it has gone */
  check(): void;
  /** Gives the folder back; one that was made for this lock and holds nothing goes. */
  release(): void;
}

const CLAIM = new RegExp(`^\\.lock\\.(${processMarkPattern})\\.[0-9a-f]+$`);
const ATTEMPTS = 5;

/**
 * Takes a folder for this process alone, making it where absent. Within one process the newest lock wins: a notebook's
 * cell that was interrupted can be run again, and what is left of its first run can write no more.
 *
 * @throws {Error} naming the process that writes there, or why the folder cannot be written
 */
export function lockFolder(folder: string): FolderLock {
  const place = resolve(folder);
  const claim = join(place, `.lock.${processMark()}.${randomBytes(4).toString("hex")}`);
  const made = explaining(folder, () => makeFolder(place));
  const release = () => {
    discard(claim);
    for (const empty of made) if (!removedEmpty(empty)) return;
  };
  const check = () => {
    if (existsSync(claim)) return;
    throw new Error(
      `Cannot write to ${folder} as it was opened anew since, or removed: open it again where no other run writes there`,
    );
  };
  try {
    takeClaim(folder, claim);
  } catch (error) {
    release();
    throw error;
  }
  return { check, release };
}

function takeClaim(folder: string, claim: string): void {
  for (let attempt = 1; ; attempt += 1) {
    explaining(folder, () => closeSync(openSync(claim, "wx")));
    const others = claimsBeside(claim);
    const living = others.find(({ state }) => state === "running" || state === "elsewhere");
    if (!living) {
      for (const { path } of others) discard(path);
      return;
    }
    if (attempt === ATTEMPTS) throw taken(folder, living);
    discard(claim);
    pause(randomInt(5, 40));
  }
}

interface Claim {
  path: string;
  mark: string;
  state: ReturnType<typeof markedProcess>;
}

function claimsBeside(own: string): Claim[] {
  const folder = dirname(own);
  return readdirSync(folder).flatMap((name) => {
    const mark = CLAIM.exec(name)?.[1];
    const path = join(folder, name);
    return mark && path !== own ? [{ path, mark, state: markedProcess(mark) }] : [];
  });
}

function taken(folder: string, { path, mark, state }: Claim): Error {
  const since = statSync(path, { throwIfNoEntry: false })?.mtime.toISOString() ?? "a moment ago";
  const writer = `process ${markedPid(mark)}${state === "elsewhere" ? " of another machine or container" : ""}`;
  const cure = state === "elsewhere" ? `, or remove ${path} if it runs no more` : "";
  return new Error(
    `Cannot write to ${folder} as ${writer} writes there since ${since}: let it end, or choose another folder${cure}`,
  );
}

function explaining<Result>(folder: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw explainWriteFailure(folder, folder, error);
  }
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
