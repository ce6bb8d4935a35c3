// From the command to the HTML: `dolab report two-by-two`, the notebook's own preset, in a process of its own.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { inProject } from "../../environment/paths.mjs";
import type { Benchmark } from "../benchmark";
import { runToEnd } from "../run-to-end";

export const report: Benchmark = {
  name: "report",
  title: "Reports",
  measures: [{ key: "two-by-two", title: "2x2, command to HTML", unit: "seconds", target: { atMost: 45 } }],
  warmUps: 1,
  turns: 3,
  async start() {
    const out = mkdtempSync(path.join(tmpdir(), "dolab-bench-"));
    const command = [inProject("src", "cli", "dolab.mjs"), "report", "two-by-two", "--out", out];
    return {
      ours: {
        async turn() {
          const html = path.join(out, "two-by-two.html");
          rmSync(html, { force: true });
          const started = performance.now();
          await runToEnd(command);
          const seconds = (performance.now() - started) / 1000;
          if (!existsSync(html)) throw new Error(`Cannot time the report as it left no ${html}`);
          return { values: { "two-by-two": seconds } };
        },
        close: async () => rmSync(out, { recursive: true, force: true }),
      },
    };
  },
};
