import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { gzipSync } from "node:zlib";
import { download } from "../../../src/data/store/download";
import { TransferError } from "../../../src/data/store/http-get";
import { temporaryFolder } from "../../support/temporary-folder";
import { localServer, serve } from "./local-server";

const limits = { silenceMs: 2000, attempts: 3, firstDelayMs: 5 };
const content = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * 7919) % 251));
const md5 = createHash("md5").update(content).digest("hex");
const expected = { bytes: content.length, checksum: { algorithm: "md5", digest: md5 } as const };

function target(test: TestContext) {
  const folder = temporaryFolder(test);
  return { folder, path: join(folder, "file") };
}

describe("download()", () => {
  it("writes the file and leaves nothing else", async (t) => {
    const server = await localServer(t, (request, response) => serve(content, request, response));
    const { folder, path } = target(t);
    const seen: number[] = [];
    await download(server.url, path, expected, { limits, onBytes: (bytes) => seen.push(bytes) });
    assert.deepEqual(readFileSync(path), content);
    assert.deepEqual(readdirSync(folder), ["file"]);
    assert.equal(seen.at(-1), content.length);
    assert.deepEqual(
      [...seen].sort((a, b) => a - b),
      seen,
    );
  });

  it("goes on where the connection was cut, as often as each try brings something", async (t) => {
    let left = 6; // more cuts than tries in a row are allowed
    const server = await localServer(t, (request, response) =>
      serve(content, request, response, { etag: '"v1"', cutAfter: left-- > 0 ? 30_000 : undefined }),
    );
    const { path } = target(t);
    await download(server.url, path, expected, { limits });
    assert.deepEqual(readFileSync(path), content);
    const ranges = server.requests.map((request) => Number(/bytes=(\d+)-/.exec(request)?.[1] ?? 0));
    assert.deepEqual(ranges, [0, 30_000, 60_000, 90_000, 120_000, 150_000, 180_000]);
  });

  it("goes on with what an earlier call left", async (t) => {
    let cut = true;
    const server = await localServer(t, (request, response) =>
      cut && request.headers.range
        ? response.destroy()
        : serve(content, request, response, { etag: '"v1"', cutAfter: cut ? 50_000 : undefined }),
    );
    const { path } = target(t);
    await assert.rejects(download(server.url, path, expected, { limits }), /cut the connection/);
    assert.equal(statSync(`${path}.part`).size, 50_000);
    assert.equal(existsSync(path), false);
    cut = false;
    const before = server.requests.length;
    await download(server.url, path, expected, { limits });
    assert.deepEqual(server.requests.slice(before), ["/ bytes=50000-"]);
    assert.deepEqual(readFileSync(path), content);
  });

  it("begins anew where the server ignores ranges", async (t) => {
    let first = true;
    const server = await localServer(t, (request, response) => {
      serve(content, request, response, { ranges: false, cutAfter: first ? 50_000 : undefined });
      first = false;
    });
    const { path } = target(t);
    await download(server.url, path, expected, { limits });
    assert.deepEqual(readFileSync(path), content);
  });

  it("begins anew, once, where two versions were put together", async (t) => {
    const older = Buffer.from(content).reverse();
    let count = 0;
    const server = await localServer(t, (request, response) => {
      count += 1;
      serve(count === 1 ? older : content, request, response, { cutAfter: count === 1 ? 50_000 : undefined });
    });
    const { path } = target(t);
    await download(server.url, path, expected, { limits });
    assert.deepEqual(readFileSync(path), content);
    assert.deepEqual(server.requests, ["/", "/ bytes=50000-", "/"]);
  });

  it("begins anew where nothing would tell that two versions were put together", async (t) => {
    const server = await localServer(t, (request, response) => serve(content, request, response));
    const { folder, path } = target(t);
    writeFileSync(`${path}.part`, Buffer.alloc(1000));
    await download(server.url, path, { bytes: content.length }, { limits });
    assert.deepEqual(server.requests, ["/"]);
    assert.deepEqual(readdirSync(folder), ["file"]);
  });

  it("copies a file that lies nearby, with the same checks", async (t) => {
    const { folder, path } = target(t);
    const nearby = join(folder, "nearby");
    writeFileSync(nearby, content);
    await download(nearby, path, expected);
    assert.deepEqual(readFileSync(path), content);
    writeFileSync(nearby, Buffer.alloc(content.length));
    await assert.rejects(download(nearby, join(folder, "other"), expected), /MD5 must be/);
    await assert.rejects(download(join(folder, "absent"), path, expected), { kind: "absent" });
    assert.deepEqual(readdirSync(folder).sort(), ["file", "nearby"]);
  });

  it("refuses a file of the right size with the wrong bytes, and keeps nothing of it", async (t) => {
    const wrong = Buffer.from(content);
    wrong[777] ^= 1;
    const server = await localServer(t, (request, response) => serve(wrong, request, response));
    const { folder, path } = target(t);
    const refusal = { name: "TransferError", message: new RegExp(`MD5 must be ${md5}`) };
    await assert.rejects(download(server.url, path, expected, { limits }), refusal);
    assert.deepEqual(readdirSync(folder), []);
    assert.equal(server.requests.length, 1);
  });

  it("refuses a file of another size without taking it", async (t) => {
    for (const size of [content.length - 1, content.length + 1]) {
      const server = await localServer(t, (request, response) =>
        serve(Buffer.alloc(size), request, response),
      );
      const { folder, path } = target(t);
      const rule = new RegExp(`its size must be ${content.length} bytes: got ${size}`);
      await assert.rejects(download(server.url, path, expected, { limits }), rule);
      assert.deepEqual(readdirSync(folder), []);
    }
  });

  it("takes no more than the most that an unsized file may have", async (t) => {
    const server = await localServer(t, (_, response) => {
      response.write(Buffer.alloc(60_000)); // without a length
      setTimeout(() => response.end(Buffer.alloc(60_000)), 10);
    });
    const { folder, path } = target(t);
    await assert.rejects(
      download(server.url, path, { bytes: { most: 100_000 } }, { limits }),
      /at most 100000/,
    );
    assert.deepEqual(readdirSync(folder), []);
  });

  it("keeps the bytes of a .gz file that is labelled as an encoding", async (t) => {
    const zipped = gzipSync(content);
    const server = await localServer(t, (request, response) => {
      response.setHeader("content-encoding", "x-gzip");
      serve(zipped, request, response);
    });
    const { path } = target(t);
    await download(server.url, path, { bytes: zipped.length }, { limits });
    assert.deepEqual(readFileSync(path), zipped);
  });

  it("does not repeat a request that is refused, and repeats one that a busy server puts off", async (t) => {
    const refusing = await localServer(t, (_, response) => response.writeHead(404).end("no"));
    const { folder, path } = target(t);
    await assert.rejects(download(refusing.url, path, expected, { limits }), /status 404/);
    assert.equal(refusing.requests.length, 1);
    assert.deepEqual(readdirSync(folder), []);
    let busy = 2;
    const server = await localServer(t, (request, response) =>
      busy-- > 0 ? response.writeHead(503).end() : serve(content, request, response),
    );
    await download(server.url, path, expected, { limits });
    assert.equal(server.requests.length, 3);
  });

  it("gives up on a server that falls silent, before or within its answer, and keeps what came", async (t) => {
    const quick = { ...limits, silenceMs: 150, attempts: 2 };
    const mute = await localServer(t, () => {});
    const { path } = target(t);
    await assert.rejects(download(mute.url, path, expected, { limits: quick }), /silent for 0\.15 s/);
    assert.equal(mute.requests.length, 2);
    const stalling = await localServer(t, (request, response) => {
      if (request.headers.range) return;
      response.writeHead(200, { "content-length": content.length });
      response.write(content.subarray(0, 10_000));
    });
    await assert.rejects(download(stalling.url, path, expected, { limits: quick }), /silent for 0\.15 s/);
    assert.equal(statSync(`${path}.part`).size, 10_000);
  });

  it("follows redirects up to the limit", async (t) => {
    const server = await localServer(t, (request, response) => {
      const hops = Number(request.url?.slice(1));
      if (hops > 0) response.writeHead(302, { location: `/${hops - 1}` }).end();
      else serve(content, request, response);
    });
    const { path } = target(t);
    await download(`${server.url}/5`, path, expected, { limits });
    await assert.rejects(download(`${server.url}/6`, path, expected, { limits }), /more than 5 times/);
  });

  it("says that there is no server, at once", async (t) => {
    const { path } = target(t);
    const start = Date.now();
    await assert.rejects(
      download("http://127.0.0.1:9/", path, expected, { limits: { ...limits, firstDelayMs: 10_000 } }),
      (error) => error instanceof TransferError && /127\.0\.0\.1:9 refuses connections/.test(error.message),
    );
    assert.ok(Date.now() - start < 2000);
  });

  it("stops when it is told to, with the signal's reason, and keeps what came", async (t) => {
    const server = await localServer(t, (_, response) => {
      response.writeHead(200, { "content-length": content.length });
      response.write(content.subarray(0, 10_000));
    });
    const { path } = target(t);
    const stop = new AbortController();
    const reason = new Error("enough");
    const onBytes = () => stop.abort(reason);
    await assert.rejects(
      download(server.url, path, expected, { limits, onBytes, signal: stop.signal }),
      reason,
    );
    assert.ok(statSync(`${path}.part`).size > 0);
    await assert.rejects(download(server.url, path, expected, { limits, signal: stop.signal }), reason);
  });

  it("stops writing where another call has taken the file over", async (t) => {
    const server = await localServer(t, (request, response) => serve(content, request, response));
    const { path } = target(t);
    const check = () => {
      throw new Error("taken over");
    };
    await assert.rejects(download(server.url, path, expected, { limits, check }), /taken over/);
    assert.equal(existsSync(`${path}.part`), false);
  });
});
