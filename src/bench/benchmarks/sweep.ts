// What a sweep takes beside its units, measured with units that compute nothing: to plan, to claim and give back, to do (claim,
// row and log included), to ask how far it is, and to collect. And how much faster two processes are than one. The folder lies
// where temporary files do: another disk has other times.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { inProject } from "../../environment/paths.mjs";
import { lockFolder } from "../../io/folder-lock";
import { collectSweep } from "../../sweep/collect-sweep";
import { runSweep, unitsToDo, workUnits } from "../../sweep/run-sweep";
import { readSweepFile, type Sweep } from "../../sweep/sweep-file";
import { joinSweep } from "../../sweep/sweep-folder";
import { planSweep } from "../../sweep/sweep-points";
import { sweepStatus } from "../../sweep/sweep-status";
import type { Benchmark, Measure, Side, Turn } from "../benchmark";

/** Units in all, and points that they belong to. */
const shapes = [
  { units: 100, points: 10 },
  { units: 1_000, points: 10 },
  { units: 10_000, points: 100 },
  { units: 1_000, points: 1_000 },
];
const titles: Record<string, string> = {
  plan: "plan",
  claim: "claim and give back, all units",
  work: "do, all units",
  status: "status",
  collect: "collect",
};
const targets: Record<string, number> = { plan: 2, collect: 20 };
const nameOf = ({ units, points }: { units: number; points: number }) => `${units} units in ${points} points`;

export const sweep: Benchmark = {
  name: "sweep",
  title: "Sweeps: what units that compute nothing take",
  measures: shapes.flatMap((shape) =>
    Object.entries(titles).map(
      ([key, title]): Measure => ({
        key: `${nameOf(shape)}/${key}`,
        title: `${nameOf(shape)}: ${title}`,
        unit: "seconds",
        ...(key in targets ? { target: { atMost: targets[key] } } : {}),
        ...(key === "work" ? { target: { atMost: shape.units } } : {}),
      }),
    ),
  ),
  onlyByName: true,
  warmUps: 0,
  turns: 1,
  start: async () => ({ ours: overhead }),
};

const overhead: Side = {
  async turn(): Promise<Turn> {
    const values: Record<string, number> = {};
    for (const shape of shapes)
      for (const [key, seconds] of Object.entries(await costsOf(shape)))
        values[`${nameOf(shape)}/${key}`] = seconds;
    return { values };
  },
};

async function costsOf({ units, points }: (typeof shapes)[number]): Promise<Record<string, number>> {
  const seeds = Array.from({ length: points }, (_, i) => i);
  return withSweep(
    `grid: { seed: ${JSON.stringify(seeds)}, units: [${units / points}] }`,
    async (read, folder) => {
      const [plan, planned] = timed(() => planSweep(read));
      await joinSweep(folder, read);
      const all = unitsToDo(read, folder, planned);
      const [claim] = timed(() => {
        for (const { folder: place, unit } of all) lockFolder(path.join(place, "claims", unit.key)).release();
      });
      const began = performance.now();
      await workUnits(folder, all, { wait: false });
      const work = (performance.now() - began) / 1000;
      const [status] = timed(() => sweepStatus(folder, planned));
      const [collect] = timed(() => collectSweep(folder, read, planSweep(read)));
      return { plan, claim, work, status, collect };
    },
  );
}

/** Units of about half a second of computing each, by two processes and by one; their start is in the times. */
const computing = { units: 48, millions: 250 };

export const sweepPool: Benchmark = {
  name: "sweep-pool",
  title: "Sweeps: processes side by side",
  measures: [
    {
      key: "time",
      title: `${computing.units} units of ${computing.millions} million steps on one thread, by two processes`,
      unit: "seconds",
      peer: "one process",
      target: { ratioAtMost: 1 / 1.8 },
    },
  ],
  onlyByName: true,
  warmUps: 1,
  turns: 3,
  start: async () => ({ ours: poolOf(2), peer: poolOf(1) }),
};

const poolOf = (processes: number): Side => ({
  async turn() {
    const { units, millions } = computing;
    const text = `grid: { units: [${units}], millions: [${millions}] }`;
    return withSweep(text, async (read, folder) => {
      const began = performance.now();
      const { done } = await runSweep(read, planSweep(read), { folder, processes });
      return { values: { time: (performance.now() - began) / 1000 }, results: { done } };
    });
  },
});

async function withSweep<Value>(
  text: string,
  body: (sweep: Sweep, folder: string) => Promise<Value>,
): Promise<Value> {
  const place = mkdtempSync(path.join(tmpdir(), "dolab-sweep-"));
  try {
    const file = path.join(place, "sweep.yaml");
    writeFileSync(file, `experiment: ${inProject("src", "bench", "trivial-experiment.ts")}\n${text}\n`);
    return await body(await readSweepFile(file), path.join(place, "out"));
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

function timed<Value>(body: () => Value): [seconds: number, value: Value] {
  const began = performance.now();
  const value = body();
  return [(performance.now() - began) / 1000, value];
}
