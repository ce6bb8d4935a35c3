// The playground's server against requests that mean harm, as raw bytes, and in a real browser.
import assert from "node:assert/strict";
import { cpSync, linkSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { type PageServer, playgroundHtml, servePlayground } from "../../../src/pages";
import { launchBrowser } from "../../support/browser";
import { temporaryFolder } from "../../support/temporary-folder";
import { exactStates, tinyWorld } from "./open-playground";

const folder = join(temporaryFolder(), "model");
let server: PageServer;
let port: number;

before(async () => {
  cpSync(tinyWorld, folder, { recursive: true });
  writeFileSync(join(folder, "..", "secret.json"), '{"secret":1}');
  writeFileSync(join(folder, "notes.json"), '{"secret":2}');
  server = await servePlayground(folder);
  port = Number(new URL(server.url).port);
});
after(() => server.close());

/** Sends bytes and reads all that comes until the server ends the connection or is silent. */
function send(bytes: string | Buffer, { host = "127.0.0.1", silence = 2000 } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host);
    let answer = "";
    socket.setTimeout(silence, () => socket.destroy());
    socket.on("connect", () => socket.write(bytes));
    socket.on("data", (data) => {
      answer += data.toString("latin1");
    });
    socket.on("error", (error: NodeJS.ErrnoException) =>
      answer || error.code === "ECONNRESET" || error.code === "EPIPE" ? undefined : reject(error),
    );
    socket.on("close", () => resolve(answer));
  });
}

const get = (target: string, headers = `Host: 127.0.0.1:${port}`) =>
  send(`GET ${target} HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n`);
const status = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);

test("servePlayground() serves the page with a strict policy, and the model's files", async () => {
  const page = await get("/");
  assert.equal(status(page), 200);
  const policy = /content-security-policy: (.*)\r/i.exec(page)?.[1] ?? "";
  assert.match(
    policy,
    /^default-src 'none'; script-src 'sha256-[^']+' 'wasm-unsafe-eval'; style-src 'sha256-/,
  );
  assert.match(policy, /connect-src 'self'; .*frame-ancestors 'none'/);
  assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|https?:/);
  assert.match(page, /x-content-type-options: nosniff/i);
  const config = await get("/files/config.json");
  assert.equal(status(config), 200);
  assert.ok(config.endsWith(readFileSync(join(tinyWorld, "config.json"), "latin1")));
});

test("servePlayground() serves nothing else, however it is asked", async () => {
  const targets = [
    "/files/../secret.json",
    "/files/..%2fsecret.json",
    "/files/%2e%2e/secret.json",
    "/files/..%5csecret.json",
    "/files/config.json/../../secret.json",
    "/files//secret.json",
    "/files/notes.json",
    "/files/",
    "/model",
    "/notes.json",
    "//secret.json",
    "/../../../../etc/passwd",
    "/files/config.json%00.html",
    "/files/%E0%A4%A",
    "/files/constructor",
    "/index.html",
  ];
  for (const target of targets) {
    const answer = await get(target);
    assert.match(String(status(answer)), /^(400|404)$/, `${target}: ${answer.slice(0, 200)}`);
    assert.doesNotMatch(answer, /secret":|root:/, target);
  }
});

test("servePlayground() follows no link out of the model's folder", async () => {
  const world = join(folder, "world.json");
  const content = readFileSync(world);
  rmSync(world);
  try {
    symlinkSync(join(folder, "..", "secret.json"), world);
    const linked = await get("/files/world.json");
    assert.equal(status(linked), 500);
    assert.doesNotMatch(linked, /secret":/);
    rmSync(world);
    mkdirSync(world);
    assert.equal(status(await get("/files/world.json")), 500);
    rmSync(world, { recursive: true });
    assert.equal(status(await get("/files/world.json")), 204);
  } finally {
    writeFileSync(world, content);
  }
});

test("servePlayground() refuses requests that name another host (DNS rebinding) or none", async () => {
  for (const host of [
    "evil.example",
    `evil.example:${port}`,
    "127.0.0.1",
    "127.0.0.1:1",
    `[::1]:${port}`,
    "",
    `127.0.0.1:${port}.evil`,
  ]) {
    const answer = await get("/files/config.json", `Host: ${host}`);
    assert.match(String(status(answer)), /^(400|403)$/, host);
    assert.doesNotMatch(answer, /vocab_size/, host);
  }
  assert.match(String(status(await get("/", "X-Nothing: 1"))), /^(400|403)$/);
  const absolute = await get("http://evil.example/files/config.json", "Host: evil.example");
  assert.doesNotMatch(absolute, /vocab_size/);
  assert.equal(status(await get("/", `Host: localhost:${port}`)), 200);
});

test("servePlayground() listens on the loopback address alone", async () => {
  const others = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ internal, family }) => !internal && family === "IPv4");
  for (const { address } of others)
    await assert.rejects(send("GET / HTTP/1.1\r\n\r\n", { host: address }), /ECONNREFUSED/);
});

