// dolab mlflow: MLflow's page on tracked runs, and the sending of what a run could not send.
import { existsSync } from "node:fs";
import process from "node:process";
import type { Command } from "commander";
import { trackingLine } from "../experiments/track-run";
import { readTrackedFolder, storeAt, syncTracking, type TrackingTarget, trackingTarget } from "../tracking";
import { openMlflowServer } from "../tracking/mlflow-server";
import { openBrowser, serveUntilInterrupted } from "./serve-until-interrupted";

interface PageFlags {
  database?: string;
  port: string;
  open: boolean;
}

export function addMlflow(program: Command) {
  const mlflow = program
    .command("mlflow")
    .description("show tracked runs on MLflow's own page (its server is installed when first needed, 850 MB)")
    .argument(
      "[folder]",
      "a tracked run's folder, to show where it was tracked to; by default results/mlflow",
    )
    .option("--database <file>", "a SQLite file of runs, such as the document's general.mlflow.db")
    .option("--port <n>", "0 takes a free one", "0")
    .option("--no-open", "do not open a browser")
    .action(show);
  mlflow
    .command("sync")
    .description(
      "send what runs have kept in their folders: as MLFLOW_TRACKING_URI says, or to their own database",
    )
    .argument("<folder...>", "folders of tracked runs")
    .action(sync);
}

async function show(folder: string | undefined, { database, ...flags }: PageFlags): Promise<void> {
  const target = targetOf(folder, database);
  if ("server" in target) {
    console.log(target.server);
    if (flags.open) openBrowser(target.server);
    return;
  }
  const { store } = target;
  if ((folder ?? database) !== undefined && !existsSync(store.database))
    throw new RangeError(
      `Cannot show ${store.database} as there is no such file: nothing was sent to it yet${folder ? ` ("dolab mlflow sync ${folder}")` : ""}`,
    );
  await serveUntilInterrupted("MLflow", flags, async ({ port }) => {
    const { uri, close } = await openMlflowServer(store, { port: port === 0 ? undefined : port });
    const staying = setInterval(() => undefined, 1 << 30); // the server itself keeps no process alive
    return {
      url: uri,
      close() {
        clearInterval(staying);
        return close();
      },
    };
  });
}

function targetOf(folder: string | undefined, database: string | undefined): TrackingTarget {
  if (database !== undefined) return { store: storeAt(database) };
  if (folder === undefined) return trackingTarget();
  return trackingTarget(aboutOf(folder).store);
}

function aboutOf(folder: string) {
  const about = readTrackedFolder(folder);
  if (about) return about;
  throw new RangeError(
    `Cannot find tracked runs in "${folder}" as it has no tracking/about.json: name a run's folder`,
  );
}

async function sync(folders: readonly string[]): Promise<void> {
  const abouts = folders.map((folder) => ({ folder, about: aboutOf(folder) })); // all are checked before anything is sent
  for (const { folder, about } of abouts) {
    const end = await syncTracking(folder, about);
    console.log(trackingLine(end, folder));
    if (end.waiting > 0) process.exitCode = 1;
  }
}
