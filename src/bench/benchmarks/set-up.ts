// Set-up of a fresh clone: its time, and the disk space it takes. The clone is of the last commit, into a temporary folder;
// npm's and pip's caches stay as they are, so that a second run says what a warm cache is worth.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { lstat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { projectRoot } from "../../environment/paths.mjs";
import type { Benchmark, Side } from "../benchmark";
import { runToEnd } from "../run-to-end";

export const setUp: Benchmark = {
  name: "set-up",
  title: "Set-up of a fresh clone",
  measures: [
    { key: "time", title: "npm run set-up", unit: "seconds" },
    { key: "bytes", title: "disk space taken", unit: "bytes" },
  ],
  onlyByName: true,
  warmUps: 0,
  turns: 1,
  start: async () => ({ ours: setUpOf(projectRoot) }),
};

/** @param repository the folder to clone */
export function setUpOf(repository: string): Side {
  return {
    async turn() {
      const folder = mkdtempSync(path.join(tmpdir(), "dolab-set-up-"));
      try {
        const clone = path.join(folder, "dolab");
        await runToEnd(["clone", "--quiet", repository, clone], folder, "git");
        const before = await bytesOf(clone);
        const started = performance.now();
        await runToEnd([path.join("src", "environment", "run.mjs"), "set-up"], clone);
        const time = (performance.now() - started) / 1000;
        return { values: { time, bytes: (await bytesOf(clone)) - before } };
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

/** Disk space of a folder, links not followed. */
async function bytesOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const { size, blocks } = await lstat(path.join(entry.parentPath ?? entry.path, entry.name));
    bytes += process.platform === "win32" ? size : 512 * blocks;
  }
  return bytes;
}
