import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { join } from "node:path";
import process from "node:process";
import { describe, it, type TestContext } from "node:test";
import { promisify } from "node:util";
import { cachedDataset, fileFault, heldFile } from "../../../src/data/store/cache";
import { type Dataset, DatasetMissingError } from "../../../src/data/store/dataset";
import { type ObtainOptions, obtainDataset } from "../../../src/data/store/obtain-dataset";
import { loadsTypeScript } from "../../../src/environment/paths.mjs";
import type { Progress } from "../../../src/io";
import { temporaryFolder } from "../../support/temporary-folder";
import { localServer, serve } from "./local-server";
import {
  archiveOf,
  datasetWith,
  type Entry,
  entriesOf,
  smallFiles,
  sumsOf,
  writeMirror,
} from "./small-dataset";

const limits = { silenceMs: 2000, attempts: 3, firstDelayMs: 5 };
const files = smallFiles();
const all = [...files.keys()];
const good = archiveOf(entriesOf(files));
const nowhere = "http://127.0.0.1:9/archive.tar.gz";
const folderName = "cifar-10-batches-bin";

/** A cache, and what is left in it after a call. */
function newCache(test: TestContext) {
  const cache = join(temporaryFolder(test), "cache");
  const options: ObtainOptions = { cache, mirror: "", limits };
  const left = () => (existsSync(join(cache, "data")) ? readdirSync(join(cache, "data")) : []);
  const content = (name: string) => readFileSync(join(cache, "data", folderName, name));
  return { cache, options, left, content };
}

async function archiveServer(test: TestContext, archive: Buffer, answer?: RequestListener) {
  const server = await localServer(
    test,
    answer ?? ((request, response) => serve(archive, request, response, { etag: '"1"' })),
  );
  return { server, dataset: datasetWith(archive, `${server.url}/archive.tar.gz`) };
}

