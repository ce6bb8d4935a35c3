import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";
import { JsonLinesProcess } from "../../src/bench/json-lines-process";

/** Answers as peers/serve.py does: echoes, fails or ends as it is told. */
const program = `
  require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
    const { echo, fail, end } = JSON.parse(line);
    if (end !== undefined) { console.error("the reason"); process.exit(end); }
    console.log(JSON.stringify(fail ? { error: fail } : { echo }));
  });`;

const started = () => new JsonLinesProcess(process.execPath, ["-e", program]);

describe("JsonLinesProcess", () => {
  it("stays up from question to question, and goes on after a failed one", async () => {
    const peer = started();
    assert.deepEqual(await peer.ask({ echo: "ü\n" }), { echo: "ü\n" });
    await assert.rejects(peer.ask({ fail: "ValueError: bad" }), /ValueError: bad/);
    assert.deepEqual(await peer.ask({ echo: [1, 2] }), { echo: [1, 2] });
    await peer.close();
  });

  it("says how the program ended and what it said last", async () => {
    const peer = started();
    await assert.rejects(peer.ask({ end: 3 }), /ended: exit code 3\nthe reason/);
    await assert.rejects(peer.ask({ echo: 1 }), /ended: exit code 3/);
    await peer.close();
  });

  it("says that there is no such program", async () => {
    const peer = new JsonLinesProcess("no-such-program-of-dolab", []);
    await assert.rejects(peer.ask({ echo: 1 }), /ENOENT/);
    await peer.close();
  });
});
