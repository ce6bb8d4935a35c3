import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { shareTimer } from "../../src/notebook/kernel/compiler-host";

/** A host with place for one timer, as tslab's: a second one throws, and so does clearing another. */
function hostOfOne() {
  let pending: { callback: () => void } | null = null;
  const host = {
    setTimeout(callback: () => void, _milliseconds: number) {
      if (pending) throw new Error("Unexpected pending rebuildTimer");
      pending = { callback };
      return pending as unknown;
    },
    clearTimeout(timer: unknown) {
      if (timer !== pending) throw new Error("clearing unexpected timer");
      pending = null;
    },
    fire() {
      const fired = pending;
      fired?.callback();
      pending = null;
    },
    isPending: () => pending !== null,
  };
  shareTimer(host);
  return host;
}

describe("shareTimer()", () => {
  it("lets several timers wait together, and fires each once in order", () => {
    const host = hostOfOne();
    const fired: string[] = [];
    host.setTimeout(() => fired.push("failed look-ups"), 250);
    host.setTimeout(() => fired.push("program"), 250);
    host.fire();
    host.fire();
    assert.deepEqual(fired, ["failed look-ups", "program"]);
  });

  it("fires what is started while it fires", () => {
    const host = hostOfOne();
    const fired: string[] = [];
    host.setTimeout(() => {
      fired.push("first");
      host.setTimeout(() => fired.push("second"), 250);
    }, 250);
    host.fire();
    assert.deepEqual(fired, ["first", "second"]);
    host.setTimeout(() => fired.push("third"), 250);
    host.fire();
    assert.deepEqual(fired.at(-1), "third");
  });

  it("keeps the others when one is cleared, and frees the place with the last", () => {
    const host = hostOfOne();
    const fired: string[] = [];
    const first = host.setTimeout(() => fired.push("first"), 250);
    const second = host.setTimeout(() => fired.push("second"), 250);
    host.clearTimeout(first);
    assert.ok(host.isPending());
    host.clearTimeout(second);
    assert.equal(host.isPending(), false);
    host.fire();
    assert.deepEqual(fired, []);
  });
});
