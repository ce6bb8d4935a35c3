// A weight as rows of numbers, as a heat map takes them.
import type { Gpt2Parameters } from "../parameters";

/**
 * Reads a parameter, or a rectangle of it.
 *
 * @param parameters the model's tensors by name
 * @param name such as `transformer.h.0.attn.c_attn.weight`; a bias or a norm is one row
 * @param options.rows from the first to before the last; by default all, which of an embedding may be many
 * @param options.columns likewise
 * @returns [rows][columns]
 * @throws {RangeError} for a name that the model does not have, or bounds outside the weight
 * @example
 * import { createGpt2, createRandom, weightRows } from "dolab";
 * const configuration = { vocabulary: 11, positions: 6, width: 8, layers: 1, heads: 2 };
 * const parameters = createGpt2(configuration, { rng: createRandom(1) });
 * const rows = await weightRows(parameters, "transformer.wpe.weight", { rows: [0, 2] });
 * [rows.length, rows[0].length]; // => [2, 8]
 */
export async function weightRows(
  parameters: Gpt2Parameters,
  name: string,
  { rows, columns }: { rows?: readonly [number, number]; columns?: readonly [number, number] } = {},
): Promise<Float32Array[]> {
  if (!Object.hasOwn(parameters, name))
    throw new RangeError(`Cannot read a weight as the model must have it: got "${name}"`);
  const weight = parameters[name];
  const [height, width] = weight.rank === 1 ? [1, weight.size] : (weight.shape as [number, number]);
  const [top, bottom] = checkBounds(name, rows ?? [0, height], height);
  const [left, right] = checkBounds(name, columns ?? [0, width], width);
  const matrix = weight.reshape([height, width]);
  const part = matrix.slice([top, left], [bottom - top, right - left]);
  const values = await part.data<"float32">();
  matrix.dispose();
  part.dispose();
  return Array.from({ length: bottom - top }, (_, row) =>
    values.slice(row * (right - left), (row + 1) * (right - left)),
  );
}

function checkBounds(
  name: string,
  [from, to]: readonly [number, number],
  size: number,
): readonly [number, number] {
  if (Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from < to && to <= size)
    return [from, to];
  throw new RangeError(`Cannot read "${name}" as bounds lie within 0 and ${size}: got ${from} to ${to}`);
}
