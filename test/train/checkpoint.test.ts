import assert from "node:assert/strict";
import { existsSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { readSafetensors, writeSafetensors } from "../../src/io";
import { startBackend, tensorflow } from "../../src/tensor";
import {
  CheckpointError,
  type NamedVariables,
  readCheckpoint,
  readVariables,
  restoreCheckpoint,
  writeCheckpoint,
} from "../../src/train";
import { temporaryFolder } from "../support/temporary-folder";

const tf = tensorflow();
const folder = temporaryFolder();
before(startBackend);

const notes = {
  step: 12,
  state: { words: [1, 2 ** 32 - 1], text: 'a "quoted" £' },
  config: { rate: 0.1, layers: [{ width: 4 }] },
  environment: { backend: "a backend" },
};

const model = (fill = 0) =>
  tf.tidy(() => ({
    weight: tf.variable(tf.fill([2, 3], fill + 0.1)),
    count: tf.variable(tf.scalar(fill + 7, "int32")),
    mask: tf.variable(tf.tensor1d([fill === 0, true], "bool")),
    filter: tf.variable(tf.fill([1, 1, 2, 1], fill)),
    "": tf.variable(tf.tensor1d([])),
  }));

const values = (variables: NamedVariables) =>
  Object.fromEntries(Object.entries(variables).map(([name, variable]) => [name, [...variable.dataSync()]]));

let files = 0;
function written(variables: NamedVariables = model()): string {
  const file = join(folder, `checkpoint-${files++}.safetensors`);
  writeCheckpoint(file, readVariables(variables), notes);
  return file;
}

/** The checkpoint is refused with these differences, and no variable changes. */
function assertRefused(
  file: string,
  pattern: RegExp,
  variables: NamedVariables = model(5),
  options?: Parameters<typeof restoreCheckpoint>[2],
): void {
  const before = values(variables);
  const tensors = tf.memory().numTensors;
  assert.throws(
    () => restoreCheckpoint(file, variables, options),
    (error: Error) => {
      assert.ok(error instanceof CheckpointError, `${error}`);
      assert.match(error.message, pattern);
      assert.ok(error.file === file && error.message.startsWith(`Cannot restore ${file} as `));
      assert.ok(error.message.includes(`remove ${file}`));
      return true;
    },
  );
  assert.deepEqual(values(variables), before);
  assert.equal(tf.memory().numTensors, tensors);
}

test("restoreCheckpoint() brings back every variable to the bit, the step, the state and the configuration", () => {
  const [saved, restored] = [model(), model(5)];
  saved.weight.assign(tf.tensor2d([0.1, -0, 1e-45, 3.4e38, Infinity, -1 / 3], [2, 3]));
  const { file, tensors, ...rest } = restoreCheckpoint(written(saved), restored, { config: notes.config });
  assert.deepEqual(rest, notes);
  assert.deepEqual(values(restored), values(saved));
  assert.ok(Object.is(restored.weight.dataSync()[1], -0));
  assert.deepEqual([...tensors.keys()].sort(), Object.keys(saved).sort());
  assert.ok(existsSync(file));
});

test("a checkpoint is a safetensors file under the variables' names, whose bytes depend on nothing but its content", () => {
  const [first, second] = [written(), written()];
  assert.deepEqual(readFileSync(first), readFileSync(second));
  const { tensors, metadata } = readSafetensors(first);
  assert.deepEqual(tensors.get("weight")!.shape, [2, 3]);
  assert.deepEqual(tensors.get("count"), { dtype: "I32", shape: [], data: Int32Array.of(7) });
  assert.equal(metadata.get("step"), "12");
  assert.deepEqual(JSON.parse(metadata.get("state")!), notes.state);
});

test("restoreCheckpoint() refuses a file that is cut short, or in which any byte differs", () => {
  const file = written();
  const bytes = readFileSync(file);
  const headerEnd = 8 + Number(bytes.readBigUInt64LE());
  const text = bytes.toString("latin1", 0, headerEnd).trimEnd(); // the blanks after it say nothing
  const places = Array.from({ length: text.length }, (_, place) => place);
  for (let place = headerEnd; place < bytes.length; place++) places.push(place);
  for (const place of places) {
    const altered = Buffer.from(bytes);
    altered[place] ^= 1;
    writeFileSync(file, altered);
    assert.throws(() => readCheckpoint(file), CheckpointError, `byte ${place}`);
  }
  const inData = Buffer.from(bytes);
  inData[headerEnd + 3] ^= 64;
  writeFileSync(file, inData);
  assertRefused(file, /must have the checksum it was written with: got an altered file/);
  writeFileSync(file, bytes.toString("latin1").replace('\\"rate\\":0.1', '\\"rate\\":0.2'), "latin1");
  assertRefused(file, /must have the checksum it was written with.*resume: "previous"/);
  writeFileSync(file, bytes);
  for (const length of [bytes.length - 1, headerEnd, headerEnd - 1, 7, 0]) {
    truncateSync(file, length);
    assertRefused(file, /must end with|takes at least 8 bytes|header must|must reach/);
  }
  writeSafetensors(file, { weight: { shape: [1], data: Float32Array.of(1) } });
  assertRefused(file, /as a checkpoint's format is "dolab checkpoint 1": got another file/);
  assertRefused(join(folder, "absent.safetensors"), /no such file/);
});

test("restoreCheckpoint() names up to five variables that differ in name, shape or type", () => {
  const file = written();
  const { weight, ...others } = model(5);
  const other = { ...others, weight: tf.variable(tf.zeros([3, 2])) };
  assertRefused(
    file,
    /as "weight" is float32 \[2,3\] there, float32 \[3,2\] here: restore it into the model/,
    other,
  );
  assertRefused(file, /"count" is int32 \[\] there, float32 \[\] here/, {
    ...model(5),
    count: tf.variable(tf.scalar(1)),
  });
  assertRefused(file, /as "weight" is not in this model: /, others);
  assertRefused(file, /as "bias" is missing there: /, { ...model(5), bias: weight });
  const many = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`layer${i}`, weight]));
  assertRefused(file, /"layer0" is missing .*"layer4" is missing there; and 3 more: /, {
    ...model(5),
    ...many,
  });
});

