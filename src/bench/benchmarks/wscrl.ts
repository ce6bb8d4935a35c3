// Document 004 against the published arithmetic in PyTorch on one thread, and scikit-learn: ILCM steps in both late phases, DCI, a
// step of ENCO's graph search, and the document's whole dummy run.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { inProject } from "../../environment/paths.mjs";
import { createEncoLogits, encoGradients, sampleGraphs } from "../../models/lcm/graphs/enco-graph";
import { createEncoNetworks } from "../../models/lcm/graphs/enco-networks";
import { createRandom } from "../../random";
import { boostedDci } from "../../stats";
import { startBackend } from "../../tensor";
import type { Benchmark } from "../benchmark";
import { pythonPeer } from "../python-peer";
import { sharedInput } from "../shared-input";
import { timedFunctions } from "../timed-functions";
import { trainingBenchmark } from "../training-benchmark";

const loop = "the published arithmetic in PyTorch, one thread";

const steps = [3, 4, 6].flatMap((latents) =>
  (["full", "deterministic"] as const).map((phase) =>
    trainingBenchmark({
      name: `wscrl-${latents}-${phase}`,
      title: `ILCM of ${latents} variables, ${phase} phase, batch 64, Adam, clipped`,
      step: `wscrl-${latents}-${phase}`,
      steps: { compiled: 100 },
      aim: "compiled",
      peers: [
        {
          title: loop,
          program: "training_ilcm",
          args: ["loop", String(latents), phase],
          steps: 20,
          speed: phase === "full" ? 12 : 5,
        },
      ],
      turns: 7,
    }),
  ),
);

const rows = 10_000;
const variables = 3;

const dci: Benchmark = {
  name: "wscrl-dci",
  title: `DCI of ${rows} rows of ${variables} codes and factors`,
  measures: [
    {
      key: "dci",
      title: "boosters of all factors",
      unit: "seconds",
      peer: "sklearn GradientBoostingRegressor",
      target: { ratioAtMost: 1 },
    },
  ],
  needs: "python",
  onlyByName: true,
  warmUps: 1,
  turns: 5,
  async start() {
    const rng = createRandom(1);
    const factors = Array.from({ length: variables }, () => Array.from({ length: rows }, () => rng.normal()));
    const codes = factors.map((column, i) =>
      column.map((x, row) => x + 0.3 * factors[(i + 1) % variables][row]),
    );
    const input = (name: string, columns: number[][]) =>
      sharedInput(`wscrl-${name}-${rows}-seed-1`, () => ({
        shape: [variables, rows],
        data: Float64Array.from(columns.flat()),
      }));
    const all = { codes, factors };
    const few = {
      codes: codes.map((one) => one.slice(0, 10)),
      factors: factors.map((one) => one.slice(0, 10)),
    };
    return {
      ours: timedFunctions({ dci: () => boostedDci(all, few).importance.length }),
      peer: pythonPeer("dci", [input("codes", codes), input("factors", factors)]),
    };
  },
};

const graphs = 100;
const batch = 256;

const enco: Benchmark = {
  name: "wscrl-enco",
  title: `a step of ENCO's graph search: ${variables} variables, ${batch} rows, ${graphs} sampled graphs`,
  measures: [
    {
      key: "enco",
      title: "gradients of all edges",
      unit: "seconds",
      peer: loop,
      target: { ratioAtMost: 1 / 20 },
    },
  ],
  needs: "torch",
  warmUps: 1,
  turns: 5,
  async start() {
    await startBackend();
    const rng = createRandom(1);
    const networks = createEncoNetworks(variables, { rng });
    const logits = createEncoLogits(variables);
    const values = Array.from({ length: batch }, () => Array.from({ length: variables }, () => rng.normal()));
    const targets = values.map((row, i) => row.map((_, j) => Number(i % (variables + 1) === j)));
    return {
      ours: timedFunctions({
        enco: () => {
          const sampled = sampleGraphs(logits, graphs, rng);
          encoGradients(networks, values, targets, sampled, logits, { sparsity: 0.01 });
          return sampled.length;
        },
      }),
      peer: pythonPeer("enco_step", [String(variables), String(batch), String(graphs)]),
    };
  },
};

const dummy: Benchmark = {
  name: "wscrl-dummy",
  title: "the document's dummy run, training and evaluation without ENCO, in a process of its own",
  measures: [
    { key: "dummy", title: "training=scaling_fast, 3 variables", unit: "seconds", target: { atMost: 25 } },
  ],
  onlyByName: true,
  warmUps: 0,
  turns: 1,
  async start() {
    return {
      ours: {
        async turn() {
          const folder = mkdtempSync(join(tmpdir(), "dolab-bench-"));
          const started = performance.now();
          const words =
            '--preset quick --set models=["ilcm"] --set dimensions=[3] --set modelSeeds=[42] --set dataSeeds=[42]';
          const program = inProject("src", "cli", "dolab.mjs");
          const args = [
            program,
            "wscrl",
            "run",
            ...words.split(" "),
            "--no-figures",
            "--out",
            join(folder, "run"),
          ];
          const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
          const seconds = (performance.now() - started) / 1000;
          rmSync(folder, { recursive: true, force: true });
          if (status !== 0) throw new Error(`Cannot time the dummy run as it failed: ${stderr.slice(-500)}`);
          return { values: { dummy: seconds } };
        },
      },
    };
  },
};

export const wscrl: readonly Benchmark[] = [...steps, dci, enco, dummy];
