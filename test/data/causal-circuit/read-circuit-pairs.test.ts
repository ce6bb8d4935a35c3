// Files as numpy and Pillow write them (test/fixtures/causal-circuit/make_circuit_pairs.py), and hostile ones.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { crc32 } from "node:zlib";
import { circuitImages, readCircuitPairs } from "../../../src/data";
import { decodeJpeg, jpegSize } from "../../../src/data/causal-circuit/jpeg-image";
import { readNpz, type WritableArray, writeNpz } from "../../../src/io";
import { encodeNpy } from "../../../src/io/npy-array";
import { readNpzByteStrings } from "../../../src/io/npz-byte-strings";
import { zipChunks } from "../../../src/io/zip-writer";

const fixtures = join(__dirname, "../../fixtures/causal-circuit");
const published = JSON.parse(readFileSync(join(fixtures, "pairs.json"), "utf8"));
let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "dolab-circuit-"));
});
after(() => rmSync(folder, { recursive: true }));

const { items: jpegs } = readNpzByteStrings(join(fixtures, "pairs.npz"), "imgs");

/** A file of arrays with `imgs` beside them, as fixed-width bytes or whatever `head` and `body` say. */
function fileOf(
  name: string,
  {
    images = jpegs,
    arrays = {},
    head,
    body,
  }: { images?: Uint8Array[]; arrays?: object; head?: string; body?: Buffer } = {},
): string {
  const path = join(folder, name);
  const plain = { ...Object.fromEntries(readNpz(join(fixtures, "pairs.npz"), { keys: others })), ...arrays };
  const width = Math.max(...images.map(({ length }) => length));
  const text = head ?? `{'descr': '|S${width}', 'fortran_order': False, 'shape': (3, 2), }`;
  const padded = `${text.padEnd(117)}\n`;
  const bytes = Buffer.concat([
    Buffer.from([0x93]),
    Buffer.from("NUMPY\x01\x00", "latin1"),
    Buffer.from(Uint16Array.of(padded.length).buffer),
    Buffer.from(padded, "latin1"),
    body ?? Buffer.concat(images.map((image) => Buffer.concat([image, Buffer.alloc(width - image.length)]))),
  ]);
  const members = others.map((key) => {
    const chunks = encodeNpy((plain as never as Record<string, WritableArray>)[key]);
    const chunk = Buffer.concat(chunks);
    return { name: `${key}.npy`, crc: crc32(chunk), size: chunk.length, deflated: false, chunks };
  });
  const own = { name: "imgs.npy", crc: crc32(bytes), size: bytes.length, deflated: false, chunks: [bytes] };
  writeFileSync(path, Buffer.concat(Array.from(zipChunks([own, ...members]))));
  return path;
}
const others = ["original_latents", "epsilon", "intervention_labels", "intervention_masks"];