describe("obtainDataset() from the official address", () => {
  it("unpacks the archive into the cache, records it, and asks no more", async (t) => {
    const { options, left, content, cache } = newCache(t);
    const { server, dataset } = await archiveServer(t, good);
    const held = await obtainDataset(dataset, all, options);
    assert.match(held.source!, /^the official archive http.*archive\.tar\.gz \(MD5 [0-9a-f]{32}\)$/);
    assert.deepEqual(left(), [folderName]);
    for (const [name, bytes] of files) assert.deepEqual(content(name), bytes);
    assert.equal(existsSync(join(cache, "data", folderName, "readme.html")), false);
    assert.deepEqual(await obtainDataset(dataset, all, options), held);
    assert.equal(server.requests.length, 1);
    await obtainDataset(dataset, all, { ...options, replace: true });
    assert.equal(server.requests.length, 2);
  });

  it("goes on with an interrupted download in the next call", async (t) => {
    const { options, left } = newCache(t);
    let cut = true;
    const { server, dataset } = await archiveServer(t, good, (request, response) =>
      cut && request.headers.range
        ? response.writeHead(500).end()
        : serve(good, request, response, { etag: '"1"', cutAfter: cut ? 40_000 : undefined }),
    );
    await assert.rejects(obtainDataset(dataset, all, options), DatasetMissingError);
    assert.deepEqual(left(), [`.fetch-${folderName}`]);
    cut = false;
    await obtainDataset(dataset, all, options);
    assert.match(server.requests.at(-1)!, /bytes=40000-$/);
    assert.deepEqual(left(), [folderName]);
  });

  it("reports megabytes, and a failure", async (t) => {
    const { options } = newCache(t);
    const { dataset } = await archiveServer(t, good);
    const told: string[] = [];
    const progress = (total: number, { unit }: { unit?: string } = {}): Progress => {
      told.push(`start ${total} ${unit}`);
      return {
        update: () => {},
        finish: () => told.push("finish"),
        fail: () => told.push("fail"),
      };
    };
    await obtainDataset(dataset, all, { ...options, progress });
    assert.deepEqual(told, [`start ${Math.round(good.length / 1e6)} MB`, "finish"]);
    const wrong: Dataset = { ...dataset, official: { ...dataset.official!, md5: "0".repeat(32) } as never };
    await assert.rejects(obtainDataset(wrong, all, { ...options, progress, replace: true }), /MD5/);
    assert.deepEqual(told.slice(2), [`start ${Math.round(good.length / 1e6)} MB`, "fail"]);
  });

  it("leaves nothing of wrong bytes, and keeps what was cached", async (t) => {
    const { options, left, content } = newCache(t);
    const { dataset } = await archiveServer(t, good);
    const wrong: Dataset = { ...dataset, official: { ...dataset.official!, md5: "0".repeat(32) } as never };
    await assert.rejects(obtainDataset(wrong, all, options), /its MD5 must be 0{32}: got/);
    assert.deepEqual(left(), []);
    await obtainDataset(dataset, all, options);
    await assert.rejects(obtainDataset(wrong, all, { ...options, replace: true }), DatasetMissingError);
    assert.deepEqual(left(), [folderName]);
    assert.deepEqual(content(all[0]), files.get(all[0]));
  });

  const refused: [what: string, reason: RegExp, archive: () => Buffer][] = [
    ["is cut short", /damaged or cut short/, () => good.subarray(0, good.length / 2)],
    ["is no archive", /damaged or cut short/, () => Buffer.from("<html>Sign in to this network</html>")],
    ["lacks a file", /lacks data_batch_1\.bin/, () => archiveOf(entriesOf(files).filter((_, i) => i !== 1))],
    ["holds a file twice", /must be there once/, () => archiveOf([...entriesOf(files), entriesOf(files)[1]])],
    ["holds ../evil", /stay in their folder: got ".*\.\.\/evil"/, () => withEntry({ path: "../evil" })],
    ["hides .. within", /stay in their folder/, () => withEntry({ path: `${folderName}/a/../../../evil` })],
    ["holds an absolute path", /stay in their folder/, () => withEntry({ path: "/tmp/evil" })],
    [
      "holds a symbolic link in a file's name",
      /a SymbolicLink/,
      () =>
        withEntry({ path: `${folderName}/test_batch.bin`, type: "SymbolicLink", linkpath: "/etc/passwd" }),
    ],
    [
      "holds a hard link",
      /a Link/,
      () => withEntry({ path: `${folderName}/x`, type: "Link", linkpath: "/etc/passwd" }),
    ],
    [
      "holds a file of another size",
      /data_batch_2\.bin.*its size must be 12292 bytes: got 5/,
      () => archiveOf(entriesOf(new Map(files).set("data_batch_2.bin", Buffer.from("short")))),
    ],
    [
      "holds a large file that nobody asked for",
      /not expected/,
      () => withEntry({ path: `${folderName}/extra.bin`, bytes: Buffer.alloc(2 ** 20 + 1, "x") }),
    ],
  ];
  const withEntry = (entry: Entry) => archiveOf([entry, ...entriesOf(files)]);
  for (const [what, reason, archive] of refused) {
    it(`refuses an archive that ${what}, and leaves nothing`, async (t) => {
      const { options, left, cache } = newCache(t);
      const { dataset } = await archiveServer(t, archive());
      await assert.rejects(obtainDataset(dataset, all, options), (error: Error) => {
        assert.ok(error instanceof DatasetMissingError);
        assert.match(error.message, reason);
        return true;
      });
      assert.deepEqual(left(), []);
      assert.equal(existsSync(join(cache, "..", "evil")), false);
    });
  }

  it("gives up in the time it has, and keeps what came", async (t) => {
    const { options, left } = newCache(t);
    const { dataset } = await archiveServer(t, good, (_, response) => {
      response.writeHead(200, { "content-length": good.length });
      response.write(good.subarray(0, 1000));
    });
    const slow = obtainDataset(dataset, all, { ...options, officialMs: 200 });
    await assert.rejects(
      slow,
      /127\.0\.0\.1:\d+ is too slow for now \(0\.2 s\): "dolab data fetch cifar10" goes on/,
    );
    assert.deepEqual(left(), [`.fetch-${folderName}`]);
  });

  it("says in order what was tried and what helps", async (t) => {
    const { options, cache } = newCache(t);
    const dataset = datasetWith(good, nowhere);
    await assert.rejects(obtainDataset(dataset, all, options), (error: DatasetMissingError) => {
      assert.deepEqual(
        error.attempts.map(({ reason }) => reason),
        ["it is not cached", "DOLAB_DATA_MIRROR is not set", "127.0.0.1:9 refuses connections"],
      );
      assert.ok(error.attempts[0].place.includes(cache));
      assert.match(error.message, /^Cannot load CIFAR-10 .*\(1\) .*\(2\) .*\(3\) .*dolab data fetch cifar10/);
      return true;
    });
  });

  it("ends the search where the user stops it", async (t) => {
    const { options, left } = newCache(t);
    const { dataset } = await archiveServer(t, good, () => {});
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    await assert.rejects(obtainDataset(dataset, all, { ...options, signal: stop.signal }), {
      name: "AbortError",
    });
    assert.deepEqual(left(), []);
  });
});

