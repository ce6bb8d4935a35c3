import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type ExecutionEvent, executeNotebook } from "../../src/report/execute-notebook";
import { readExecutedNotebook } from "../../src/report/executed-notebook";
import { scratchFolder } from "../io/scratch";
import { havePython } from "../support/python";
import { cells, notebookOf } from "../support/sample-notebook";

interface CodeCell {
  cell_type: string;
  execution_count: number | null;
  outputs: { output_type: string; text?: string[]; name?: string; ename?: string }[];
}

function prepare(t: TestContext, list: object[]) {
  const folder = scratchFolder(t);
  const notebook = join(folder, "source.ipynb");
  writeFileSync(notebook, JSON.stringify(notebookOf(list)));
  const executed = join(folder, "out", "executed.ipynb");
  const codeCells = () =>
    (JSON.parse(readFileSync(executed, "utf8")).cells as CodeCell[]).filter(
      (cell) => cell.cell_type === "code",
    );
  return { folder, notebook, executed, codeCells };
}

test("executeNotebook() runs the cells in the project's root with the overrides, and reports each", async (t) => {
  if (!havePython(t)) return;
  const { notebook, executed, codeCells, folder } = prepare(t, [
    cells.markdown("# Sum\n\n## First"),
    cells.code(
      "const parameters = JSON.parse(process.env.DOLAB_PARAMETERS ?? '{}');\nconsole.log(parameters.steps + 1);",
      [],
      null,
    ),
    cells.code("  ", [], null),
    cells.markdown("## Second"),
    cells.code(
      "require('fs').existsSync('package.json')",
      [{ output_type: "stream", name: "stdout", text: "stale" }],
      9,
    ),
  ]);
  const before = readFileSync(notebook, "utf8");
  const events: ExecutionEvent[] = [];
  const outcome = await executeNotebook(notebook, {
    executed,
    overrides: { steps: 41 },
    onProgress: (event) => events.push(event),
  });

  assert.equal(outcome.passed, true);
  assert.ok(outcome.seconds > 0);
  assert.deepEqual(
    events.map((event) => [
      event.event,
      "cell" in event ? event.cell : "",
      "heading" in event ? event.heading : "",
    ]),
    [
      ["start", "", ""],
      ["cell-start", 1, "First"],
      ["cell-end", 1, ""],
      ["cell-start", 2, "Second"],
      ["cell-end", 2, ""],
      ["end", "", ""],
    ],
  );
  const [first, blank, second] = codeCells();
  assert.deepEqual([first.outputs[0].text, second.outputs[0].text], [["42\n"], ["true\n"]]);
  assert.deepEqual([first.execution_count, blank.execution_count, second.execution_count], [1, null, 2]);
  assert.equal(readFileSync(notebook, "utf8"), before, "the source notebook is only read");
  assert.deepEqual(readdirSync(join(folder, "out")), ["executed.ipynb"], "no temporary file stays");
  const { outcome: stored, title } = readExecutedNotebook(executed);
  assert.equal(title, "Sum");
  assert.equal(stored?.passed, true);
  assert.equal(stored?.wallTimeSeconds, outcome.seconds);
  assert.match(stored?.startedAt ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
});

test("executeNotebook() stops at the first failing cell and keeps what came before", async (t) => {
  if (!havePython(t)) return;
  const { notebook, executed, codeCells } = prepare(t, [
    cells.code("console.log('before');", [], null),
    cells.code("throw new RangeError('no values: got 0');", [], null),
    cells.code("console.log('after');", [], null),
  ]);
  const outcome = await executeNotebook(notebook, { executed });
  assert.deepEqual(outcome.error, { cell: 2, name: "RangeError", message: "no values: got 0" });
  assert.equal(outcome.passed, false);
  const [before, failed, after] = codeCells();
  assert.deepEqual(before.outputs[0].text, ["before\n"]);
  assert.equal(failed.outputs[0].ename, "RangeError");
  assert.deepEqual(after.outputs, []);
  assert.deepEqual(readExecutedNotebook(executed).outcome?.error, outcome.error);
});

test("executeNotebook() ends a cell that takes too long", async (t) => {
  if (!havePython(t)) return;
  const { notebook, executed } = prepare(t, [
    cells.code("await new Promise((go) => setTimeout(go, 60000));", [], null),
  ]);
  const outcome = await executeNotebook(notebook, { executed, cellTimeoutSeconds: 2 });
  assert.deepEqual(outcome.error, {
    cell: 1,
    name: "Timeout",
    message: "The cell took longer than the time limit of the run",
  });
  assert.ok(outcome.seconds < 30);
});

test("executeNotebook() ends when it is told to, and keeps what was done", async (t) => {
  if (!havePython(t)) return;
  const { notebook, executed, codeCells } = prepare(t, [
    cells.code("console.log(process.pid);", [], null),
    cells.code("await new Promise((go) => setTimeout(go, 60000));", [], null),
  ]);
  const controller = new AbortController();
  const outcome = await executeNotebook(notebook, {
    executed,
    signal: controller.signal,
    onProgress: (event) => {
      if (event.event === "cell-start" && event.cell === 2) setTimeout(() => controller.abort(), 300);
    },
  });
  assert.deepEqual(outcome.error, { cell: 2, name: "Interrupted", message: "The run was interrupted" });
  const kernel = Number(codeCells()[0].outputs[0].text?.join(""));
  assert.ok(kernel > 1);
  assert.throws(() => process.kill(kernel, 0), { code: "ESRCH" }, "the kernel is gone");
});

test("executeNotebook() says why it could not start", async (t) => {
  if (!havePython(t)) return;
  const { folder } = prepare(t, []);
  const run = executeNotebook(join(folder, "absent.ipynb"), { executed: join(folder, "out.ipynb") });
  await assert.rejects(
    run,
    /Cannot run .*absent\.ipynb as the runner ended before its first cell: .*No such file/,
  );
});
