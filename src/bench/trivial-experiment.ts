// An experiment that computes next to nothing, so that what a sweep takes beside its units can be measured and tested.
import process from "node:process";
import { z } from "zod";
import { commonParameters } from "../experiments/common-parameters";
import type { Experiment, RunData, SavedRun } from "../experiments/experiment";
import { createRandom } from "../random";

const schema = z.object({
  ...commonParameters,
  seed: z.int().default(0).describe("the seed of all numbers"),
  units: z.int().min(1).max(1_000_000_000).default(1).describe("how many numbers are drawn"),
  millions: z
    .number()
    .min(0)
    .default(0)
    .describe("millions of steps that each computes: 500 take about a second"),
  waits: z.number().min(0).default(0).describe("milliseconds that each waits"),
  failing: z.array(z.int()).default([]).describe("numbers at which it fails"),
});
type Configuration = z.infer<typeof schema>;

interface Row {
  seed: number;
  draw: number;
  details: { half: number };
  list: number[];
}

export const trivial: Experiment<Configuration, RunData, Row, SavedRun<Configuration, Row>> = {
  name: "trivial",
  title: "Draws of a seeded generator",
  document: { number: "none", title: "none", link: "none" },
  notebook: "none",
  description: "draws numbers",
  schema,
  presets: { smoke: {}, quick: {}, standard: {}, paper: {} },
  undeciding: ["millions", "waits"],
  counts: "draws",
  load: () => ({ dataSource: "a seeded generator", synthetic: true }),
  units: ({ units }) =>
    Array.from({ length: units }, (_, i) => ({ key: `draw-${i}`, title: `draw ${i}`, cost: 1 })),
  begin: ({ seed, millions, waits, failing }) => ({
    async run({ key }, { signal }) {
      const unit = Number(key.replace("draw-", ""));
      if (failing.includes(unit)) throw new RangeError(`Cannot draw ${unit}`);
      if (failing.includes(-unit)) process.exit(3);
      compute(1e6 * millions);
      if (waits > 0) await new Promise((resolve) => setTimeout(resolve, waits));
      if (signal?.aborted) return undefined;
      const draw = createRandom(seed).split(unit).uniform();
      return { seed, draw, details: { half: draw / 2 }, list: [draw, 1 - draw] };
    },
    dispose() {},
  }),
  outcome: (run) => run,
  resultFiles: ({ rows }) => [{ name: "draws.csv", content: rows.map(({ draw }) => `${draw}\n`).join("") }],
  pictures: () => [],
  summary: ({ rows }) => `${rows.length} draws`,
  claims: () => [],
};

/** Keeps one core busy. @returns something, so that nothing is left out */
function compute(steps: number): number {
  let state = 1;
  for (let i = 0; i < steps; i++) state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state;
}
