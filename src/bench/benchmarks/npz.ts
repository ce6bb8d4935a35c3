// Writing and reading .npz files, against numpy. dolab's writer flushes the file to disk and renames it into place;
// numpy's does neither, and is timed as people use it.
import { mkdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { type NpyArray, readNpy, readNpz, writeNpz } from "../../io";
import { createRandom } from "../../random";
import type { Benchmark, Measure } from "../benchmark";
import { pythonPeer } from "../python-peer";
import { benchFolder, sharedInput } from "../shared-input";
import { timedFunctions } from "../timed-functions";

const target = { ratioAtMost: 1.5 };
const row = (key: string, title: string, peer: string): Measure => ({
  key,
  title,
  unit: "seconds",
  peer: `numpy ${peer}`,
  target,
});

export const npz: Benchmark = {
  name: "npz",
  title: "npz files of float32",
  measures: [
    row("write", "write 100 MB", "savez"),
    row("read", "read 100 MB", "load"),
    row("deflate", "write 20 MB, compressed", "savez_compressed"),
    row("inflate", "read 20 MB, compressed", "load"),
  ],
  needs: "python",
  warmUps: 1,
  turns: 7,
  async start() {
    const inputs = [randomMatrix(5000, 5000), randomMatrix(1000, 5000)];
    const [large, small] = inputs.map((file) => ({ x: readNpy(file) }));
    const folder = path.join(benchFolder, "npz");
    mkdirSync(folder, { recursive: true });
    const [plain, packed] = ["plain.npz", "packed.npz"].map((name) => path.join(folder, `dolab-${name}`));
    const peer = pythonPeer("npz", [...inputs, folder]);
    return {
      ours: timedFunctions({
        write: () => {
          writeNpz(plain, large);
          return statSync(plain).size;
        },
        read: () => probes(readNpz(plain).get("x")!),
        deflate: () => {
          writeNpz(packed, small, { compress: true });
          return small.x.data.length; // the two deflate differently
        },
        inflate: () => probes(readNpz(packed).get("x")!),
      }),
      peer: {
        ...peer,
        async close() {
          await peer.close?.();
          rmSync(folder, { recursive: true, force: true });
        },
      },
    };
  },
};

/** The size and a few elements. */
const probes = ({ data }: NpyArray) => [data.length, data[0], data[data.length >> 1], data[data.length - 1]];

/** @returns the path of a float32 matrix of normal draws */
function randomMatrix(rows: number, columns: number): string {
  return sharedInput(`normal-${rows}x${columns}-seed-1`, () => {
    const rng = createRandom(1);
    return {
      shape: [rows, columns],
      data: Float32Array.from({ length: rows * columns }, () => rng.normal()),
    };
  });
}