describe("readCircuitPairs()", () => {
  for (const name of ["pairs.npz", "pairs-object.npz"])
    it(`reads ${name}: Pillow's pixels, latents, noise and labels`, () => {
      const pairs = readCircuitPairs(join(fixtures, name));
      assert.equal(pairs.pairs, 3);
      assert.equal(pairs.size, 16);
      assert.ok(!pairs.isSynthetic);
      assert.deepEqual(Array.from(pairs.intervention), [0, 2, 4]);
      for (const [which, half] of (["before", "after"] as const).entries()) {
        const images = circuitImages(pairs, [0, 1, 2], half);
        const wanted = published.images.map((pair: number[][]) => pair[which]).flat(4) as number[];
        // Cosine transform, change of colours and shift round differently, by a grey level each.
        for (let i = 0; i < wanted.length; i++)
          assert.ok(Math.abs(images[i] - wanted[i]) <= 3, `${half} ${i}`);
        const rows = published.latents.flatMap((pair: number[][]) => pair[which]) as number[];
        const found = which === 0 ? pairs.causalBefore : pairs.causalAfter;
        assert.deepEqual(Array.from(found), Array.from(Float32Array.from(rows)));
        const noise = published.epsilon.flatMap((pair: number[][]) => pair[which]) as number[];
        assert.deepEqual(
          Array.from(which === 0 ? pairs.noiseBefore : pairs.noiseAfter),
          Array.from(Float32Array.from(noise)),
        );
      }
    });

  it("averages pictures down, and puts files after each other", () => {
    const path = join(fixtures, "pairs.npz");
    const pairs = readCircuitPairs([path, path], { size: 8 });
    assert.equal(pairs.pairs, 6);
    const images = circuitImages(pairs, [4], "after");
    const wanted = published.halved[1][1].flat(2) as number[];
    for (let i = 0; i < wanted.length; i++) assert.ok(Math.abs(images[i] - wanted[i]) <= 3);
  });

  it("reads what this test writes", () => {
    assert.deepEqual(circuitImages(readCircuitPairs(fileOf("same.npz")), [1], "before").length, 16 * 16 * 3);
  });

  it("refuses arrays that are missing, of other shapes, or contradict each other, by name", () => {
    const array = (shape: number[], data: number[]) => ({ shape, data: Float64Array.from(data) });
    const zeros = (count: number) => new Array<number>(count).fill(0);
    const cases: [object, RegExp][] = [
      [{ original_latents: array([3, 4], zeros(12)) }, /"original_latents".*\(3, 2, 4\).*got \(3, 4\)/],
      [{ epsilon: array([3, 2, 4], [Number.NaN, ...zeros(23)]) }, /"epsilon".*finite: got NaN in row 0/],
      [{ intervention_labels: array([3], [0, 5, 1]) }, /"intervention_labels".*0 to 4: got 5 in row 1/],
      [
        { intervention_masks: array([3, 4], zeros(12)) },
        /"intervention_masks".*label 2.*got 0, 0, 0, 0 in row 1/,
      ],
    ];
    for (const [arrays, message] of cases)
      assert.throws(() => readCircuitPairs(fileOf("odd.npz", { arrays })), { name: "NpzError", message });
    const plain = join(folder, "plain.npz");
    writeNpz(plain, { x: { shape: [1], data: Float32Array.of(1) } });
    assert.throws(() => readCircuitPairs(plain), /"imgs".*the file must have it/);
    assert.throws(() => readCircuitPairs(join(folder, "none.npz")), /cannot be opened/);
    assert.throws(
      () => readCircuitPairs(join(fixtures, "pairs.npz"), { size: 5 }),
      /divide the pictures' 16 pixels.*got 5/,
    );
    const numbers = { head: "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }" };
    assert.throws(() => readCircuitPairs(fileOf("numbers.npz", numbers)), /byte strings.*dtype "<f4"/);
    const flat = { head: "{'descr': '|S1', 'fortran_order': False, 'shape': (6,), }", body: Buffer.alloc(6) };
    assert.throws(() => readCircuitPairs(fileOf("flat.npz", flat)), /\(pairs, 2\): got \(6\)/);
    const short = { body: Buffer.alloc(10) };
    assert.throws(() => readCircuitPairs(fileOf("short.npz", short)), /takes \d+ bytes: got \d+ bytes/);
  });

  it("refuses a picture that is no JPEG, is cut short, or of another size, when it is asked for", () => {
    const swap = (bytes: Uint8Array) => jpegs.map((jpeg, i) => (i === 3 ? bytes : jpeg));
    const bomb = Buffer.from(jpegs[3]);
    const frame = bomb.indexOf(Buffer.from([0xff, 0xc2])); // a progressive one
    bomb.writeUInt16BE(60_000, frame + 5);
    bomb.writeUInt16BE(60_000, frame + 7);
    const cases: [Uint8Array, RegExp][] = [
      [bomb, /after of row 1.*16 x 16 pixels in 3 colours: got 60000 x 60000 in 3/],
      [jpegs[3].subarray(0, jpegs[3].length / 2), /after of row 1.*must be whole/],
      [Buffer.from("GIF89a, not a JPEG"), /after of row 1.*other bytes at its start/],
      [new Uint8Array(0), /after of row 1.*no bytes/],
    ];
    for (const [bytes, message] of cases) {
      const pairs = readCircuitPairs(fileOf("picture.npz", { images: swap(bytes) }));
      assert.throws(() => circuitImages(pairs, [1], "after"), { name: "SyntaxError", message });
      assert.equal(circuitImages(pairs, [1], "before").length, 16 * 16 * 3); // the others are read all the same
    }
  });

  it("never runs a pickle: other globals, opcodes and elements are refused", () => {
    const objects = (pickle: Buffer) =>
      fileOf("object.npz", {
        head: "{'descr': '|O', 'fortran_order': False, 'shape': (3, 2), }",
        body: pickle,
      });
    const evil = Buffer.from("cos\nsystem\n(S'true'\ntR.", "latin1");
    assert.throws(
      () => readCircuitPairs(objects(evil)),
      /pickle must be that of a numpy array of bytes: got the global "os system"/,
    );
    const good = readFileSync(join(fixtures, "pairs-object.npz"));
    const start = good.indexOf(Buffer.from("\n\x80", "latin1")) + 1;
    const pickle = good.subarray(start, good.indexOf(Buffer.from("PK", "latin1"), start));
    assert.equal(readCircuitPairs(objects(pickle)).pairs, 3);
    for (let length = 0; length < pickle.length; length += 97)
      assert.throws(() => readCircuitPairs(objects(pickle.subarray(0, length))), { name: "NpzError" });
    assert.throws(() => readCircuitPairs(objects(Buffer.from([0x80, 4, 0x5d, 0x2e]))), /no array/);
  });
});

describe("decodeJpeg()", () => {
  it("survives any change of a byte: pixels of the size, or a clear error", () => {
    for (let i = 0; i < 300; i++) {
      const jpeg = Uint8Array.from(jpegs[i % 2]);
      jpeg[(i * 37) % jpeg.length] ^= 1 << (i % 8);
      try {
        assert.equal(decodeJpeg(jpeg, 16).length, 16 * 16 * 3);
      } catch (error) {
        assert.equal((error as Error).name, "SyntaxError", String(error));
      }
    }
  });

  it("tells the size from the head alone", () => {
    assert.deepEqual(jpegSize(jpegs[0]), { height: 16, width: 16, channels: 3 });
  });
});
