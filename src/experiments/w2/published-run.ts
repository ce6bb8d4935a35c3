// The numbers that the authors of source document 000 published: HIDEKI-SQ/dual-gradient-learning (MIT), folder
// exp_W2_causal_intervention_20260118_102401 (W2_results.json), and their tables of test error by λ. Their setting is that of
// preset paper: ResNet-18 of width 64 on all 50,000 training images of CIFAR-10, learning rate 0.1, on an A100.
import { resolveConfiguration } from "../configuration";
import { type DecidingConfiguration, w2Source } from "./configuration";
import type { ShownRun } from "./figures/figure-parts";
import type { Branch, SeedResult } from "./results/seed-result";

/** Where the numbers come from, for captions and tables. */
export const publishedSource = "W2_results.json of HIDEKI-SQ/dual-gradient-learning, 2026-01-18";

/** Epochs after the jump at which the published trajectories were evaluated. */
const epochs = [0, 5, 10, 15, 20, 25, 30];

/** Test errors at these epochs, by seed and target λ, as printed: whole ten-thousandths of 10,000 test images. */
const trajectories: readonly {
  seed: number;
  seconds: number;
  branches: readonly (readonly [target: number, ordered: readonly number[], collapse: readonly number[]])[];
}[] = [
  {
    seed: 0,
    seconds: 1778.4,
    branches: [
      [
        0.4,
        [0.1319, 0.1315, 0.1314, 0.1312, 0.1302, 0.1278, 0.1262],
        [0.7901, 0.7934, 0.7932, 0.7841, 0.7824, 0.789, 0.7985],
      ],
      [
        0.5,
        [0.1319, 0.132, 0.1316, 0.1294, 0.1294, 0.1308, 0.126],
        [0.7901, 0.7854, 0.7928, 0.7824, 0.7913, 0.784, 0.7895],
      ],
      [
        0.55,
        [0.1319, 0.1316, 0.1293, 0.1306, 0.1289, 0.1281, 0.1291],
        [0.7901, 0.7959, 0.7837, 0.7826, 0.7881, 0.7847, 0.7734],
      ],
    ],
  },
  {
    seed: 1,
    seconds: 1799.4,
    branches: [
      [
        0.4,
        [0.134, 0.1328, 0.1338, 0.132, 0.1307, 0.1323, 0.1292],
        [0.486, 0.4636, 0.4561, 0.4466, 0.4436, 0.4255, 0.4194],
      ],
      [
        0.5,
        [0.134, 0.1359, 0.1342, 0.1321, 0.1308, 0.1313, 0.1284],
        [0.486, 0.4643, 0.4568, 0.446, 0.4354, 0.4363, 0.4125],
      ],
      [
        0.55,
        [0.134, 0.1339, 0.1334, 0.1305, 0.1298, 0.1309, 0.1308],
        [0.486, 0.4702, 0.4613, 0.4507, 0.4366, 0.4265, 0.4262],
      ],
    ],
  },
  {
    seed: 2,
    seconds: 1784.3,
    branches: [
      [
        0.4,
        [0.133, 0.1316, 0.1311, 0.1309, 0.1282, 0.1277, 0.1281],
        [0.5867, 0.5597, 0.5529, 0.5353, 0.5569, 0.5205, 0.511],
      ],
      [
        0.5,
        [0.133, 0.13, 0.1311, 0.1267, 0.1264, 0.1271, 0.1265],
        [0.5867, 0.5687, 0.5522, 0.5403, 0.5232, 0.5191, 0.5197],
      ],
      [
        0.55,
        [0.133, 0.1322, 0.1302, 0.1301, 0.1294, 0.1291, 0.127],
        [0.5867, 0.5717, 0.5519, 0.5405, 0.5306, 0.522, 0.5105],
      ],
    ],
  },
];

/**
 * Gives the published run in the form of ours, so that every figure and table draws it: three seeds, three targets, without our
 * control and sweeps.
 *
 * @returns its results, and the configuration of preset paper, whose numbers are the document's
 * @example
 * import { w2 } from "dolab";
 * w2.publishedRun().results[0].collapse_init_error; // => 0.7901
 */
export function publishedRun(): ShownRun {
  return { results: trajectories.map(seedResultOf), configuration: publishedConfiguration() };
}

function publishedConfiguration(): DecidingConfiguration {
  const { configuration } = resolveConfiguration(w2Source, { preset: "paper", control: false });
  const { processes: _, load: __, track: ___, ...deciding } = configuration;
  return deciding;
}

function seedResultOf({ seed, seconds, branches }: (typeof trajectories)[number]): SeedResult {
  const interventions = branches.map(([target_lambda, ...errors]) => {
    const [ordered, collapse] = (["ordered", "collapse"] as const).map((source, i): Branch => {
      const trajectory = errors[i].map((error, place) => ({ epoch: epochs[place], error }));
      const [first, last] = [trajectory[0], trajectory[trajectory.length - 1]];
      return { source, target_lambda, init_error: first.error, final_error: last.error, trajectory };
    });
    return { target_lambda, ordered, collapse, final_gap: collapse.final_error - ordered.final_error };
  });
  const [{ ordered, collapse }] = interventions;
  return {
    seed,
    interventions,
    ordered_init_error: ordered.init_error,
    collapse_init_error: collapse.init_error,
    time_seconds: seconds,
    experiment_id: `W2-seed${String(seed).padStart(2, "0")}`,
    longer: [],
    control: [],
    hysteresis: [],
    speed: [],
    lifetime: [],
    escapes: [],
    preset: "paper",
    data_source: `CIFAR-10, as published: ${publishedSource}`,
    date: "2026-01-18",
  };
}

/** A test error after training from scratch at one λ. */
export interface BoundaryPoint {
  lambda: number;
  error: number;
}

/** The authors' error by λ: 100 epochs from scratch, 40 % noise, learning rate 0.1, width 64, means of three seeds. */
export const publishedBoundary: readonly BoundaryPoint[] = [
  { lambda: 0.1, error: 0.237 },
  { lambda: 0.15, error: 0.18 },
  { lambda: 0.2, error: 0.144 },
  { lambda: 0.25, error: 0.125 },
  { lambda: 0.3, error: 0.116 },
  { lambda: 0.35, error: 0.114 },
  { lambda: 0.4, error: 0.116 },
  { lambda: 0.45, error: 0.143 },
  { lambda: 0.5, error: 0.28 },
  { lambda: 0.55, error: 0.52 },
  { lambda: 0.6, error: 0.57 },
];