test("restoreCheckpoint() with `subset` takes some of a file's variables", () => {
  const { weight } = model(5);
  assertRefused(written(), /is not in this model/, { weight });
  restoreCheckpoint(written(), { weight }, { subset: true });
  assert.deepEqual([...weight.dataSync()], Array(6).fill(Math.fround(0.1)));
  assertRefused(written(), /"other" is missing there/, { other: weight }, { subset: true });
});

test("restoreCheckpoint() names each key of the configuration that differs", () => {
  const config = { rate: 0.2, layers: [{ width: 4 }], seed: 1 };
  const pattern = /as rate: 0.1 there, 0.2 here; seed: nothing there, 1 here: go back to its configuration/;
  assertRefused(written(), pattern, model(5), { config });
  assertRefused(written(), /layers\[0\]\.width: 4 there, 5 here/, model(5), {
    config: { rate: 0.1, layers: [{ width: 5 }] },
  });
});

test("writeCheckpoint() writes nothing where the state is no plain data or a variable cannot be saved", () => {
  const file = join(folder, "none.safetensors");
  const write = (state: object) =>
    writeCheckpoint(file, readVariables(model()), { ...notes, state: { ...state } });
  assert.throws(
    () => write({ loss: NaN }),
    /Cannot record "loss" of state as JSON has no such value: got NaN/,
  );
  assert.throws(() => write({ rows: new Map() }), /Cannot record "rows" of state/);
  const gone = model();
  gone.weight.dispose();
  assert.throws(() => readVariables(gone), /TypeError: Cannot save "weight" as .*: got a disposed variable/);
  const text = tf.variable(tf.tensor1d(["a"], "string"));
  assert.throws(() => readVariables({ text }), /TypeError: Cannot save "text" as .*: got string/);
  assert.equal(existsSync(file), false);
});
