// What one waits for in JupyterLab: the kernel's start, the first import of the library in a cell, and the import again
// after an edit of a source file (the file is only touched). Each turn starts a kernel of its own.
import { utimesSync } from "node:fs";
import { inProject } from "../../environment/paths.mjs";
import type { Benchmark } from "../benchmark";
import { contentOf, KernelClient } from "../kernel-client";

const importCell = 'import { twoByTwo } from "dolab"';
const touched = inProject("src", "stats", "mean.ts");

export const kernel: Benchmark = {
  name: "kernel",
  title: "Kernel and imports",
  measures: [
    { key: "ready", title: "kernel start to first import", unit: "seconds", target: { atMost: 8 } },
    { key: "start", title: "of which kernel start", unit: "seconds" },
    { key: "import", title: "of which import in a cell", unit: "seconds" },
    { key: "again", title: "import again after an edit", unit: "seconds", target: { atMost: 2 } },
  ],
  warmUps: 1,
  turns: 5,
  start: async () => ({
    ours: {
      async turn() {
        const client = new KernelClient();
        try {
          const start = await client.startSeconds();
          const first = await importSeconds(client);
          utimesSync(touched, new Date(), new Date());
          const again = await importSeconds(client);
          return { values: { ready: start + first, start, import: first, again } };
        } finally {
          await client.close();
        }
      },
    },
  }),
};

/** @throws {Error} if the cell fails */
async function importSeconds(client: KernelClient): Promise<number> {
  const started = performance.now();
  const executed = await client.execute(importCell);
  const seconds = (performance.now() - started) / 1000;
  if (executed.reply.status !== "ok")
    throw new Error(
      `Cannot time the import as its cell fails: ${String(contentOf(executed, "error")?.evalue)}`,
    );
  return seconds;
}
