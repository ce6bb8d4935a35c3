// Where a run is kept that names no folder: results/EXPERIMENT/PART-DIGEST, so that the same settings find it again.
import { createHash } from "node:crypto";
import { inProject } from "../environment/paths.mjs";

/**
 * @param experiment its folder under results
 * @param part what leads the folder's name, such as a preset
 * @param settings what decides the results, as plain data
 */
export function resultsFolder(experiment: string, part: string, settings: object): string {
  const digest = createHash("sha256").update(JSON.stringify(settings)).digest("hex").slice(0, 8);
  return inProject("results", experiment, `${part}-${digest}`);
}