describe("obtainDataset() from a mirror", () => {
  const part = new Map([...files].filter(([name]) => !/_[2-5]\.bin/.test(name)));
  const dataset = datasetWith(good, nowhere);

  it("copies what a folder has, and records the folder", async (t) => {
    const { options, left, content } = newCache(t);
    const mirror = temporaryFolder(t);
    writeMirror(mirror, part);
    const held = await obtainDataset(dataset, [...part.keys()], { ...options, mirror });
    assert.equal(held.source, `mirror ${mirror}`);
    assert.deepEqual([...held.files].sort(), [...part.keys()].sort());
    assert.deepEqual(content("test_batch.bin"), files.get("test_batch.bin"));
    assert.deepEqual(left(), [folderName]);
  });

  it("downloads what an address has; what its list names but is not there is not had", async (t) => {
    const { options, left, content } = newCache(t);
    const server = await mirrorServer(t, part, sumsOf(files));
    const held = await obtainDataset(dataset, [...part.keys()], { ...options, mirror: `${server.url}/data` });
    assert.equal(held.source, `mirror ${server.url}/data/`);
    assert.deepEqual([...held.files].sort(), [...part.keys()].sort());
    assert.deepEqual(content("data_batch_1.bin"), files.get("data_batch_1.bin"));
    assert.deepEqual(left(), [folderName]);
  });

  it("passes on where files are wanted that it lacks, unless a part will do", async (t) => {
    const { options } = newCache(t);
    const mirror = temporaryFolder(t);
    writeMirror(mirror, part);
    const lacks = /has data_batch_1\.bin, .*but lacks data_batch_2\.bin, .*data_batch_5\.bin/;
    await assert.rejects(obtainDataset(dataset, all, { ...options, mirror }), lacks);
    const held = await obtainDataset(dataset, all, { ...options, mirror, takePart: true });
    assert.equal(held.files.length, 3);
  });

  it("does not mix places: more than the cached part is fetched whole from the next place", async (t) => {
    const { options, content } = newCache(t);
    const mirror = temporaryFolder(t);
    writeMirror(mirror, new Map([...part].map(([name]) => [name, smallFiles(1).get(name)!])));
    const { dataset: official } = await archiveServer(t, good);
    await obtainDataset(official, ["data_batch_1.bin"], { ...options, mirror });
    assert.deepEqual(content("data_batch_1.bin"), smallFiles(1).get("data_batch_1.bin"));
    await obtainDataset(official, all, { ...options, mirror });
    assert.deepEqual(content("data_batch_1.bin"), files.get("data_batch_1.bin"));
  });

  it("refuses wrong checksums, and leaves nothing", async (t) => {
    const wrong = sumsOf(files).replace(/^[0-9a-f]{64}/, "0".repeat(64));
    const mirror = temporaryFolder(t);
    writeMirror(mirror, files, wrong);
    const server = await mirrorServer(t, files, wrong);
    for (const place of [mirror, `${server.url}/data`]) {
      const { options, left } = newCache(t);
      const refusal = /data_batch_1\.bin .*its SHA-256 must be 0{64}/;
      await assert.rejects(obtainDataset(dataset, all, { ...options, mirror: place }), refusal);
      assert.deepEqual(left(), []);
    }
  });

  it("names what is wrong with a mirror as a whole", async (t) => {
    const { options } = newCache(t);
    const folder = temporaryFolder(t);
    const tries = async (mirror: string, reason: RegExp) =>
      assert.rejects(obtainDataset(dataset, all, { ...options, mirror }), reason);
    await tries(join(folder, "absent"), /there is no .*absent.SHA256SUMS/);
    await tries(folder, /there is no .*SHA256SUMS/);
    writeFileSync(join(folder, "SHA256SUMS"), "not a list\n");
    await tries(folder, /SHA256SUMS as a line must be .*"not a list" on line 1/);
    writeFileSync(join(folder, "SHA256SUMS"), `${"0".repeat(64)}  other/file\n`);
    await tries(folder, /has nothing of CIFAR-10/);
    const server = await localServer(t, (_, response) => response.writeHead(404).end());
    await tries(server.url, /SHA256SUMS answers with status 404/);
    await tries("http://user:secret@127.0.0.1:9/", /must hold no user name/);
  });

  async function mirrorServer(test: TestContext, held: Map<string, Buffer>, sums: string) {
    return localServer(test, (request, response) => {
      const name = /^\/data\/(?:cifar-10-batches-bin\/)?([\w.]+)$/.exec(request.url ?? "")?.[1] ?? "";
      const bytes = name === "SHA256SUMS" ? Buffer.from(sums) : held.get(name);
      if (bytes) serve(bytes, request, response);
      else response.writeHead(404).end();
    });
  }
});

