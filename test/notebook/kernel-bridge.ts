// A stand-in for the kernel: keeps what the library displays.
import type { TestContext } from "node:test";

export interface Shown {
  data: Record<string, string>;
  metadata: Record<string, unknown>;
  displayId?: string;
  update: boolean;
}

/** While the test runs, outputs go into `shown`, and `interrupt` does what the kernel's interrupt does. */
export function fakeKernel(t: TestContext): { shown: Shown[]; interrupt: () => void } {
  const shown: Shown[] = [];
  const controller = new AbortController();
  const key = Symbol.for("dolab.kernel");
  const globals = globalThis as Record<symbol, unknown>;
  globals[key] = {
    display(message: Shown & { transient?: { display_id: string } }, update: boolean) {
      const { data, metadata, transient } = message;
      shown.push({ data, metadata, displayId: transient?.display_id, update });
    },
    get interrupted() {
      return controller.signal;
    },
  };
  t.after(() => {
    delete globals[key];
  });
  return { shown, interrupt: () => controller.abort(new Error("The cell was interrupted")) };
}
