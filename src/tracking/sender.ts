// Sends the journals of folders while runs go on and until nothing is left: with pauses that grow while the server is
// unreachable, and by one process a folder at a time.
import { existsSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type FolderLock, FolderTakenError, lockFolder } from "../io/folder-lock";
import { journalFile, journalKeys, trackingFolder } from "./journal";
import type { MlflowClient } from "./mlflow-client";
import { sendJournal, sentState } from "./send-journal";

/** What stands between a target and its journals. */
export interface Connection {
  client: MlflowClient;
  close(): Promise<void>;
}

export interface SenderOptions {
  /** The folders of the runs. */
  folders: () => readonly string[];
  /** Reaches the server, starting it where it is our own. @throws {Error} where that cannot be */
  connect: () => Promise<Connection>;
  /** The target's name in positions. */
  store: string;
  /** Milliseconds between looks at the journals, and the shortest and longest pause after a failure. */
  pauses?: { look: number; shortest: number; longest: number };
}

/** What a sending came to. */
export interface SendingEnd {
  /** Runs with entries that are not sent. */
  waiting: number;
  /** Why not. */
  reason?: string;
  /** Entries that the server did not take, and why not, of the first. */
  refused: number;
  refusal?: string;
}

export interface Sender {
  /** Sends what is left and stops. @param patience milliseconds without any progress after which the rest is left */
  finish(patience: number): Promise<SendingEnd>;
}

/** How often it is tried once the run is over. */
const LAST_TRIES = 3;

const USUAL_PAUSES = { look: 1000, shortest: 500, longest: 30_000 };

/** Starts to send. Nothing that happens to it reaches the caller before `finish`. */
export function startSender({ folders, connect, store, pauses = USUAL_PAUSES }: SenderOptions): Sender {
  const stop = new AbortController();
  let connection: Connection | undefined;
  let reason: string | undefined;
  let moved = Date.now();
  let isEnding = false;
  let isConnecting = false;
  let lastTries = LAST_TRIES;
  const wake = { now: () => {} };

  const waitingIn = (folder: string) =>
    journalKeys(folder).filter((key) => {
      const { size } = statSync(journalFile(folder, key));
      return size > sentState(folder, key, store).sent;
    });
  const take = (folder: string): FolderLock | undefined => {
    try {
      return lockFolder(trackingFolder(folder));
    } catch (error) {
      reason = error instanceof FolderTakenError ? "another process sends them" : (error as Error).message;
      return undefined;
    }
  };
  /** One look at all journals. @returns whether all that is there is sent */
  const sendAll = async (): Promise<boolean> => {
    let all = true;
    for (const folder of folders()) {
      const waiting = existsSync(trackingFolder(folder)) ? waitingIn(folder) : [];
      if (waiting.length === 0) continue;
      if (!connection) {
        isConnecting = true; // a server of our own takes its time to start, and says itself when it is too long
        connection = await connect().finally(() => {
          isConnecting = false;
        });
      }
      const lock = take(folder);
      all &&= lock !== undefined;
      try {
        for (const key of lock ? parentsFirst(waiting) : []) {
          if (stop.signal.aborted) return false;
          await sendJournal(folder, key, connection.client, store);
          moved = Date.now();
        }
      } finally {
        lock?.release();
      }
    }
    return all;
  };
  const loop = async () => {
    for (let failures = 0; !stop.signal.aborted; ) {
      const ending = isEnding;
      const began = performance.now();
      try {
        const all = await sendAll();
        failures = 0;
        if (all) reason = undefined;
        if (all && ending) return;
      } catch (error) {
        reason = (error as Error).message;
        failures += 1;
        if (ending && --lastTries === 0) return;
        await connection?.close().catch(() => undefined); // one of our own may have ended: it is started anew
        connection = undefined;
      }
      const took = performance.now() - began; // many journals are looked at less often
      const usual = isEnding ? Math.max(pauses.shortest / 5, took) : Math.max(pauses.look, 10 * took);
      const pause = failures === 0 ? usual : Math.min(pauses.longest, pauses.shortest * 2 ** (failures - 1));
      await Promise.race([
        sleep(pause, undefined, { signal: stop.signal, ref: isEnding }).catch(() => undefined),
        new Promise<void>((resolve) => {
          wake.now = resolve;
        }),
      ]);
    }
  };
  const running = loop();
  return {
    async finish(patience) {
      isEnding = true;
      moved = Date.now();
      wake.now();
      const watch = setInterval(() => {
        if (isConnecting) moved = Date.now();
        else if (Date.now() - moved > patience) stop.abort();
      }, 50);
      await Promise.race([running, new Promise((resolve) => stop.signal.addEventListener("abort", resolve))]);
      clearInterval(watch);
      stop.abort();
      await connection?.close().catch(() => undefined);
      return sendingEnd(folders(), store, reason);
    },
  };
}

/** The whole run's journal before those of its units, which hang under it. */
const parentsFirst = (keys: readonly string[]) =>
  keys.slice().sort((a, b) => Number(b === WHOLE) - Number(a === WHOLE) || (a < b ? -1 : 1));

/** The key of the journal of a run as a whole. */
export const WHOLE = "run";

/** What a sending left, as the journals' positions say. */
export function sendingEnd(
  folders: readonly string[],
  store: string,
  reason: string | undefined,
): SendingEnd {
  const end: SendingEnd = { waiting: 0, refused: 0 };
  for (const folder of folders)
    for (const key of journalKeys(folder)) {
      const { sent, refused, refusal } = sentState(folder, key, store);
      if (statSync(journalFile(folder, key)).size > sent) end.waiting += 1;
      end.refused += refused;
      end.refusal ??= refusal;
    }
  return end.waiting > 0 ? { ...end, reason: reason ?? "the server did not answer in time" } : end;
}
