// The group `general` of the document's configurations: where a run goes, its seed, and how MLflow has it.
import { resolve } from "node:path";
import { z } from "zod";
import type { PlainObject } from "../../../io/plain-data";
import type { TrackingOptions } from "../../track-run";

export const generalWords = z.strictObject({
  exp_name: z.coerce.string(),
  base_dir: z.string(),
  exp_dir: z.string(),
  mlflow: z.strictObject({ db: z.string(), artifacts: z.string() }),
  seed: z.int(),
});

/** How MLflow has a run: the document's own names, its parameters with dots between their parts, and `general.mlflow`. */
export function documentTracking(
  { exp_name: experiment, mlflow }: z.infer<typeof generalWords>,
  groups: Record<string, PlainObject>,
): TrackingOptions & Required<Pick<TrackingOptions, "experiment" | "title" | "store">> {
  const store = { database: resolve(mlflow.db), artefacts: resolve(mlflow.artifacts) };
  return { experiment, title: experiment, parameters: groups, store };
}
