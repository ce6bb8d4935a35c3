// The reports of a folder: index.html for people, a card each, and index.json for machines. Everything in them is read from
// the executed notebooks beside the reports, so that it is right whichever of them were made anew; while notebooks run, their
// cards say how far they are, and the page reloads itself.
import fs from "node:fs";
import path from "node:path";
import { writeFileAtomically } from "../io/write-atomically";
import type { RunError } from "./execute-notebook";
import { type ExecutedNotebook, readExecutedNotebook } from "./executed-notebook";
import { indexPage } from "./index-page";

/** A notebook that was asked for and has no report of this run yet. */
export interface PendingNotebook {
  /** The notebook's file name without .ipynb. */
  name: string;
  title: string;
  state: "waiting" | "running" | "failed";
  /** Why it could not be run at all. */
  problem?: string;
  /** The cell that runs, counted among the code cells from 1. */
  cell?: number;
  /** How many code cells the notebook has. */
  cells?: number;
  /** The heading above the cell that runs. */
  heading?: string;
  /** When it began, in ISO 8601. */
  startedAt?: string;
  /** A report of the cells that are done, relative to the index. */
  soFar?: string;
}

/** A report as the index knows it. */
export interface ReportEntry extends ExecutedNotebook {
  /** The report's file, relative to the index. */
  html: string;
  /** A picture of the telling figure, as a data address. */
  thumbnail?: string;
}

/** What the index says of a notebook. */
export interface IndexEntry {
  name: string;
  title: string;
  state: "waiting" | "running" | "ready" | "failed";
  /** The last report whose cells all passed. */
  report?: ReportEntry;
  /** The report of a later run that failed; it stands beside the good one. */
  failed?: ReportEntry;
  pending?: PendingNotebook;
}

/** The end of the name of a failed run's files, before the extension. */
export const failedSuffix = ".failed";

/**
 * Writes index.html and index.json into a folder of reports: NAME.html, NAME.ipynb and perhaps NAME.png each, and
 * NAME.failed.* of a later run that failed.
 *
 * @param folder where the reports are
 * @param pending what is still running or waiting, in the order in which it is shown
 * @returns the path of index.html
 */
export function writeReportIndex(folder: string, pending: readonly PendingNotebook[] = []): string {
  return openReportIndex(folder)(pending);
}

/** As `writeReportIndex`, for a run that writes the index often: it reads an executed notebook again only where it changed. */
export function openReportIndex(folder: string): (pending?: readonly PendingNotebook[]) => string {
  const read = readOnce();
  return (pending = []) => {
    const entries = entriesOf(folder, pending, read);
    const index = path.join(folder, "index.html");
    writeFileAtomically(
      path.join(folder, "index.json"),
      `${JSON.stringify(forMachines(entries), null, 2)}\n`,
    );
    writeFileAtomically(index, indexPage(entries));
    return index;
  };
}

type Read = (folder: string, name: string) => ReportEntry | undefined;

/** Reads the files of a report, and remembers what it read for as long as the notebook's file does not change. */
function readOnce(): Read {
  const known = new Map<string, { changed: number; entry: ReportEntry }>();
  return (folder, name) => {
    const place = path.join(folder, name);
    const changed = fs.statSync(`${place}.ipynb`, { throwIfNoEntry: false })?.mtimeMs;
    if (changed === undefined || !fs.existsSync(`${place}.html`)) return undefined;
    const found = known.get(place);
    if (found?.changed === changed) return found.entry;
    const picture = fs.existsSync(`${place}.png`) && fs.readFileSync(`${place}.png`).toString("base64");
    const thumbnail = picture ? `data:image/png;base64,${picture}` : undefined;
    const entry = { ...readExecutedNotebook(`${place}.ipynb`), html: `${name}.html`, thumbnail };
    known.set(place, { changed, entry });
    return entry;
  };
}

function entriesOf(folder: string, pending: readonly PendingNotebook[], read: Read): IndexEntry[] {
  const there = fs
    .readdirSync(folder)
    .filter((file) => file.endsWith(".ipynb") && !file.startsWith("."))
    .map((file) => file.slice(0, -".ipynb".length).replace(new RegExp(`\\${failedSuffix}$`), ""))
    .sort();
  const names = new Set([...pending.map(({ name }) => name), ...there]);
  return [...names].flatMap((name) => {
    const awaited = pending.find((notebook) => notebook.name === name);
    const [report, failed] = [read(folder, name), read(folder, `${name}${failedSuffix}`)];
    if (!awaited && !report && !failed) return [];
    const passed = report?.outcome?.passed !== false;
    const state = awaited?.state ?? (failed || !passed ? "failed" : "ready");
    const title = report?.title ?? failed?.title ?? awaited?.title ?? name;
    return [{ name, title, state, report, failed, pending: awaited }];
  });
}

interface MachineReport {
  html: string;
  preset?: string;
  seed?: string;
  dataSource?: string;
  dataIsSynthetic?: boolean;
  startedAt?: string;
  wallTimeSeconds?: number;
  claims: NonNullable<ExecutedNotebook["claims"]>;
  error?: RunError;
}

/** The content of index.json. */
function forMachines(entries: readonly IndexEntry[]) {
  const facts = ({ html, outcome, run, claims = [] }: ReportEntry): MachineReport => ({
    html,
    preset: run?.preset,
    seed: run?.seed,
    dataSource: run?.dataSource,
    dataIsSynthetic: run?.dataIsSynthetic,
    startedAt: outcome?.startedAt,
    wallTimeSeconds: outcome?.wallTimeSeconds,
    claims,
    error: outcome?.error,
  });
  return {
    schema: 1,
    writtenAt: new Date().toISOString(),
    reports: entries.map(({ name, title, state, report, failed, pending }) => ({
      notebook: name,
      title,
      state,
      report: report && facts(report),
      failed: failed && facts(failed),
      running:
        pending?.state === "running"
          ? { cell: pending.cell, cells: pending.cells, soFar: pending.soFar }
          : undefined,
    })),
  };
}
