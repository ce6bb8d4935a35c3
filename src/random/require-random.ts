// No function of the project draws from a hidden generator: each takes the one that it draws from.
import type { Random } from "./random";

/**
 * Refuses a missing generator.
 *
 * @param action what cannot be done without it, such as "make a dense layer"
 * @throws {TypeError} where it is no generator
 */
export function requireRandom(action: string, rng: Random | undefined): asserts rng is Random {
  if (typeof rng === "object" && rng !== null && "integer" in rng) return;
  const got = typeof rng === "number" ? `the number ${rng} (createRandom(${rng})?)` : String(rng);
  throw new TypeError(`Cannot ${action} as it needs { rng: createRandom(seed) }: got ${got}`);
}
