import assert from "node:assert/strict";
import { test } from "node:test";
import { display, interruptSignal } from "../../src/notebook/display";
import { fakeKernel } from "./kernel-bridge";

const bundle = { data: { "text/plain": "hello", "text/html": "<b>hello</b>" }, metadata: {} };

test("display() hands all formats to the kernel as one output", (t) => {
  const { shown } = fakeKernel(t);
  display(bundle);
  assert.deepEqual(shown, [{ ...bundle, displayId: undefined, update: false }]);
});

test("display() replaces a named output", (t) => {
  const { shown } = fakeKernel(t);
  display(bundle, { displayId: "bar" });
  display(bundle, { displayId: "bar", update: true });
  assert.deepEqual(
    shown.map(({ displayId, update }) => ({ displayId, update })),
    [
      { displayId: "bar", update: false },
      { displayId: "bar", update: true },
    ],
  );
  assert.throws(() => display(bundle, { update: true }), /needs the displayId it was shown with: got none/);
});

test("display() outside of a notebook shows nothing, or the plain text to a given writer", () => {
  const written: string[] = [];
  display(bundle);
  display(bundle, { write: (text) => written.push(text) });
  assert.deepEqual(written, ["hello\n"]);
});

test("display() finds the writer of a plain tslab kernel", (t) => {
  const file = require.resolve("tslab/dist/jupyter");
  const calls: unknown[] = [];
  const module = { exports: { lastWriteDisplayData: (...call: unknown[]) => calls.push(call) } };
  const before = require.cache[file];
  t.after(() => {
    if (before) require.cache[file] = before;
    else delete require.cache[file];
  });
  require.cache[file] = module as unknown as NodeJS.Module;
  display(bundle, { displayId: "x" });
  assert.deepEqual(calls, [[{ ...bundle, transient: { display_id: "x" } }, false]]);
});

test("interruptSignal() is the kernel's, and never aborts outside of one", (t) => {
  assert.equal(interruptSignal().aborted, false);
  const { interrupt } = fakeKernel(t);
  const signal = interruptSignal();
  interrupt();
  assert.equal(signal.aborted, true);
});