describe("obtainDataset() of plain files whose checksums are published", () => {
  const bytes = Buffer.from(Array.from({ length: 5000 }, (_, index) => index % 251));
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const scenes = (address: string): Dataset => ({
    name: "scenes",
    title: "Scenes",
    folder: "scenes",
    official: { address },
    files: [
      { name: "scenes.npz", bytes: bytes.length, sha256 },
      { name: "note.txt", bytes: { most: 100 } },
    ],
  });
  const content = new Map([
    ["scenes.npz", bytes],
    ["note.txt", Buffer.from("a note")],
  ]);
  const serving = (test: TestContext, held: Map<string, Buffer>) =>
    localServer(test, (request, response) => {
      const found = held.get(request.url!.slice("/data/".length));
      if (found) serve(found, request, response);
      else response.writeHead(404).end();
    });

  it("takes each from the official address, and asks no more", async (t) => {
    const { options, left } = newCache(t);
    const server = await serving(t, content);
    const dataset = scenes(`${server.url}/data`);
    const held = await obtainDataset(dataset, undefined, options);
    assert.equal(held.source, `the official address ${server.url}/data`);
    assert.deepEqual(readFileSync(heldFile(held, "scenes.npz")), bytes);
    assert.deepEqual(left(), ["scenes"]);
    assert.deepEqual(await obtainDataset(dataset, undefined, options), held);
    assert.deepEqual(server.requests, ["/data/scenes.npz", "/data/note.txt"]);
  });

  it("refuses other bytes from there, from a mirror, and among files that were put there by hand", async (t) => {
    const wrong = new Map(content).set("scenes.npz", Buffer.alloc(bytes.length));
    const server = await serving(t, wrong);
    const { options, left, cache } = newCache(t);
    const mirror = temporaryFolder(t);
    mkdirSync(join(mirror, "scenes"));
    for (const [name, text] of wrong) writeFileSync(join(mirror, "scenes", name), text);
    const sums = [...wrong].map(
      ([name, text]) => `${createHash("sha256").update(text).digest("hex")}  scenes/${name}\n`,
    );
    writeFileSync(join(mirror, "SHA256SUMS"), sums.join(""));
    await assert.rejects(
      obtainDataset(scenes(`${server.url}/data`), undefined, { ...options, mirror }),
      ({ attempts }: DatasetMissingError) => {
        assert.equal(attempts.length, 3);
        for (const { reason } of attempts.slice(1))
          assert.match(reason, new RegExp(`scenes\\.npz .*SHA-256 must be ${sha256}: got`));
        return true;
      },
    );
    assert.deepEqual(left(), []);
    mkdirSync(join(cache, "data", "scenes"), { recursive: true });
    for (const [name, text] of wrong) writeFileSync(join(cache, "data", "scenes", name), text);
    const held = await obtainDataset(scenes("http://127.0.0.1:9"), undefined, options);
    assert.equal(heldFile(held, "note.txt"), join(held.folder, "note.txt"));
    const refusal =
      /scenes\.npz as its SHA-256 must be .*, as published.*"dolab data fetch scenes --replace"/;
    assert.throws(() => heldFile(held, "scenes.npz"), refusal);
    assert.throws(() => heldFile(held, "other.npz"), /Scenes has no such file/);
  });

  it("says so where only a mirror could have it", async (t) => {
    const { options } = newCache(t);
    const { official: _, ...unoffered } = scenes("");
    await assert.rejects(
      obtainDataset(unoffered, undefined, options),
      ({ attempts }: DatasetMissingError) => {
        assert.deepEqual(
          attempts.map(({ place }) => place.split(" ")[0]),
          ["the", "a"],
        );
        return true;
      },
    );
  });
});

