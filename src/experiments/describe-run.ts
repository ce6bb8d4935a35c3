// What a reader must know of a run before its numbers: preset, seed, parameters, what was overridden, data, device.
// The notebook shows it at its top and carries it into the report (src/notebook/provenance.ts).
import { startBackend } from "../tensor";
import type { PresetName, Resolved } from "./configuration";

export interface RunDescription {
  title: string;
  preset: PresetName;
  seed: number;
  parameters: object;
  overrides: Record<string, unknown>;
  dataSource: string;
  dataIsSynthetic: boolean;
  backend: string;
  device: string;
}

/**
 * Describes a run; this starts the tensor backend, which it names.
 *
 * @param title the run's title
 * @param resolved its configuration, and what a headless run set over it
 * @param data where its data come from, and whether a generator made them
 */
export async function describeRun(
  title: string,
  { configuration, overrides }: Resolved<{ preset: PresetName; seed: number }>,
  { dataSource, synthetic }: { dataSource: string; synthetic: boolean },
): Promise<RunDescription> {
  const backend = await startBackend();
  return {
    title,
    preset: configuration.preset,
    seed: configuration.seed,
    parameters: configuration,
    overrides,
    dataSource,
    dataIsSynthetic: synthetic,
    backend: backend.title,
    device: backend.device,
  };
}
