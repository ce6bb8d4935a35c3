// Inputs that both sides of a benchmark read: made from a seed, written once as .npy, kept from run to run.
import { existsSync } from "node:fs";
import path from "node:path";
import { stateFolder } from "../environment/paths.mjs";
import { type WritableArray, writeNpy } from "../io";

/** Where benchmarks keep inputs and put what they write. */
export const benchFolder = path.join(stateFolder, "bench");

/**
 * @param name says all that the content depends on, such as "scores-1e6-seed-1"
 * @param make called where the file is not there yet
 * @returns the file's path
 */
export function sharedInput(name: string, make: () => WritableArray): string {
  const file = path.join(benchFolder, `${name}.npy`);
  if (!existsSync(file)) writeNpy(file, make());
  return file;
}