describe("obtainDataset() and the cache", () => {
  it("takes files that were put there by hand", async (t) => {
    const { options, cache } = newCache(t);
    const folder = join(cache, "data", folderName);
    mkdirSync(folder, { recursive: true });
    for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
    const held = await obtainDataset(datasetWith(good, nowhere), all, options);
    assert.equal(held.source, undefined);
    assert.deepEqual(held.sha256, {});
  });

  it("lets two processes ask at once, of which one fetches", async (t) => {
    const { cache, left } = newCache(t);
    const { server, dataset } = await archiveServer(t, good, (request, response) =>
      setTimeout(() => serve(good, request, response), 1500),
    );
    const ask = () =>
      promisify(execFile)(process.execPath, [
        ...loadsTypeScript,
        join(__dirname, "obtain-in-process.ts"),
        JSON.stringify({ dataset, wanted: all, options: { cache, mirror: "", limits } }),
      ]);
    const answers = await Promise.all([ask(), ask()]);
    for (const { stdout } of answers) assert.equal(JSON.parse(stdout).files.length, 7);
    assert.equal(server.requests.length, 1);
    assert.deepEqual(left(), [folderName]);
  });

  it("lets the newest of two calls in one process go on, and leaves the cache whole", async (t) => {
    const { options, left, content } = newCache(t);
    const { dataset } = await archiveServer(t, good, (request, response) =>
      setTimeout(() => serve(good, request, response), 50),
    );
    const older = obtainDataset(dataset, all, options);
    const newer = obtainDataset(dataset, all, options);
    await assert.rejects(older, /opened anew since/);
    assert.equal((await newer).files.length, 7);
    for (const [name, bytes] of files) assert.deepEqual(content(name), bytes);
    assert.deepEqual(left(), [folderName]);
  });

  it("says which cached files were altered", async (t) => {
    const { options, cache } = newCache(t);
    const { dataset } = await archiveServer(t, good);
    const held = await obtainDataset(dataset, all, options);
    for (const name of all) assert.equal(fileFault(held, name), undefined);
    const bytes = readFileSync(join(held.folder, "test_batch.bin"));
    bytes[5] ^= 1;
    writeFileSync(join(held.folder, "test_batch.bin"), bytes);
    writeFileSync(join(held.folder, "data_batch_3.bin"), "short");
    const now = cachedDataset(cache, dataset)!;
    const wrong = all.filter((name) => fileFault(now, name));
    assert.deepEqual(wrong, ["data_batch_3.bin", "test_batch.bin"]);
    assert.match(fileFault(now, "test_batch.bin")!, /SHA-256 must be .* as it was when fetched/);
    assert.match(fileFault(now, "data_batch_3.bin")!, /size/);
  });

  it("says that the cache cannot be written", async (t) => {
    const { options, cache } = newCache(t);
    mkdirSync(join(cache, ".."), { recursive: true });
    writeFileSync(cache, "a file");
    const { dataset } = await archiveServer(t, good);
    await assert.rejects(obtainDataset(dataset, all, options), /Cannot write .*cache/);
  });
});
