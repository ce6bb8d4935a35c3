// Random numbers as TensorFlow's stateless ops draw them, for backends that have no such ops: Philox 4x32 with 10 rounds
// (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011), with TensorFlow's seed scrambling
// (stateless_random_ops.cc) and distributions (random_distributions.h).

/** Which numbers to draw; int32 ones below `range`. */
export type Distribution = "uniform" | "normal" | "truncatedNormal";

type Words = [number, number, number, number];

/** The scrambling key of GenerateKey in stateless_random_ops.cc. */
const scramblingKey: readonly [number, number] = [0x3ec8f720, 0x02461e29];
/** Outputs that TensorFlow reserves for four truncated normals, in Philox calls. */
const reservedCalls = 256;

/**
 * Draws as TensorFlow's StatelessRandomUniform, StatelessRandomNormal and StatelessTruncatedNormal do.
 *
 * @param seed two int32 numbers
 * @returns `count` numbers: in [0, 1), standard normal, or standard normal within (-2, 2)
 */
export function philoxSample(
  distribution: Distribution,
  seed: ArrayLike<number>,
  count: number,
): Float32Array {
  const [first, second] = [seed[0] | 0, seed[1] | 0];
  const mixed = philox([first, first >> 31, second, second >> 31], scramblingKey);
  const key: readonly [number, number] = [mixed[0], mixed[1]];
  const at = (call: number) => philox(counter(mixed, call), key);
  const sample = new Float32Array(Math.ceil(count / 4) * 4);
  for (let group = 0; group * 4 < count; group++) {
    if (distribution === "truncatedNormal") {
      sample.set(truncatedGroup(at, group * reservedCalls), group * 4);
      continue;
    }
    const words = at(group);
    const four =
      distribution === "uniform"
        ? words.map(unit)
        : [...boxMuller(words[0], words[1]), ...boxMuller(words[2], words[3])];
    sample.set(four, group * 4);
  }
  return sample.subarray(0, count);
}

/** Four normals within (-2, 2), from as many calls as it takes. */
function truncatedGroup(at: (call: number) => Words, start: number): number[] {
  const accepted: number[] = [];
  for (let call = start; accepted.length < 4; call++) {
    const words = at(call);
    for (const pair of [boxMuller(words[0], words[1]), boxMuller(words[2], words[3])]) {
      for (const value of pair) if (Math.abs(value) < 2 && accepted.length < 4) accepted.push(value);
    }
  }
  return accepted;
}

/** The counter after `call` calls: its low half counts from zero, its high half comes from the seed. */
const counter = (mixed: Words, call: number): Words => [
  call >>> 0,
  Math.floor(call / 2 ** 32),
  mixed[2],
  mixed[3],
];

/** 23 bits as a float in [0, 1). */
const unit = (word: number) => (word & 0x7fffff) / 0x800000;

function boxMuller(first: number, second: number): [number, number] {
  const fround = Math.fround;
  const angle = fround(2 * Math.PI * unit(second));
  const radius = fround(Math.sqrt(fround(-2 * fround(Math.log(Math.max(unit(first), fround(1e-7)))))));
  return [fround(fround(Math.sin(angle)) * radius), fround(fround(Math.cos(angle)) * radius)];
}

function philox(counter: Words, key: readonly [number, number]): Words {
  let [a, b, c, d] = counter;
  let [first, second] = key;
  for (let round = 0; round < 10; round++) {
    const low = Math.imul(0xd2511f53, a);
    const other = Math.imul(0xcd9e8d57, c);
    [a, b, c, d] = [high(0xcd9e8d57, c) ^ b ^ first, other, high(0xd2511f53, a) ^ d ^ second, low];
    first = (first + 0x9e3779b9) | 0;
    second = (second + 0xbb67ae85) | 0;
  }
  return [a, b, c, d];
}

/** The upper 32 bits of a product of two unsigned 32-bit numbers. */
function high(first: number, second: number): number {
  const [a, b, c, d] = [first >>> 16, first & 0xffff, (second >>> 16) & 0xffff, second & 0xffff];
  const middle = a * d + ((b * d) >>> 16);
  const cross = b * c + (middle & 0xffff);
  return (a * c + Math.floor(middle / 0x10000) + Math.floor(cross / 0x10000)) | 0;
}
