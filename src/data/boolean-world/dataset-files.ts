// A boolean world's dataset in a folder: train.jsonl, valid.jsonl and test.jsonl in source document 003's bytes, and
// world.json, ours: the rules and the held-out states. All are written together or none is.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { formatJson, readJson } from "../../io";
import { lockFolder } from "../../io/folder-lock";
import { isPlainObject } from "../../io/plain-data";
import { removeAbandonedFiles } from "../../io/write-atomically";
import { finishGroup, writeTogether } from "../../io/write-together";
import { formatExample, type WorldExample } from "./answer";
import { type WorldDataset, type WorldPart, worldParts } from "./generate-dataset";
import { parseRules } from "./parse-rules";
import type { BooleanRules, State } from "./rules";
import { formatState, parseState } from "./states";

/** Rules and the held-out states, which a dataset of them lacks. */
export interface HeldOut {
  rules: BooleanRules;
  excluded: readonly State[];
}

export const worldFile = "world.json";

/**
 * Writes a dataset; the same one is written again without a word.
 *
 * @param dataset what `generateWorldDataset` gives
 * @param held the rules and the held-out states
 * @param folder is made where there is none
 * @param options.replace whether a dataset of other content there may be replaced
 * @returns the files' paths
 * @throws {RangeError} where the folder holds another dataset, which stays
 * @example
 * import { mkdtempSync, rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { documentRules, generateWorldDataset, writeWorldDataset } from "dolab";
 * const folder = mkdtempSync(join(tmpdir(), "world-"));
 * const dataset = generateWorldDataset(documentRules, { sizes: { train: 3, valid: 1, test: 1 } });
 * const files = writeWorldDataset(folder, dataset, { rules: documentRules, excluded: [] });
 * files.length; // => 4
 * rmSync(folder, { recursive: true });
 */
export function writeWorldDataset(
  folder: string,
  dataset: WorldDataset,
  held: HeldOut,
  { replace = false }: { replace?: boolean } = {},
): string[] {
  const parts = worldParts.map((part) => ({
    name: `${part}.jsonl`,
    content: dataset[part].map(formatExample).join(""),
  }));
  const files = [...parts, { name: worldFile, content: formatWorld(held) }];
  const lock = lockFolder(folder);
  try {
    finishGroup(folder);
    removeAbandonedFiles(folder, lock.lapsed);
    const others = files.filter(({ name, content }) => {
      const file = join(folder, name);
      return existsSync(file) && readFileSync(file, "utf8") !== content;
    });
    if (others.length > 0 && !replace) {
      const names = others.map(({ name }) => name).join(", ");
      throw new RangeError(
        `Cannot write a dataset to ${folder} as it must not hold another one: got other content in ${names}; choose another folder (--dataset), or replace them (--replace)`,
      );
    }
    writeTogether(folder, files);
  } finally {
    lock.release();
  }
  return files.map(({ name }) => join(folder, name));
}

/**
 * Returns the text of world.json, the file that says which rules and held-out states a dataset has.
 *
 * @param held the rules and the held-out states
 * @example
 * import { formatWorld, parseRules } from "dolab";
 * JSON.parse(formatWorld({ rules: parseRules("newA = A"), excluded: [[1]] })); // => { rules: "newA = A", excluded: ["1"] }
 */
export const formatWorld = ({ rules, excluded }: HeldOut): string =>
  `${formatJson({ rules: rules.text, excluded: excluded.map(formatState) })}\n`;

/**
 * Reads the rules and held-out states of a dataset or saved model.
 *
 * @param folder the folder of a dataset or of a saved model
 * @returns undefined where the folder has no world.json
 * @throws {SyntaxError} where it has another form; {RangeError} where a state does not fit the rules
 * @example
 * import { mkdtempSync, rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { documentRules, generateWorldDataset, readWorld, writeWorldDataset } from "dolab";
 * const folder = mkdtempSync(join(tmpdir(), "world-"));
 * const dataset = generateWorldDataset(documentRules, { sizes: { train: 3, valid: 1, test: 1 } });
 * const files = writeWorldDataset(folder, dataset, { rules: documentRules, excluded: [] });
 * readWorld(folder)!.rules.inputs; // => ["A", "B", "C", "D", "E"]
 * rmSync(folder, { recursive: true });
 */
export function readWorld(folder: string): HeldOut | undefined {
  const file = join(folder, worldFile);
  if (!existsSync(file)) return undefined;
  const world = readJson(file);
  const isText = (value: unknown): value is string => typeof value === "string";
  if (
    !isPlainObject(world) ||
    !isText(world.rules) ||
    !Array.isArray(world.excluded) ||
    !world.excluded.every(isText)
  )
    throw new SyntaxError(`Cannot read ${file} as it must hold rules (text) and excluded (a list of states)`);
  const rules = parseRules(world.rules, { source: `the rules in ${file}` });
  return { rules, excluded: world.excluded.map((text) => parseState(rules, text)) };
}

/**
 * Reads one part of a dataset, ours or the document's.
 *
 * @param folder the dataset's
 * @param part "train", "valid" or "test"
 * @throws {RangeError} where there is no such file or it holds no example; {SyntaxError} naming the line that is none
 * @example
 * import { mkdtempSync, rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { documentRules, generateWorldDataset, readWorldExamples, writeWorldDataset } from "dolab";
 * const folder = mkdtempSync(join(tmpdir(), "world-"));
 * const dataset = generateWorldDataset(documentRules, { sizes: { train: 3, valid: 1, test: 1 } });
 * const files = writeWorldDataset(folder, dataset, { rules: documentRules, excluded: [] });
 * readWorldExamples(folder, "train").length; // => 3
 * rmSync(folder, { recursive: true });
 */
export function readWorldExamples(folder: string, part: WorldPart): WorldExample[] {
  const file = join(folder, `${part}.jsonl`);
  finishGroup(folder);
  if (!existsSync(file))
    throw new RangeError(
      `Cannot read ${file} as there is none: generate a dataset first (dolab boolean --generate)`,
    );
  const lines = readFileSync(file, "utf8").split("\n");
  const examples = lines.flatMap((line, index) =>
    line.trim() === "" ? [] : [parseExample(line, file, index + 1)],
  );
  if (examples.length === 0)
    throw new RangeError(`Cannot read ${file} as it must hold an example a line: got none; generate it anew`);
  return examples;
}

function parseExample(line: string, file: string, number: number): WorldExample {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    value = undefined;
  }
  if (isPlainObject(value) && typeof value.prompt === "string" && typeof value.completion === "string")
    return { prompt: value.prompt, completion: value.completion };
  const rule = "each line must hold prompt and completion as JSON text";
  throw new SyntaxError(
    `Cannot read line ${number} of ${file} as ${rule}: got ${JSON.stringify(line.slice(0, 80))}`,
  );
}
