// The head of a W2 run: what notebook, report and index say of it before its numbers.
import type { PlainObject } from "../../io";
import type { Resolved } from "../configuration";
import { describeRun, type RunDescription } from "../describe-run";
import type { W2Configuration } from "./configuration";
import type { RunData } from "./run-data";

/** Describes a run for `announceRun`: that of saved results as they were made. */
export async function describe(
  { configuration, overrides }: Resolved<W2Configuration>,
  data: RunData,
): Promise<Omit<RunDescription, "seed"> & { seed: number[] }> {
  const shown = data.saved ? { ...configuration, ...data.saved.configuration } : configuration;
  const described = await describeRun(
    "W2: causal intervention on training",
    { configuration: shown, overrides },
    data,
  );
  const seed = Array.from({ length: shown.seeds }, (_, i) => shown.seed + i);
  return { ...described, ...madeBy(data.saved?.environment), seed };
}

/** Saved results bear the backend and device that computed them. */
const madeBy = ({ backend, device }: PlainObject = {}) =>
  typeof backend === "string" && typeof device === "string" ? { backend, device } : {};
