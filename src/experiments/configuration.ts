// One configuration for each experiment: a zod schema with a preset for each amount of time one has. Values come, later over
// earlier, from the schema's defaults, the preset, the notebook's parameters cell, and the overrides of a headless run
// (`--set key=value`, handed to the kernel in the environment variable DOLAB_PARAMETERS as JSON).
import type { z } from "zod";
import { nearest } from "../io/nearest-name";

export const presetNames = ["smoke", "quick", "standard", "paper"] as const;
export type PresetName = (typeof presetNames)[number];

export interface Resolved<Configuration> {
  configuration: Configuration;
  /** What a headless run set over what the notebook says. */
  overrides: Record<string, unknown>;
}

/** What an experiment's configuration is made of. */
export interface ConfigurationSource<Shape extends z.ZodRawShape> {
  /** The experiment's name, for messages. */
  name: string;
  /** All fields, each with a description; `preset` among them. */
  schema: z.ZodObject<Shape>;
  /** What each preset changes. */
  presets: Record<PresetName, Record<string, unknown>>;
}

/**
 * Puts a configuration together and checks it.
 *
 * @param source the experiment's schema and presets, such as its declaration
 * @param given the parameters as the notebook or caller states them; the preset is "quick" where they name none
 * @param overrides values that win over `given`
 * @returns the whole configuration and what was overridden
 * @throws {RangeError} naming every key that is unknown (with the nearest valid key) or out of range
 * @example
 * import { experimentNamed, resolveConfiguration } from "dolab";
 * const { configuration } = resolveConfiguration(experimentNamed("two-by-two"), { preset: "smoke", seed: 3 });
 * configuration.samples; // => 256
 * configuration.seed; // => 3
 */
export function resolveConfiguration<Shape extends z.ZodRawShape>(
  { name, schema, presets }: ConfigurationSource<Shape>,
  given: Record<string, unknown>,
  overrides: Record<string, unknown> = {},
): Resolved<z.infer<z.ZodObject<Shape>>> {
  const stated = { ...given, ...overrides };
  const keys = Object.keys(schema.shape);
  const unknown = Object.keys(stated).filter((key) => !keys.includes(key));
  if (unknown.length > 0) {
    const hints = unknown.map((key) => `"${key}" (nearest: "${nearest(key, keys)}")`);
    throw new RangeError(
      `Cannot configure ${name} as it has no such key: got ${hints.join(", ")}; keys: ${keys.join(", ")}`,
    );
  }
  const preset = stated.preset ?? "quick";
  if (!presetNames.includes(preset as PresetName)) {
    const names = presetNames.join(", ");
    throw new RangeError(
      `Cannot configure ${name} as preset must be one of ${names}: got ${JSON.stringify(preset)}`,
    );
  }
  const result = schema.safeParse({ ...presets[preset as PresetName], ...stated, preset });
  if (!result.success) {
    const problems = result.error.issues.map((issue) => {
      const key = issue.path.join(".");
      const choices =
        issue.code === "invalid_union"
          ? issue.errors.flat().map(({ message }) => message.replace(/^Invalid input: /, ""))
          : [];
      return `${key} = ${JSON.stringify(stated[key])} (${choices.length > 0 ? choices.join(" or ") : issue.message})`;
    });
    throw new RangeError(`Cannot configure ${name} as these values are out of range: ${problems.join("; ")}`);
  }
  return { configuration: result.data, overrides };
}

/**
 * Reads the overrides of a headless run.
 *
 * @returns an empty object outside of one
 * @throws {SyntaxError} where DOLAB_PARAMETERS is not a JSON object
 */
export function environmentOverrides(): Record<string, unknown> {
  const text = process.env.DOLAB_PARAMETERS;
  if (!text) return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw new SyntaxError(`Cannot read DOLAB_PARAMETERS as it must hold a JSON object: got ${text}`);
  }
  return value as Record<string, unknown>;
}

/**
 * Reads `key=value` pairs; a value that is JSON (a number, true, null, a list) is taken as such, any other as text.
 *
 * @param pairs each as the command line has it after `--set`
 * @throws {SyntaxError} for a pair without a key or "=", or a key that is set twice
 * @example
 * import { parseAssignments } from "dolab";
 * parseAssignments(["samples=512", "data=synthetic"]); // => { samples: 512, data: "synthetic" }
 */
export function parseAssignments(pairs: readonly string[]): Record<string, unknown> {
  const seen = new Map<string, string>();
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, key, value] = /^([A-Za-z][\w.]*)=(.*)$/s.exec(pair) ?? [];
      if (!key) throw new SyntaxError(`Cannot set a parameter as it must read key=value: got "${pair}"`);
      const earlier = seen.get(key);
      if (earlier !== undefined)
        throw new SyntaxError(`Cannot set "${key}" twice: got "${earlier}" and "${pair}"`);
      seen.set(key, pair);
      try {
        return [key, JSON.parse(value)];
      } catch {
        return [key, value];
      }
    }),
  );
}
