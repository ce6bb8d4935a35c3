// Random arrays as dolab writes them: every dtype, also from data of another type where that is allowed, 0 to 5 axes,
// some of them empty, any bit pattern as an element.
import type { BigIntegerArray, NpyDtype, NumberArray, WritableArray } from "../../io";
import type { Random } from "../../random";

const types = [
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
  Float32Array,
  Float64Array,
];
/** Types in the file that take data of another type: bool, float16, and integers given as plain numbers. */
const stored: { dtype: NpyDtype; make(rng: Random, size: number): NumberArray }[] = [
  { dtype: "bool", make: (rng, size) => Uint8Array.from({ length: size }, () => rng.integer(0, 2)) },
  { dtype: "float16", make: (rng, size) => Float32Array.from({ length: size }, () => anyHalf(rng)) },
  {
    dtype: "int64",
    make: (rng, size) =>
      Float64Array.from({ length: size }, () => (2 * rng.integer(0, 2) - 1) * anyWhole(rng)),
  },
  {
    dtype: "uint64",
    make: (rng, size) => Float64Array.from({ length: size }, () => anyWhole(rng)),
  },
];

export function randomArrays(rng: Random): Map<string, WritableArray> {
  const keys = ["x", "a b", "λ₁", "group/x", "group/y", "z".repeat(80)];
  const count = rng.integer(1, keys.length + 1);
  return new Map(keys.slice(0, count).map((key) => [key, randomArray(rng)]));
}

function randomArray(rng: Random): WritableArray {
  const shape = Array.from({ length: rng.integer(0, 6) }, () =>
    rng.integer(rng.integer(0, 8) === 0 ? 0 : 1, 7),
  );
  const size = shape.reduce((product, length) => product * length, 1);
  const choice = rng.integer(0, types.length + stored.length);
  if (choice < types.length) return { shape, data: anyBits(rng, types[choice], size) };
  const { dtype, make } = stored[choice - types.length];
  return { dtype, shape, data: make(rng, size) };
}

function anyBits(rng: Random, type: (typeof types)[number], size: number): NumberArray | BigIntegerArray {
  const bytes = Uint8Array.from({ length: size * type.BYTES_PER_ELEMENT }, () => rng.integer(0, 256));
  return new type(bytes.buffer);
}

/** An integer below 2^53, of any size. */
const anyWhole = (rng: Random) => Math.floor(rng.integer(0, 2 ** 53 - 1) / 2 ** rng.integer(0, 54));

/** A float32 of any size, of those that round to float16 in every way: overflow, subnormal, halfway, not a number. */
function anyHalf(rng: Random): number {
  const special = [
    0,
    -0,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    65_519,
    65_520,
    2 ** -25,
  ];
  const choice = rng.integer(0, 40);
  if (choice < special.length) return special[choice];
  const halfway = (rng.integer(0, 4096) + 0.5) * 2 ** rng.integer(-26, 6);
  return choice < 16 ? halfway : rng.normal() * 2 ** rng.integer(-28, 18);
}
