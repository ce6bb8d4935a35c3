// How a sweep is tracked (`track: mlflow`): the sweep is a run of MLflow, and each unit one below it. Units keep what they have
// to say in journals beside their rows, on whatever machine; who runs or collects the sweep sends it.
import { canSend } from "../experiments/track-run";
import { createTracker, describeTracking, readTrackedFolder, type TrackingEnd } from "../tracking";
import type { Sweep } from "./sweep-file";
import { pointFolder } from "./sweep-folder";
import type { SweepPlan } from "./sweep-points";

export interface SweepTracking {
  /** Sends what is left. */
  end(status: "FINISHED" | "FAILED" | "KILLED", options?: { patience?: number }): Promise<TrackingEnd>;
}

/**
 * Begins to track a sweep, or goes on with it, where its file says so; its points are told whose parts they are.
 *
 * @param folder the sweep's, which holds it
 */
export async function trackSweep(
  folder: string,
  { track, name, preset, grid, rows }: Sweep,
  { experiment, points }: SweepPlan,
  { isSent = true }: { isSent?: boolean } = {},
): Promise<SweepTracking | undefined> {
  if (track !== "mlflow") return undefined;
  const folders = points.map((point) => pointFolder(folder, point));
  const sends = isSent && (await canSend(readTrackedFolder(folder)?.store));
  const tracker = createTracker({ folder, experiment: experiment.name, sends, folders: () => folders });
  const { store } = readTrackedFolder(folder) as NonNullable<ReturnType<typeof readTrackedFolder>>;
  for (const place of folders)
    describeTracking(place, { experiment: experiment.name, parent: tracker.id, store });
  const run = tracker.run({ title: name, parameters: { preset, grid, rows }, tags: { "dolab.sweep": name } });
  return {
    async end(status, options) {
      run.end(status);
      return tracker.close(options);
    },
  };
}
