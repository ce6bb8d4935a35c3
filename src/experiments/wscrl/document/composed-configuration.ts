// Configurations as Hydra composes them, in the words of source document 004: a file names one option of each group, the
// command line chooses others (`training=scaling_fast`) and sets single keys (`data.dim_z=3`), `${a.b}` stands for another
// key's value, and `???` for one that must be given. Unlike in Hydra, groups do not nest, and no key can be added.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { parse as parseYaml } from "yaml";
import { inProject } from "../../../environment/paths.mjs";
import { nearest } from "../../../io/nearest-name";
import { isPlainObject, type PlainObject } from "../../../io/plain-data";

/** Where the files are: NAME.yaml, and GROUP/OPTION.yaml. */
export const configurationFolder = inProject("src", "experiments", "wscrl", "config");

const REQUIRED = "???";

/**
 * Composes a configuration.
 *
 * @param name of the file, without .yaml
 * @param overrides `group=option` and `key.of.some.depth=value`, values as YAML writes them
 * @param folder where the files are
 * @returns groups by name, all references resolved
 * @throws {RangeError} for an unknown file, group, option or key, with the nearest; for a key that must be given; for
 *   references that lead in a circle, or values of another type than the file's
 * @throws {SyntaxError} for files that are no such configuration, and words without "="
 */
export async function composeConfiguration(
  name: string,
  overrides: readonly string[],
  folder = configurationFolder,
): Promise<Record<string, PlainObject>> {
  const { parse } = await import("yaml"); // no other command needs it
  const { defaults, ...own } = readYaml(parse, folder, name, "configuration");
  const choices = new Map(
    readDefaults(name, defaults).map(([group, option]) => [group, option] as [string, string]),
  );
  const words = overrides.map((word): [string, string] => {
    const at = word.indexOf("=");
    if (at <= 0)
      throw new SyntaxError(`Cannot configure ${name} as an override must read key=value: got "${word}"`);
    return [word.slice(0, at), word.slice(at + 1)];
  });
  for (const [key, value] of words) if (choices.has(key)) choices.set(key, value);
  const groups: PlainObject = {};
  for (const [group, option] of choices) groups[group] = readYaml(parse, join(folder, group), option, group);
  for (const [group, values] of Object.entries(own)) setAt(groups, group, values, name);
  for (const [key, text] of words)
    if (!choices.has(key)) setAt(groups, key, parseValue(parse, key, text), name);
  return resolveReferences(groups, name) as Record<string, PlainObject>;
}

function readYaml(parse: typeof parseYaml, folder: string, name: string, what: string): PlainObject {
  const file = join(folder, `${name}.yaml`);
  if (!/^\w+$/.test(name) || !existsSync(file)) {
    const names = readdirSync(folder)
      .filter((entry) => entry.endsWith(".yaml"))
      .map((entry) => entry.replace(".yaml", ""));
    const hint = `did you mean "${nearest(name, names)}"? (${names.join(", ")})`;
    throw new RangeError(`Cannot configure wscrl as there is no ${what} "${name}": ${hint}`);
  }
  let content: unknown;
  try {
    content = parse(readFileSync(file, "utf8"), { maxAliasCount: 0 });
  } catch (error) {
    throw new SyntaxError(`Cannot read ${file} as it must be YAML: ${(error as Error).message}`);
  }
  if (!isPlainObject(content))
    throw new SyntaxError(`Cannot read ${file} as it must hold keys: got ${content}`);
  return content as PlainObject;
}

/** The configuration as YAML. */
export async function configurationText(groups: Record<string, PlainObject>): Promise<string> {
  const { stringify } = await import("yaml");
  return stringify(groups);
}

function readDefaults(name: string, defaults: unknown): [string, string][] {
  if (!Array.isArray(defaults) || !defaults.every(isPlainObject))
    throw new SyntaxError(`Cannot configure ${name} as its defaults must be a list of "group: option"`);
  return defaults.flatMap((one) => Object.entries(one as Record<string, string>));
}

function parseValue(parse: typeof parseYaml, key: string, text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0 });
  } catch {
    throw new SyntaxError(`Cannot set ${key} as its value must be YAML: got "${text}"`);
  }
}

/** Puts a value in the place of one that is there, a whole group key by key. */
function setAt(groups: PlainObject, key: string, value: unknown, name: string): void {
  const parts = key.split(".");
  let place: PlainObject = groups;
  for (const [depth, part] of parts.entries()) {
    const here = parts.slice(0, depth).join(".");
    if (!isPlainObject(place) || !Object.hasOwn(place, part)) {
      const all = leaves(groups);
      throw new RangeError(
        `Cannot configure ${name} as it has no key "${key}"${here ? ` under ${here}` : ""}: did you mean "${nearest(key, all)}"?`,
      );
    }
    if (depth < parts.length - 1) place = place[part] as PlainObject;
  }
  const last = parts[parts.length - 1];
  const before = place[last];
  if (isPlainObject(before)) {
    if (!isPlainObject(value))
      throw new RangeError(`Cannot set ${key} as it holds keys of its own: got ${JSON.stringify(value)}`);
    for (const [inner, innerValue] of Object.entries(value))
      setAt(groups, `${key}.${inner}`, innerValue, name);
    return;
  }
  if (typeof before === "number" && typeof value !== "number")
    throw new RangeError(`Cannot set ${key} as it must be a number: got ${JSON.stringify(value)}`);
  place[last] = value as PlainObject[string];
}

/** All keys, as the command line writes them. */
const leaves = (value: PlainObject, prefix = ""): string[] =>
  Object.entries(value).flatMap(([key, inner]) =>
    isPlainObject(inner) ? leaves(inner as PlainObject, `${prefix}${key}.`) : [`${prefix}${key}`],
  );

function resolveReferences(groups: PlainObject, name: string): PlainObject {
  const at = (key: string, asking: readonly string[]): unknown => {
    if (asking.includes(key))
      throw new RangeError(
        `Cannot configure ${name} as references lead in a circle: ${[...asking, key].join(" -> ")}`,
      );
    let value: unknown = groups;
    for (const part of key.split(".")) {
      if (!isPlainObject(value) || !Object.hasOwn(value, part))
        throw new RangeError(
          `Cannot configure ${name} as "\${${key}}" must be a key: did you mean "${nearest(key, leaves(groups))}"?`,
        );
      value = value[part];
    }
    return resolved(value, key, [...asking, key]);
  };
  const resolved = (value: unknown, key: string, asking: readonly string[]): unknown => {
    if (value === REQUIRED)
      throw new RangeError(`Cannot configure ${name} as ${key} must be given: add ${key}=... to the command`);
    if (isPlainObject(value))
      return Object.fromEntries(
        Object.entries(value).map(([inner, innerValue]) => [
          inner,
          resolved(innerValue, dotted(key, inner), asking),
        ]),
      );
    if (typeof value !== "string") return value;
    const whole = /^\$\{([\w.]+)\}$/.exec(value);
    if (whole) return at(whole[1], asking);
    return value.replace(/\$\{([\w.]+)\}/g, (_, inner: string) => String(at(inner, asking)));
  };
  return resolved(groups, "", []) as PlainObject;
}

const dotted = (key: string, inner: string) => (key ? `${key}.${inner}` : inner);
