// dolab playground as a user runs it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import test from "node:test";
import { inProject } from "../../src/environment/paths.mjs";
import { runDolab } from "../support/run-dolab";
import { temporaryFolder } from "../support/temporary-folder";

const model = inProject("test", "fixtures", "playground", "tiny-world");
const folder = temporaryFolder();

test("dolab playground --export writes one page that may ask nobody for anything", () => {
  const file = join(folder, "page.html");
  const { code, stdout, stderr } = runDolab(["playground", model, "--export", file]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /page\.html \(1\.\d MB, works offline\)/);
  const html = readFileSync(file, "utf8");
  assert.match(
    html,
    /default-src 'none'; script-src 'sha256-[^']+' 'wasm-unsafe-eval'; style-src 'sha256-[^']+'; img-src data:; connect-src 'none'/,
  );
  assert.doesNotMatch(html, /<(script|link|img|iframe)[^>]+(src|href)="(?!data:)/);
});

test("dolab playground says what is missing and what mends it", () => {
  const none = runDolab(["playground", join(folder, "none"), "--no-open"]);
  assert.equal(none.code, 1);
  assert.match(none.stderr, /none as there must be such a folder: got none; train one first \(dolab boolean/);
  const file = runDolab(["playground", join(model, "config.json"), "--no-open"]);
  assert.equal(file.code, 1);
  assert.match(file.stderr, /as that must be a folder: got a file; name the folder that it lies in/);
  const other = runDolab(["playground", folder, "--export", join(folder, "other.html")]);
  assert.equal(other.code, 1);
  assert.match(other.stderr, /must hold config\.json: got none/);
  assert.equal(existsSync(join(folder, "other.html")), false);
  const port = runDolab(["playground", model, "--no-open", "--port", "70000"]);
  assert.equal(port.code, 1);
  assert.match(port.stderr, /a port is from 0 to 65535: got 70000/);
});

test("dolab playground serves until Ctrl-C", async () => {
  const child = spawn(process.execPath, [
    inProject("src", "cli", "dolab.mjs"),
    "playground",
    model,
    "--no-open",
  ]);
  const url = await new Promise<string>((resolve, reject) => {
    let output = "";
    child.stdout.on("data", (data) => {
      output += data;
      const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(output);
      if (found) resolve(found[0]);
    });
    child.on("exit", (code) => reject(new Error(`ended with ${code}: ${output}`)));
  });
  assert.equal((await fetch(url)).status, 200);
  const ended = new Promise((resolve) => child.on("exit", resolve));
  child.kill("SIGINT");
  assert.equal(await ended, 0);
  await assert.rejects(fetch(url));
});
