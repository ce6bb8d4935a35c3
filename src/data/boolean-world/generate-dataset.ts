// Datasets of a boolean world as source document 003 makes them: states drawn uniformly, with those that are held-out
// never among them. Each part has a stream of its own, so that the size of one does not change another.
import { requireKnownOptions } from "../../io/known-options";
import { createRandom } from "../../random";
import { type WorldExample, worldExample } from "./answer";
import type { BooleanRules, State } from "./rules";
import { allStates, formatState, parseState } from "./states";

export const worldParts = ["train", "valid", "test"] as const;
export type WorldPart = (typeof worldParts)[number];

export interface WorldDatasetOptions {
  /** States that no part holds. */
  excluded?: readonly State[];
  seed?: number;
  /** Examples of each part: by default the document's 20,000, 2,000 and 2,000. */
  sizes?: Readonly<Record<WorldPart, number>>;
}

export type WorldDataset = Readonly<Record<WorldPart, WorldExample[]>>;

export const documentSizes = { train: 20_000, valid: 2_000, test: 2_000 } as const;

/**
 * Draws a dataset.
 *
 * @param rules the world
 * @param options which states are held-out, the seed, and how many examples each part has
 * @throws {RangeError} where no state is left, a size is no whole number from 1, or a state does not fit the rules
 * @example
 * import { documentRules, generateWorldDataset } from "dolab";
 * const { train } = generateWorldDataset(documentRules, { excluded: [[1, 0, 1, 0, 1]], seed: 1 });
 * train.length; // => 20000
 * train.some(({ prompt }) => prompt === "1,0,1,0,1"); // => false
 */
export function generateWorldDataset(rules: BooleanRules, options: WorldDatasetOptions = {}): WorldDataset {
  requireKnownOptions("generate a dataset", options, ["excluded", "seed", "sizes"]);
  const { excluded = [], seed = 0, sizes = documentSizes } = options;
  const held = new Set(excluded.map((state) => worldExample(rules, state).prompt)); // checks the states
  const kept = allStates(rules).filter((state) => !held.has(formatState(state)));
  if (kept.length === 0)
    throw new RangeError(`Cannot generate a dataset as a state must be left: got all ${held.size} excluded`);
  const examples = kept.map((state) => worldExample(rules, state));
  const rng = createRandom(seed).split("boolean world");
  const draw = (part: WorldPart) => {
    const size = sizes[part];
    if (!Number.isInteger(size) || size < 1)
      throw new RangeError(`Cannot generate a dataset as ${part} must hold 1 or more examples: got ${size}`);
    const stream = rng.split(part);
    return Array.from({ length: size }, () => examples[stream.integer(0, examples.length)]);
  };
  return { train: draw("train"), valid: draw("valid"), test: draw("test") };
}

/**
 * Lists the states that no example shows.
 *
 * @param rules the world
 * @param examples examples of it
 * @throws {RangeError} where a prompt is no state of the rules
 * @example
 * import { absentStates, parseRules } from "dolab";
 * const rules = parseRules("newA = A");
 * absentStates(rules, [{ prompt: "1", completion: "\n1\n" }]); // => [[0]]
 */
export function absentStates(rules: BooleanRules, examples: Iterable<WorldExample>): State[] {
  const prompts = new Set<string>();
  for (const { prompt } of examples) prompts.add(prompt);
  const shown = new Set(Array.from(prompts, (prompt) => formatState(parseState(rules, prompt))));
  return allStates(rules).filter((state) => !shown.has(formatState(state)));
}
