import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { runDolab } from "../support/run-dolab";
import { temporaryFolder } from "../support/temporary-folder";

const folder = temporaryFolder();
const [mirror, cache] = [join(folder, "mirror"), join(folder, "cache")];
const data = (args: string[], env: Record<string, string> = {}) =>
  runDolab(["data", ...args], { DOLAB_CACHE: cache, DOLAB_DATA_MIRROR: mirror, ...env });

before(() => {
  const inMirror = join(mirror, "cifar-10-batches-bin");
  mkdirSync(inMirror, { recursive: true });
  writeFileSync(join(inMirror, "batches.meta.txt"), "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n");
  writeFileSync(join(inMirror, "test_batch.bin"), "");
  truncateSync(join(inMirror, "test_batch.bin"), 30_730_000);
  const sums = ["batches.meta.txt", "test_batch.bin"].map((name) => {
    const sum = createHash("sha256")
      .update(readFileSync(join(inMirror, name)))
      .digest("hex");
    return `${sum}  ./cifar-10-batches-bin/${name}\n`;
  });
  writeFileSync(join(mirror, "SHA256SUMS"), sums.join(""));
});

describe("dolab data", () => {
  it("says that nothing is here, and what fetches it", () => {
    const { code, stdout } = data(["list"]);
    assert.equal(code, 0);
    assert.match(
      stdout,
      /^cifar10: not in .*cache.*cifar-10-batches-bin; "dolab data fetch cifar10" fetches it/,
    );
  });

  it("fetches what the mirror has, and lists sizes, source and checksums", () => {
    const { code, stdout } = data(["fetch", "cifar10"]);
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`from mirror ${mirror}, 2\\d{3}-\\d{2}-\\d{2}T`));
    assert.match(stdout, /✓ test_batch\.bin +30,730,000 bytes {2}checksum verified/);
    assert.match(stdout, /- data_batch_1\.bin +not here/);
    const list = data(["list"], { DOLAB_DATA_MIRROR: "" }).stdout; // of every data set, this one first
    assert.equal(list.slice(0, stdout.length), stdout);
  });

  it("shows an altered file and the cure, fails, and is cured by it", () => {
    const file = join(cache, "data", "cifar-10-batches-bin", "batches.meta.txt");
    writeFileSync(file, "altered");
    const { code, stdout } = data(["list"]);
    assert.equal(code, 1);
    assert.match(
      stdout,
      /✗ batches\.meta\.txt +its SHA-256 must be .*\n.*"dolab data fetch cifar10 --replace"/,
    );
    const cured = data(["fetch", "cifar10", "--replace"]);
    assert.equal(cured.code, 0);
    assert.match(cured.stdout, /✓ batches\.meta\.txt/);
  });

  it("suggests the data set that was meant", () => {
    const { code, stderr } = data(["fetch", "cifar01"]);
    assert.equal(code, 1);
    assert.match(stderr, /did you mean "cifar10"/);
  });
});
