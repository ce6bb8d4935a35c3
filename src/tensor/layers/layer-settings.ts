// Checks the sizes, options and arguments of every layer, so that a mistake is told in the layer's own words.
import { requireKnownOptions } from "../../io/known-options";
import { requireRandom } from "../../random/require-random";
import { isTensor, valueInWords } from "../is-tensor";

/**
 * Refuses sizes that are no whole numbers above 0, unknown options, and a missing generator.
 *
 * @param layer its name with an article, such as "a dense layer"
 * @param sizes by name
 * @param options what the caller has given, where the layer has options
 * @param known the names of all options; where "rng" is among them, it must be there
 */
export function requireLayer(
  layer: string,
  sizes: Readonly<Record<string, number>>,
  options: unknown = {},
  known: readonly string[] = [],
): void {
  for (const [name, size] of Object.entries(sizes)) {
    if (Number.isSafeInteger(size) && size > 0) continue;
    throw new RangeError(`Cannot make ${layer} as ${name} must be a whole number above 0: got ${size}`);
  }
  const { rng, uniform } = (options ?? {}) as { rng?: undefined; uniform?: unknown };
  if (typeof uniform === "function")
    throw new TypeError(`Cannot make ${layer} as its last argument is { rng }: got the generator itself`);
  if (known.includes("rng")) requireRandom(`make ${layer}`, rng);
  requireKnownOptions(`make ${layer}`, options, known);
}

/**
 * Refuses a layer's arguments in the wrong order, or others than its parameters and a tensor.
 *
 * @param call how the layer is applied, such as "dense(layer, input)"
 * @param parameters what was given first
 * @param needed the parameters that must be there
 * @param input what was given then
 * @throws {TypeError} saying what was given
 */
export function requireLayerCall(
  call: string,
  parameters: unknown,
  needed: readonly string[],
  input: unknown,
): void {
  const isLayer = typeof parameters === "object" && parameters !== null && !isTensor(parameters);
  if (isLayer && isTensor(input) && needed.every((name) => isTensor((parameters as Values)[name]))) return;
  const layer = needed.length > 0 ? `a record of ${needed.join(", ")}` : "a record of parameters";
  throw new TypeError(
    `Cannot apply a layer as ${call} takes ${layer} and a tensor: got ${valueInWords(parameters)} and ${valueInWords(input)}`,
  );
}

type Values = Readonly<Record<string, unknown>>;
