import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { loadCifar10, loadCifar10From } from "../../src/data/cifar10";
import { cifar10 } from "../../src/data/cifar10-files";
import { DatasetMissingError } from "../../src/data/store/dataset";
import { texturedShapes } from "../../src/data/textured-shapes";
import { temporaryFolder } from "../support/temporary-folder";
import { localServer } from "./store/local-server";
import {
  archiveOf,
  classNames,
  datasetWith,
  entriesOf,
  RECORDS,
  smallFiles,
  writeMirror,
} from "./store/small-dataset";

const files = smallFiles();
const dataset = datasetWith(archiveOf(entriesOf(files)), "http://127.0.0.1:9/archive.tar.gz");

/** A mirror with these files, and an empty cache. */
function places(test: TestContext, held = files) {
  const root = temporaryFolder(test);
  const [mirror, cache] = [join(root, "mirror"), join(root, "cache")];
  writeMirror(mirror, held);
  return { mirror, cache, folder: join(cache, "data", "cifar-10-batches-bin") };
}

function placesOnly(test: TestContext, held = files) {
  const { mirror, cache } = places(test, held);
  return { mirror, cache };
}

describe("loadCifar10()", () => {
  it("turns records of three planes into labels and pixels, batch after batch", async (t) => {
    const { training, test, ...rest } = await loadCifar10From(dataset, placesOnly(t));
    assert.equal(training.labels.length, 5 * RECORDS);
    assert.equal(test.images.length, RECORDS * 3072);
    for (const [image, channel, row, column] of [
      [0, 0, 0, 0],
      [3, 2, 31, 31],
      [6, 1, 5, 17],
      [19, 0, 30, 2],
    ]) {
      const record = files
        .get(`data_batch_${1 + Math.floor(image / RECORDS)}.bin`)!
        .subarray((image % RECORDS) * 3073);
      assert.equal(training.labels[image], record[0]);
      const value = training.images[((image * 32 + row) * 32 + column) * 3 + channel];
      assert.equal(value, record[1 + channel * 1024 + row * 32 + column]);
    }
    assert.equal(test.labels[1], files.get("test_batch.bin")![3073]);
    assert.deepEqual(rest.classNames, classNames);
    assert.equal(rest.isSynthetic, false);
  });

  it("says where the images came from, also from the cache", async (t) => {
    const { mirror, cache } = places(t);
    const sentence = `CIFAR-10 from the cached copy of mirror ${mirror}, checksums verified: 6 training and 2 test images`;
    const counts = { trainingImages: 6, testImages: 2 };
    assert.equal((await loadCifar10From(dataset, { mirror, cache, ...counts })).source, sentence);
    assert.equal((await loadCifar10From(dataset, { mirror: "", cache, ...counts })).source, sentence);
  });

  it("asks for the files that the images are in, and no others", async (t) => {
    const part = new Map([...files].filter(([name]) => !/_[2-5]\.bin|test/.test(name)));
    const held = placesOnly(t, part);
    const few = await loadCifar10From(dataset, { ...held, trainingImages: 3, testImages: 0 });
    assert.equal(few.training.labels.length, 3);
    assert.equal(few.test.labels.length, 0);
    const more = { ...held, data: "cifar10", trainingImages: RECORDS + 1, testImages: 0 } as const;
    await assert.rejects(loadCifar10From(dataset, more), DatasetMissingError);
  });

  it("takes the generator only where it may, and says why", async (t) => {
    const nothing = {
      mirror: "",
      cache: join(temporaryFolder(t), "cache"),
      trainingImages: 10,
      testImages: 4,
    };
    const auto = await loadCifar10From(dataset, { ...nothing, seed: 3 });
    assert.equal(auto.isSynthetic, true);
    assert.match(
      auto.source,
      /^Generated textured shapes \(seed 3\), not CIFAR-10, which cannot be had here \(.*refuses connections\): 10 training and 4 test images$/,
    );
    const { training } = texturedShapes({ seed: 3, trainingImages: 10, testImages: 4 });
    assert.deepEqual(auto.training, training);
    await assert.rejects(loadCifar10From(dataset, { ...nothing, data: "cifar10" }), DatasetMissingError);
    assert.equal(existsSync(nothing.cache), false);
  });

  it("asks nobody where generated images are wanted", async (t) => {
    const server = await localServer(t, (_, response) => response.writeHead(500).end());
    const cache = join(temporaryFolder(t), "cache");
    const options = {
      data: "generated",
      mirror: server.url,
      cache,
      trainingImages: 1,
      testImages: 1,
    } as const;
    assert.match((await loadCifar10From(dataset, options)).source, /as asked for: 1 training and 1 test/);
    assert.deepEqual(server.requests, []);
    assert.equal(existsSync(cache), false);
  });

  it("refuses an altered cached copy, whatever `data` is, and names file and cure", async (t) => {
    const { mirror, cache, folder } = places(t);
    await loadCifar10From(dataset, { mirror, cache });
    const altered = join(folder, "data_batch_2.bin");
    const bytes = readFileSync(altered);
    bytes[100] ^= 1;
    for (const [content, rule] of [
      [bytes, /its SHA-256 must be/],
      [bytes.subarray(1), /its size must be 12292 bytes: got 12291/],
    ] as const) {
      writeFileSync(altered, content);
      for (const data of ["auto", "cifar10"] as const)
        await assert.rejects(loadCifar10From(dataset, { data, mirror, cache }), (error: Error) => {
          assert.match(error.message, rule);
          assert.match(error.message, /data_batch_2\.bin .*"dolab data fetch cifar10 --replace"/);
          return true;
        });
    }
    await loadCifar10From(dataset, { mirror, cache, trainingImages: RECORDS }); // the others are as they were
  });

  it("checks size and labels of files that were put there by hand, and says that no checksum is known", async (t) => {
    const { cache, folder } = places(t);
    mkdirSync(folder, { recursive: true });
    for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
    const { source } = await loadCifar10From(dataset, { cache, mirror: "" });
    assert.match(
      source,
      /^CIFAR-10 from .*cifar-10-batches-bin, where it was put by hand, without checksums: /,
    );
    const wrong = Buffer.from(files.get("data_batch_1.bin")!);
    wrong[2 * 3073] = 10;
    writeFileSync(join(folder, "data_batch_1.bin"), wrong);
    const rule = /data_batch_1\.bin as labels must be from 0 to 9: got 10 in record 2; .*--replace/;
    await assert.rejects(loadCifar10From(dataset, { cache, mirror: "" }), rule);
    writeFileSync(join(folder, "batches.meta.txt"), "cat\ndog\n");
    await assert.rejects(loadCifar10From(dataset, { cache, mirror: "" }), /must name 10 classes: got 2/);
  });

  it("refuses numbers of images that CIFAR-10 does not have", async () => {
    const load = (options: object) => () => loadCifar10({ data: "generated", ...options });
    for (const trainingImages of [0, 50_001, 1.5])
      await assert.rejects(load({ trainingImages }), /trainingImages must be a whole number from 1 to 50000/);
    await assert.rejects(load({ testImages: 10_001 }), /testImages .* from 0 to 10000/);
    await assert.rejects(load({ trainImages: 5 }), /"trainImages" \(nearest: "trainingImages"\)/);
    await assert.rejects(load({ data: "real" }), /"auto", "cifar10" or "generated": got "real"/);
  });
});

describe("cifar10", () => {
  it("describes the archive as published", () => {
    assert.deepEqual(cifar10.official, {
      archive: "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
      bytes: 170_052_171,
      md5: "c32a1d4ab5d03f1284b67883e8d87530",
    });
    const sizes = cifar10.files.map(({ bytes }) => bytes);
    assert.deepEqual(sizes, [...new Array(6).fill(30_730_000), { most: 1024 }]);
  });
});
