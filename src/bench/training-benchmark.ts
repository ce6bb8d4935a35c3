// A benchmark of a training step, made of three things with one name: ours in training-steps/NAME.ts (listed in
// training-steps/index.ts), PyTorch's in peers/training_NAME.py (it ends with `serve_training(step, torch)`, where step()
// takes one step and returns the loss), and an entry in benchmarks/training.ts. Every mode and every peer has a process
// of its own; in each turn all of them run one after the other.
import process from "node:process";
import { inProject, loadsTypeScript } from "../environment/paths.mjs";
import { benchPython } from "./bench-python";
import type { Benchmark, Measure, Side } from "./benchmark";
import { JsonLinesProcess } from "./json-lines-process";
import { peerPath } from "./python-peer";
import type { Mode } from "./training-step";

export interface TrainingPeer {
  /** Such as "PyTorch, eager". */
  title: string;
  /** A file's name under peers/, without .py. */
  program: string;
  args?: readonly string[];
  /** Its steps in one turn. */
  steps: number;
  /** What is aimed at: this many times the peer's speed. */
  speed?: number;
}

export interface TrainingBenchmark {
  name: string;
  /** Such as "MLP 16-64x3-16, batch 64, Adam". */
  title: string;
  /** In training-steps/index.ts; by default the name, without "training-". */
  step?: string;
  /** Steps of each mode in one turn; modes that are not listed are not run. */
  steps: Partial<Record<Mode, number>>;
  /** The mode that has the target. */
  aim: Mode;
  peers: readonly TrainingPeer[];
  /** Floating-point operations of one step; the rate is then compared with a matrix product's. */
  operations?: number;
  turns?: number;
  /** What the peers are made of; default torch. */
  needs?: Benchmark["needs"];
}

const inWords: Record<Mode, string> = { eager: "op by op", compiled: "compiled", jit: "compiled by XLA" };

interface Answer {
  seconds: number;
  memory: number;
}

export function trainingBenchmark({
  name,
  title,
  step = name.replace(/^training-/, ""),
  steps,
  aim,
  peers,
  operations,
  turns = 9,
  needs = "torch",
}: TrainingBenchmark): Benchmark {
  const wanted = Object.keys(steps) as Mode[];
  const pairs = peers.flatMap((peer, position) => wanted.map((mode) => ({ mode, peer, position })));
  const measures = pairs.flatMap(({ mode, peer, position }): Measure[] => {
    const target = mode === aim && peer.speed ? { target: { ratioAtMost: 1 / peer.speed } } : {};
    const common = { peer: peer.title };
    return [
      { key: `${mode}/${position}`, title: `step, ${inWords[mode]}`, unit: "seconds", ...common, ...target },
      { key: `${mode}/${position}/memory`, title: `memory, ${inWords[mode]}`, unit: "bytes", ...common },
    ];
  });
  if (operations) {
    measures.push({
      key: "rate",
      title: `arithmetic, ${inWords[aim]}`,
      unit: "flop/s",
      peer: "matrix product",
    });
  }
  return {
    name,
    title: `a training step: ${title}`,
    measures,
    needs,
    warmUps: 2,
    turns,
    async start() {
      const ours = wanted.map((mode) => trainingProcess(step, mode));
      const theirs = peers.map(
        ({ program, args = [] }) => new JsonLinesProcess(benchPython, [peerPath(program), ...args]),
      );
      const oursSide: Side = {
        async turn() {
          const answers: Answer[] = [];
          for (const [i, mode] of wanted.entries()) answers.push(await ours[i].ask({ steps: steps[mode] }));
          const values = valuesOf(pairs.map(({ mode }) => answers[wanted.indexOf(mode)]));
          if (operations) values.rate = operations / answers[wanted.indexOf(aim)].seconds;
          return { values };
        },
        close: () => closeAll(ours),
      };
      const peerSide: Side = {
        async turn() {
          const answers: Answer[] = [];
          for (const [i, peer] of theirs.entries()) answers.push(await peer.ask({ steps: peers[i].steps }));
          const values = valuesOf(pairs.map(({ position }) => answers[position]));
          if (operations)
            values.rate = (await ours[wanted.indexOf(aim)].ask<{ rate: number }>({ peak: true })).rate;
          return { values };
        },
        versions: () => theirs[0].ask({ versions: true }),
        close: () => closeAll(theirs),
      };
      return { ours: oursSide, peer: peerSide };
    },
  };

  function valuesOf(answers: readonly Answer[]): Record<string, number> {
    return Object.fromEntries(
      pairs.flatMap(({ mode, position }, i) => [
        [`${mode}/${position}`, answers[i].seconds],
        [`${mode}/${position}/memory`, answers[i].memory],
      ]),
    );
  }
}

/** @param step its name in training-steps/index.ts */
export const trainingProcess = (step: string, mode: Mode) =>
  new JsonLinesProcess(process.execPath, [
    ...loadsTypeScript,
    inProject("src", "bench", "training-process.ts"),
    step,
    mode,
  ]);

const closeAll = async (processes: readonly JsonLinesProcess[]) => {
  await Promise.all(processes.map((each) => each.close()));
};
