// Runs with chosen gaps, for tests of what is said and drawn of them.
import { w2 } from "../../../src/experiments";

/** One seed with worthy checkpoints and these gaps by target. */
export function seedResult(seed: number, gaps: Readonly<Record<string, number>>): w2.SeedResult {
  const branch = (source: "ordered" | "collapse", target_lambda: number, init: number, last: number) => ({
    source,
    target_lambda,
    init_error: init,
    final_error: last,
    trajectory: [
      { epoch: 0, error: init },
      { epoch: 5, error: last },
    ],
  });
  const interventions = Object.entries(gaps).map(([target, final_gap]) => ({
    target_lambda: Number(target),
    ordered: branch("ordered", Number(target), 0.2, 0.3),
    collapse: branch("collapse", Number(target), 0.5, 0.3 + final_gap),
    final_gap,
  }));
  return {
    seed,
    interventions,
    ordered_init_error: 0.2,
    collapse_init_error: 0.5,
    time_seconds: 60,
    experiment_id: `W2-seed0${seed}`,
    longer: [],
    control: interventions.map(({ target_lambda }) => ({
      target_lambda,
      init_error: 0.9,
      final_error: 0.35,
      trajectory: [{ epoch: 0, error: 0.9 }],
    })),
    hysteresis: (["ordered", "collapse"] as const).map((source) => ({
      source,
      points: (source === "ordered" ? [0.35, 0.6, 0.35] : [0.6, 0.35, 0.6]).map((target_lambda, place) => ({
        target_lambda,
        error: place === 2 ? 0.8 : target_lambda, // the way back ends elsewhere than it began
      })),
    })),
    speed: [],
    lifetime: [],
    escapes: [],
    preset: "paper",
    data_source: "made up",
    date: "2026-01-02T03:04:05Z",
  };
}

/** A run of two seeds with these gaps. */
export function madeUpRun(gaps: Readonly<Record<string, number>>): w2.W2Run {
  const {
    processes: _,
    load: __,
    ...configuration
  } = w2.parameters({
    preset: "paper",
    targets: Object.keys(gaps).map(Number),
    hysteresis: [0.6, 0.35],
  }).configuration;
  const histories = ["ordered", "collapse"] as const;
  const phases = [
    ...histories.map((history) => ({ phase: history, kind: "checkpoint" as const, history, target: 0.5 })),
    ...configuration.targets.flatMap((target) =>
      histories.map((history) => {
        return { phase: `jump ${target} ${history}`, kind: "intervention" as const, history, target };
      }),
    ),
  ];
  const results = [0, 1].map((seed) => seedResult(seed, gaps));
  return {
    folder: "nowhere",
    configuration,
    dataSource: "made up",
    synthetic: true,
    environment: {},
    results,
    boundary: [],
    examples: [
      { clean: "cat", noisy: "cat", pixels: Buffer.alloc(3072, 200).toString("base64") },
      { clean: "dog", noisy: "ship", pixels: Buffer.alloc(3072, 50).toString("base64") },
    ],
    epochs: results.flatMap(({ seed }) =>
      phases.flatMap((phase) =>
        [1, 2].map((epoch) => ({
          seed,
          ...phase,
          lambda: 0.5,
          epoch,
          learning_rate: 0.1,
          loss: 2,
          cosine: seed / 2,
          noisy_norm: 2,
          clean_norm: 4,
          test_error: 0.5,
          data_share: 0.01,
        })),
      ),
    ),
  };
}