test("servePlayground() outlives malformed, endless and half-sent requests", async () => {
  const host = `Host: 127.0.0.1:${port}`;
  const hostile: [string | Buffer, RegExp][] = [
    ["\r\n\r\n\r\n", /^(400|NaN)$/],
    ["GET\r\n\r\n", /^400$/],
    ["GET / HTTP/9.9\r\n\r\n", /^(400|505)$/],
    [Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0xff, 0xff]), /^400$/],
    [Buffer.alloc(100_000, 0xff), /^400$/],
    [`GET /${"a".repeat(20_000)} HTTP/1.1\r\n${host}\r\n\r\n`, /^(400|431)$/],
    [`GET / HTTP/1.1\r\n${host}\r\nX: ${"a".repeat(20_000)}\r\n\r\n`, /^(400|431)$/],
    [`GET / HTTP/1.1\r\n${host}\r\n${host}\r\n\r\n`, /^(200|400|403)$/],
    [
      `GET / HTTP/1.1\r\n${host}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      /^400$/,
    ],
    [`POST / HTTP/1.1\r\n${host}\r\nContent-Length: 1000000000\r\n\r\n${"a".repeat(50_000)}`, /^405$/],
    [`DELETE /files/config.json HTTP/1.1\r\n${host}\r\n\r\n`, /^405$/],
    [`PUT /files/config.json HTTP/1.1\r\n${host}\r\nContent-Length: 2\r\n\r\n{}`, /^405$/],
    [`CONNECT evil.example:443 HTTP/1.1\r\n${host}\r\n\r\n`, /^(400|405|NaN)$/],
    [`GET / HTTP/1.1\r\n${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n`, /^(200|400|426)$/],
    [`GET / HTTP/1.1\r\n${host}`, /^NaN$/],
    [`GET \u0000 HTTP/1.1\r\n${host}\r\n\r\n`, /^400$/],
    [`GET * HTTP/1.1\r\n${host}\r\n\r\n`, /^(400|404)$/],
  ];
  const answers = await Promise.all(hostile.map(([bytes]) => send(bytes)));
  for (const [i, [bytes, expected]] of hostile.entries())
    assert.match(String(status(answers[i])), expected, JSON.stringify(String(bytes).slice(0, 60)));
  assert.equal(status(await get("/files/config.json")), 200);
  assert.equal(
    readFileSync(join(folder, "config.json"), "utf8"),
    readFileSync(join(tinyWorld, "config.json"), "utf8"),
  );
});

test("servePlayground() names the folder that is meant, where a file or the folder above a model is given", async () => {
  const above = temporaryFolder();
  cpSync(tinyWorld, join(above, "final"), { recursive: true });
  await assert.rejects(servePlayground(above), {
    name: "RangeError",
    message: /must hold config\.json: got none; did you mean .*final\?$/,
  });
  for (const file of [join(tinyWorld, "world.json"), join(tinyWorld, "world.json", "final")])
    await assert.rejects(servePlayground(file), {
      name: "RangeError",
      message: /^Cannot play with the model in/,
    });
});

test("servePlayground() and playgroundHtml() refuse a world of more states than a page can show", async () => {
  const large = join(temporaryFolder(), "large");
  cpSync(tinyWorld, large, { recursive: true });
  const world = (count: number) => {
    const inputs = Array.from({ length: count }, (_, i) => `in${i}`);
    const rules = `inputs ${inputs.join(", ")}\nnewA = in0 AND in1\nsum(in0+in1) - sum2(newA)`;
    writeFileSync(join(large, "world.json"), JSON.stringify({ rules, excluded: [] }));
  };
  world(11);
  const refusal = {
    name: "RangeError",
    message: /its world must be of 1024 states at most \(10 inputs\): got 2048$/,
  };
  await assert.rejects(servePlayground(large), refusal);
  await assert.rejects(playgroundHtml(large), refusal);
  world(10);
  await (await servePlayground(large)).close();
});

test("servePlayground() refuses a folder that is no model, and a port that is taken", async () => {
  const empty = temporaryFolder();
  await assert.rejects(servePlayground(empty), /must hold config\.json: got none/);
  await assert.rejects(servePlayground(folder, { port }), /port must be free/);
  const broken = join(temporaryFolder(), "broken");
  cpSync(tinyWorld, broken, { recursive: true });
  writeFileSync(join(broken, "model.safetensors"), "no tensors");
  await assert.rejects(servePlayground(broken), /model\.safetensors/);
  linkSync(join(broken, "vocab.json"), join(broken, "other.json"));
  writeFileSync(join(broken, "world.json"), "{}");
  cpSync(join(tinyWorld, "model.safetensors"), join(broken, "model.safetensors"));
  await assert.rejects(servePlayground(broken), /world\.json as it must hold rules/);
});

test("the served page asks its server alone and shows what the exported file shows", async (t) => {
  const browser = await launchBrowser(t);
  if (!browser) return;
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(`${server.url}#state=0,0,0,0,1`);
  assert.equal(await exactStates(page), 32);
  assert.match(await page.locator("#answer .verdict").innerText(), /agrees/);
  assert.ok(
    requests.every((url) => url.startsWith(server.url)),
    requests.join("\n"),
  );
  assert.deepEqual(complaints, []);
});
