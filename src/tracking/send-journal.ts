// Sends what a run's journal holds to an MLflow server, from where the last sending ended: FOLDER/tracking/KEY.sent.json says
// for each store how far that was. A run is known by the id in its journal, kept on the server as a tag, and points of its
// metrics by their time: what is sent twice, as after a kill between the sending and the note of it, stands there once.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomically } from "../io";
import { type JournalEntry, journalFile, type PlacedEntry, readJournal, trackingFolder } from "./journal";
import {
  hasCode,
  type Metric,
  type MlflowClient,
  type MlflowRun,
  type Pair,
  TrackingRefusedError,
  TrackingUnreachableError,
} from "./mlflow-client";

/** How far the sending to a store is. */
interface Position {
  run?: MlflowRun;
  /** Bytes of the journal. */
  sent: number;
  /** Entries that the store did not take, and why not, of the first. */
  refused: number;
  refusal?: string;
}

/** What a sending left. */
export type SentState = Omit<Position, "run">;

/** Bytes read at once, and MLflow's limits on what a request and a value hold. */
const READ_BYTES = 1 << 20;
const [MOST_METRICS, MOST_PAIRS, LONGEST_PARAMETER, LONGEST_TAG] = [1000, 100, 6000, 5000];

/** The tags by which a run is known. */
const ID_TAG = "dolab.id";
const PARENT_TAG = "mlflow.parentRunId";

const positionFile = (folder: string, key: string) => join(trackingFolder(folder), `${key}.sent.json`);

function readPositions(folder: string, key: string): Record<string, Position> {
  const file = positionFile(folder, key);
  try {
    return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  } catch {
    return {}; // it is found again by the runs' tags
  }
}

/** How far a journal's sending to a store is. */
export function sentState(folder: string, key: string, store: string): SentState {
  const { sent = 0, refused = 0, refusal } = readPositions(folder, key)[store] ?? {};
  return { sent, refused, refusal };
}

/**
 * Sends what a journal holds beyond what was sent.
 *
 * @param folder the run's folder
 * @param key which journal
 * @param client the server
 * @param store the server's name in positions: an address, or the file behind a server of our own
 * @throws {TrackingUnreachableError} where that has to be tried again; what was sent before is noted
 */
export async function sendJournal(
  folder: string,
  key: string,
  client: MlflowClient,
  store: string,
): Promise<void> {
  const file = journalFile(folder, key);
  const positions = readPositions(folder, key);
  const position: Position = positions[store] ?? { sent: 0, refused: 0 };
  const note = (end: number) => {
    position.sent = end;
    positions[store] = position;
    writeFileAtomically(positionFile(folder, key), `${JSON.stringify(positions)}\n`);
  };
  for (;;) {
    const entries = readJournal(file, position.sent, READ_BYTES);
    if (entries.length === 0) return;
    for (const group of groupsOf(entries)) {
      try {
        position.run ??= await findOrCreateRun(client, file);
        await sendGroup(folder, client, position.run, group);
      } catch (error) {
        if (!(error instanceof TrackingRefusedError)) throw error;
        if (hasCode(error, "RESOURCE_DOES_NOT_EXIST")) {
          delete positions[store]; // the runs there have gone: they are made anew
          writeFileAtomically(positionFile(folder, key), `${JSON.stringify(positions)}\n`);
          throw new TrackingUnreachableError(error.message);
        }
        position.refused += group.length;
        position.refusal ??= error.message;
      }
      note(group[group.length - 1].end);
    }
  }
}

/** Neighbours that go in one request: metrics together, up to MLflow's limit. */
function groupsOf(entries: readonly PlacedEntry[]): PlacedEntry[][] {
  const groups: PlacedEntry[][] = [];
  let size = 0;
  for (const placed of entries) {
    const { entry } = placed;
    const count = entry.kind === "metrics" ? Object.keys(entry.values).length : MOST_METRICS;
    const last = groups[groups.length - 1];
    if (last?.[0].entry.kind === "metrics" && entry.kind === "metrics" && size + count <= MOST_METRICS) {
      last.push(placed);
      size += count;
    } else {
      groups.push([placed]);
      size = count;
    }
  }
  return groups;
}

type RunEntry = Extract<JournalEntry, { kind: "run" }>;

async function findOrCreateRun(client: MlflowClient, file: string): Promise<MlflowRun> {
  const [first] = readJournal(file, 0, 1 << 16);
  if (first?.entry.kind !== "run")
    throw new TrackingRefusedError("its journal does not begin with the run", "NO_RUN");
  const { id, parent, experiment: name, title, time, tags } = first.entry as RunEntry;
  const experiment = await client.experiment(name);
  const found = await client.findRun(experiment, { key: ID_TAG, value: id });
  if (found) return found;
  const above = parent && (await client.findRun(experiment, { key: ID_TAG, value: parent }));
  if (parent && !above) throw new TrackingUnreachableError("the run above is not there yet");
  const own = { ...tags, [ID_TAG]: id, ...(above ? { [PARENT_TAG]: above.id } : {}) };
  return client.createRun({ experiment, title, time, tags: pairsOf(own, LONGEST_TAG) });
}

async function sendGroup(
  folder: string,
  client: MlflowClient,
  run: MlflowRun,
  group: readonly PlacedEntry[],
): Promise<void> {
  const [{ entry }] = group;
  if (entry.kind === "metrics") {
    await sendMetrics(client, run, metricsOf(group.map((placed) => placed.entry)));
  } else if (entry.kind === "run") {
    const params = pairsOf(entry.parameters, LONGEST_PARAMETER);
    for (let at = 0; at < params.length; at += MOST_PAIRS)
      await client.logBatch(run.id, { params: params.slice(at, at + MOST_PAIRS) });
  } else if (entry.kind === "tags") {
    await client.logBatch(run.id, { tags: pairsOf(entry.tags, LONGEST_TAG) });
  } else if (entry.kind === "status") {
    await client.updateRun(run.id, entry);
  } else {
    await client.putArtefact(run, entry.path, contentOf(folder, entry));
  }
}

/** One entry may hold more than a request does. */
async function sendMetrics(client: MlflowClient, run: MlflowRun, metrics: readonly Metric[]): Promise<void> {
  for (let at = 0; at < metrics.length; at += MOST_METRICS)
    await client.logBatch(run.id, { metrics: metrics.slice(at, at + MOST_METRICS) });
}

const metricsOf = (entries: readonly JournalEntry[]): Metric[] =>
  entries.flatMap((entry) =>
    entry.kind === "metrics"
      ? Object.entries(entry.values).map(([key, value]) => ({
          key: mlflowKey(key),
          value,
          timestamp: entry.time,
          step: entry.step,
        }))
      : [],
  );

function contentOf(folder: string, entry: Extract<JournalEntry, { kind: "file" | "text" }>): Uint8Array {
  if (entry.kind === "text") return Buffer.from(entry.content);
  try {
    return readFileSync(join(folder, entry.file));
  } catch (error) {
    throw new TrackingRefusedError(
      `${entry.file} cannot be read: ${(error as NodeJS.ErrnoException).code}`,
      "NO_FILE",
    );
  }
}

/** MLflow's names hold letters, digits and _ - . : / and spaces. */
const mlflowKey = (key: string) => key.replace(/[^\w\-. :/]/g, "_").slice(0, 250);

const pairsOf = (values: Readonly<Record<string, string>>, longest: number): Pair[] =>
  Object.entries(values).map(([key, value]) => ({
    key: mlflowKey(key),
    value: value.length > longest ? `${value.slice(0, longest - 1)}…` : value,
  }));
