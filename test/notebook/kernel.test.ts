import assert from "node:assert/strict";
import { readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { contentOf, KernelClient, printed } from "../../src/bench/kernel-client";
import { projectCopy } from "../support/project-copy";

describe("the kernel", () => {
  const project = projectCopy(); // one of the tests edits a source
  const kernel = new KernelClient(join(project.root, "notebooks"), project.jupyter);
  after(() => kernel.close());

  it("numbers its cells, and tells clients so", async () => {
    const first = await kernel.execute("const one = 1");
    const second = await kernel.execute("one + 1");
    assert.equal(contentOf(second, "execute_input")?.execution_count, first.reply.execution_count + 1);
    assert.equal(second.reply.execution_count, first.reply.execution_count + 1);
    assert.equal(printed(second), "2\n");
    const silent = await kernel.execute("one", { silent: true });
    assert.equal(
      silent.reply.execution_count,
      second.reply.execution_count,
      "a silent request counts nothing",
    );
  });

  it("gives the library's names, types, completion and documentation to a cell", async () => {
    await kernel.execute('import { median, twoByTwo } from "dolab"');
    assert.equal(printed(await kernel.execute("median([3, 1, 2])")), "2\n");
    const { reply } = await kernel.ask<{ reply: { matches: string[] } }>({ complete: "twoByTwo.ana" });
    assert.ok(reply.matches.includes("analyze"), String(reply.matches));
    const hover = await kernel.ask<{ reply: { data: Record<string, string> } }>({ inspect: "median", at: 3 });
    assert.match(hover.reply.data["text/plain"], /Returns the middle value/);
    const wrong = await kernel.execute('median("three")');
    assert.equal(contentOf(wrong, "error")?.ename, "TypeScript");
  });

  it("knows names of earlier cells in shorthand properties too", async () => {
    await kernel.execute('import { median as middle } from "dolab"; const width = 8');
    assert.equal(
      printed(await kernel.execute("const options = { middle, width };\noptions.middle([options.width])")),
      "8\n",
    );
    const shadowed = "const own = (width: number) => ({ width }); let height = 1; own(3).width + height";
    assert.equal(printed(await kernel.execute(shadowed)), "4\n");
    await kernel.execute("let depth = 1");
    assert.equal(printed(await kernel.execute("({ depth } = { depth: 5 }); 0")), "0\n");
  });

  it("reports a thrown error with a trace that starts in the cell, names its line and hides tslab", async () => {
    const executed = await kernel.execute(
      "// first line\nfunction fail() {\n  throw new RangeError('Cannot do this')\n}\nfail()",
    );
    const { ename, evalue, traceback } = contentOf(executed, "error") as Record<string, string[] | string>;
    assert.equal(ename, "RangeError");
    assert.equal(evalue, "Cannot do this");
    const trace = (traceback as string[]).join("\n");
    assert.match(trace, /at fail \(line 3 of this cell\)\n.*line 5 of this cell/);
    assert.doesNotMatch(trace, /tslab|node:internal|evalmachine/);
    assert.equal(executed.reply.status, "error");
  });

  it("fails the cell whose promise nobody awaited", async () => {
    const executed = await kernel.execute('Promise.reject(new Error("stray")); "shown"');
    assert.equal(executed.reply.status, "error");
    assert.equal(contentOf(executed, "error")?.evalue, "stray");
  });

  it("aborts what was queued behind a failed cell, and nothing that comes later", async () => {
    const { replies } = await kernel.ask<{ replies: { status: string }[] }>({
      executeAll: ['throw new Error("first")', "1 + 1", "2 + 2"],
    });
    assert.deepEqual(
      replies.map(({ status }) => status),
      ["error", "aborted", "aborted"],
    );
    assert.equal((await kernel.execute("3 + 3")).reply.status, "ok");
  });

  it("interrupts an awaiting cell, tells its work to stop, and goes on", async () => {
    await kernel.execute('import { track } from "dolab"');
    const code = `
      const pause = () => new Promise((resolve) => setTimeout(resolve, 20));
      let laps = 0;
      for await (const lap of track(Array.from({ length: 3000 }, (_, i) => i))) {
        if (lap === 3) console.log("third lap");
        laps = lap;
        await pause();
      }`;
    const executed = await kernel.execute(code, { interruptOn: "third lap" });
    assert.equal(executed.reply.status, "error");
    assert.equal(contentOf(executed, "error")?.ename, "Interrupted");
    const laps = Number(printed(await kernel.execute("laps")));
    await kernel.execute("await new Promise((resolve) => setTimeout(resolve, 200))");
    assert.ok(laps > 2 && laps < 2000, `${laps} laps`);
    assert.equal(
      Number(printed(await kernel.execute("laps"))),
      laps,
      "the loop does not go on behind the next cell",
    );
  });

  it("interrupts a loop that never yields", async () => {
    const executed = await kernel.execute("while (true) {}", { interruptAfter: 0.5 });
    assert.equal(executed.reply.status, "error");
    assert.equal(printed(await kernel.execute("'alive'")), "alive\n");
  });

  it("takes `for await` at the top of a cell", async () => {
    const executed = await kernel.execute("for await (const x of [Promise.resolve(7)]) console.log(x)");
    assert.equal(printed(executed), "7\n");
  });

  it("shows nothing of an empty write to a stream", async () => {
    const executed = await kernel.execute('const written = process.stderr.write("")');
    assert.equal(contentOf(executed, "stream"), undefined);
  });

  it("shows a danfo frame and an arquero table as tables when a cell ends with one", async () => {
    for (const cell of [
      'import { DataFrame } from "danfojs-node"; new DataFrame([{ city: "Bern", n: 3 }])',
      'import { table as columns } from "arquero"; columns({ city: ["Bern"], n: [3] })',
    ]) {
      const { data } = contentOf(await kernel.execute(cell), "display_data") as {
        data: Record<string, string>;
      };
      assert.match(data["text/html"], /<table[\s\S]*Bern[\s\S]*<\/table>/);
    }
  });

  it("sends several formats of one output together", async () => {
    const executed = await kernel.execute(
      'import { figure } from "dolab"; figure({ data: [{ y: [1, 2] }] })',
    );
    const { data } = contentOf(executed, "display_data") as { data: Record<string, unknown> };
    assert.deepEqual(Object.keys(data).sort(), ["application/vnd.plotly.v1+json", "text/html", "text/plain"]);
  });

  it("sees an edit to a file behind the index when the import cell is rerun", async () => {
    const file = join(project.root, "src", "stats", "mean.ts");
    const original = readFileSync(file, "utf8");
    const cell = 'import { mean } from "dolab"; mean([1, 3])';
    assert.equal(printed(await kernel.execute(cell)), "2\n");
    try {
      writeFileSync(
        file,
        original.replace("): number {\n", "): number {\n  if (values.length === 2) return 42;\n"),
      );
      const edited = await kernel.execute(cell);
      assert.equal(printed(edited), "42\n", JSON.stringify(edited).slice(0, 1500));
    } finally {
      writeFileSync(file, original);
      utimesSync(file, new Date(), new Date());
    }
    assert.equal(printed(await kernel.execute(cell)), "2\n");
  });

  it("runs a file of one's own that a cell imports, and the files behind it, and says where their types are wrong", async () => {
    const write = (name: string, text: string) => writeFileSync(join(project.root, name), text);
    write("behind.ts", "export const behind = 2;\n");
    write("own.ts", 'import { behind } from "./behind";\nexport const own = behind * 21;\n');
    const cell = 'import { own } from "./own"; own';
    assert.equal(printed(await kernel.execute(cell)), "42\n");
    write("wrong.ts", 'import { behind } from "./behind";\nexport const wrong: string = behind;\n');
    const failed = contentOf(await kernel.execute('import { wrong } from "./wrong"; wrong'), "error");
    assert.match(
      String(failed?.evalue),
      /wrong\.ts line 2, column \d+: Type 'number' is not assignable to type 'string'/,
    );
  });

  it("shares one TensorFlow between the library, a cell and danfo", async () => {
    const executed = await kernel.execute(`
      import { tensorflow } from "dolab";
      import { DataFrame } from "danfojs-node";
      const frame = new DataFrame([[1, 2], [3, 4]]);
      const product = frame.tensor.matMul(tensorflow().ones([2, 2]) as any);
      console.log(JSON.stringify(product.arraySync()), frame.tensor instanceof tensorflow().Tensor)`);
    assert.equal(printed(executed), "[[3,3],[7,7]] true\n");
  });
});
