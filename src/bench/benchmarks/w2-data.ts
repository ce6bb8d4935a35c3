// Whether W2's training waits for its images: preparing a batch beside the step that consumes it. Both happen in one thread,
// one after the other, so that the ratio is the time lost.
import { augmentImages } from "../../data";
import { createRandom } from "../../random";
import type { Benchmark, Turn } from "../benchmark";
import { trainingProcess } from "../training-benchmark";

const cases = [
  { width: 16, batch: 128 },
  { width: 64, batch: 32 },
];
const keyOf = ({ width, batch }: { width: number; batch: number }) => `${width}/${batch}`;
const images = 1024;
const [preparations, steps] = [20, 4];

export const w2Data: Benchmark = {
  name: "w2-data",
  title: "W2: preparing a batch, as a share of the step that it is for",
  measures: cases.map((one) => ({
    key: keyOf(one),
    title: `${one.batch} images cropped, mirrored, normalised`,
    unit: "seconds",
    peer: `dual-gradient step at width ${one.width}`,
    target: { ratioAtMost: 0.05 },
  })),
  onlyByName: true,
  warmUps: 1,
  turns: 5,
  async start() {
    const rng = createRandom(0);
    const data = Uint8Array.from({ length: images * 32 * 32 * 3 }, () => rng.integer(0, 256));
    const options = { mean: [0.49, 0.48, 0.45], standardDeviation: [0.2, 0.2, 0.2], flip: true };
    const prepare = (batch: number, turn: number) => {
      const indices = Int32Array.from({ length: batch }, (_, i) => (turn * batch + i) % images);
      const crop = { padding: 4 };
      return augmentImages({ data, shape: [images, 32, 32, 3] }, indices, { ...options, rng, crop });
    };
    const trainers = cases.map(({ width }) => trainingProcess(`w2-${width}`, "compiled"));
    return {
      ours: {
        async turn(): Promise<Turn> {
          const seconds = cases.map(({ batch }) => {
            const started = performance.now();
            for (let turn = 0; turn < preparations; turn++) prepare(batch, turn);
            return (performance.now() - started) / 1000 / preparations;
          });
          return { values: Object.fromEntries(cases.map((one, i) => [keyOf(one), seconds[i]])) };
        },
      },
      peer: {
        async turn(): Promise<Turn> {
          const values: Record<string, number> = {};
          for (const [i, one] of cases.entries())
            values[keyOf(one)] = (await trainers[i].ask<{ seconds: number }>({ steps })).seconds;
          return { values };
        },
        close: async () => {
          await Promise.all(trainers.map((trainer) => trainer.close()));
        },
      },
    };
  },
};
