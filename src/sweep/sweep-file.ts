// A sweep file: one experiment over many configurations, in YAML under version control.
//
//   experiment: boolean-world        # a name of dolab's, or a file that declares one (./darts.ts)
//   preset: standard
//   grid:                            # a list of values a parameter; every combination is a point
//     layers: [2, 4]
//     seed: [0, 1, 2]
//   rows:                            # or points one by one; with a grid, each row with each point of it
//     - { width: 64, heads: 2 }
//     - { width: 128, heads: 4 }
//   resources: { cores: 1, memory: 4, gpu: 0, minutes: 30 }   # of one unit; memory in GB
//   track: mlflow                    # at MLFLOW_TRACKING_URI or results/mlflow: the sweep is the parent of its units' runs
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, extname, resolve } from "node:path";
import { z } from "zod";
import { presetNames } from "../experiments/configuration";
import { experimentNamed, isFile } from "../experiments/registry";
import { nearest } from "../io/nearest-name";
import { isPlainObject, type PlainObject } from "../io/plain-data";

const resources = z.strictObject({
  cores: z.int().min(1).max(1024).default(1).describe("cores of a unit, and threads of its process"),
  memory: z.number().gt(0).max(4096).default(4).describe("GB of a unit"),
  gpu: z.int().min(0).max(64).default(0).describe("GPUs of a unit"),
  minutes: z.int().min(1).max(43_200).default(60).describe("most minutes of a unit, for Slurm's limit"),
});

const parameters = z.record(z.string(), z.unknown());

const schema = z.strictObject({
  experiment: z.string().min(1).describe("its name, or the path of a file that declares it, from here"),
  preset: z.enum(presetNames).default("quick").describe("what grid and rows leave open"),
  grid: z.record(z.string(), z.array(z.unknown())).default({}).describe("a list of values a parameter"),
  rows: z.array(parameters).min(1).default([{}]).describe("points one by one"),
  resources: resources.default(resources.parse({})),
  track: z.enum(["none", "mlflow"]).default("none").describe("where units are logged beside their folders"),
});

export type Resources = z.infer<typeof resources>;

/** What a sweep file says. */
export interface Sweep extends z.infer<typeof schema> {
  /** The file's name without its ending. */
  name: string;
}

/**
 * Reads a sweep file.
 *
 * @param path the file
 * @param overrides keys that win over the file's, such as `preset`
 * @throws {RangeError} naming every key that is unknown, with the nearest, or out of range, and an unknown experiment
 * @throws {SyntaxError} where it is no YAML
 * @example
 * import { readSweepFile } from "dolab";
 * const { experiment, preset } = await readSweepFile("data/sweeps/w2-ten-seeds.yaml", { preset: "smoke" });
 * [experiment, preset]; // => ["w2", "smoke"]
 */
export async function readSweepFile(path: string, overrides: Partial<Sweep> = {}): Promise<Sweep> {
  if (!existsSync(path)) throw new RangeError(`Cannot read sweep ${path} as there is no such file`);
  const { parse } = await import("yaml"); // no other command needs it
  let content: unknown;
  try {
    content = parse(readFileSync(path, "utf8"), { maxAliasCount: 100 });
  } catch (error) {
    throw new SyntaxError(`Cannot read ${path} as YAML: ${(error as Error).message}`, { cause: error });
  }
  if (!isPlainObject(content))
    throw new SyntaxError(`Cannot read sweep ${path} as it must hold keys: ${keysOf(schema).join(", ")}`);
  const sweep = checkedSweep({ ...content, ...overrides }, path);
  const experiment = isFile(sweep.experiment) ? resolve(dirname(path), sweep.experiment) : sweep.experiment;
  experimentNamed(experiment);
  return { ...sweep, experiment, name: basename(path, extname(path)) };
}

/** @throws {RangeError} as `readSweepFile` does */
function checkedSweep(content: PlainObject, path: string): z.infer<typeof schema> {
  const unknown = [
    ...unknownKeys(content, keysOf(schema), ""),
    ...(isPlainObject(content.resources)
      ? unknownKeys(content.resources, keysOf(resources), "resources.")
      : []),
  ];
  if (unknown.length > 0)
    throw new RangeError(`Cannot read sweep ${path} as it has no such key: got ${unknown.join(", ")}`);
  const result = schema.safeParse(content);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path: keys, message }) => {
    const value = keys.reduce<unknown>((inner, key) => (inner as PlainObject)?.[String(key)], content);
    const hint = keys[0] === "grid" && keys.length === 2 ? `: write [${JSON.stringify(value)}]` : "";
    return `${keys.join(".")} = ${JSON.stringify(value)} (${message}${hint})`;
  });
  throw new RangeError(`Cannot read sweep ${path} as these values are out of range: ${problems.join("; ")}`);
}

const keysOf = ({ shape }: { shape: object }) => Object.keys(shape);

const unknownKeys = (content: PlainObject, known: readonly string[], above: string) =>
  Object.keys(content)
    .filter((key) => !known.includes(key))
    .map((key) => `"${above}${key}" (nearest: "${above}${nearest(key, known)}")`);
