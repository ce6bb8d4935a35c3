// A process that writes to a run folder, to be killed or starved by interrupted-writes.test.ts.
//   version-writer.ts loop FOLDER           writes version after version until it is killed
//   version-writer.ts crash FOLDER STEP     writes version 2 and kills itself before its STEP-th rename or removal
//   version-writer.ts hold FOLDER           says when it is ready, opens the folder at a time (ms since 1970) that it is sent, and
//                                           keeps it until its input ends
//   version-writer.ts write FOLDER VERSION BYTES   writes one version
import { once } from "node:events";
import fs from "node:fs";
import { createInterface } from "node:readline";
import { openRunFolder, type Run } from "../../src/io";

export const LOOP_BYTES = 4 * 2 ** 20;

/** Every word of a version's file is the version. */
export function versionContent(version: number, bytes: number): Buffer {
  const words = new Uint32Array(bytes / 4).fill(version);
  return Buffer.from(words.buffer);
}

/** The version of a file, and whether the file is whole. */
export function versionOf(path: string, bytes: number): number {
  const content = fs.readFileSync(path);
  const version = content.length < 4 ? Number.NaN : content.readUInt32LE(0);
  return content.equals(versionContent(version, bytes)) ? version : Number.NaN;
}

export const versionRun = (version = 0): Run => ({
  name: "versions",
  configuration: { version },
  environment: {},
});

/** Writes a pair of files, the first small. @param version is the configuration too */
export function writeVersion(path: string, version: number, bytes: number): void {
  const folder = openRunFolder(path, [versionRun(version)], { replace: true });
  try {
    const [small, large] = [versionContent(version, 4000), versionContent(version, bytes)];
    folder.write([
      { name: "small.bin", content: small },
      { name: "large.bin", content: large },
    ]);
  } finally {
    folder.close();
  }
}

function loop(path: string): never {
  const folder = openRunFolder(path, [versionRun()]);
  for (
    let version = folder.recorded.has("versions") ? versionOf(`${path}/alone.bin`, LOOP_BYTES) + 1 : 1;
    ;
    version += 1
  ) {
    const content = versionContent(version, LOOP_BYTES);
    folder.write([{ name: "alone.bin", content }]);
    const pair = ["one.bin", "inner/two.bin"].map((name) => ({ name, content: content.subarray(0, 40_000) }));
    folder.write(pair, { version });
    if (version % 2 === 1) fs.writeSync(1, `${version}\n`);
  }
}

function crash(path: string, step: number): void {
  let steps = 0;
  for (const call of ["renameSync", "rmSync"] as const) {
    const real = fs[call] as (...args: unknown[]) => void;
    (fs as unknown as Record<string, unknown>)[call] = (...args: unknown[]) => {
      steps += 1;
      if (steps === step) process.kill(process.pid, "SIGKILL");
      real(...args);
    };
  }
  writeVersion(path, 2, 40_000);
}

async function hold(path: string): Promise<void> {
  const lines = createInterface({ input: process.stdin });
  const ended = once(lines, "close");
  process.stdout.write("ready\n");
  const [time] = await once(lines, "line");
  while (Date.now() < Number(time));
  const folder = openRunFolder(path, [versionRun()]);
  process.stdout.write("got it\n");
  await ended;
  folder.close();
}

const [, , mode, path, ...numbers] = process.argv;
if (require.main === module) {
  const [first, second] = numbers.map(Number);
  if (mode === "loop") loop(path);
  if (mode === "crash") crash(path, first);
  if (mode === "hold") void hold(path);
  if (mode === "write") writeVersion(path, first, second);
}
