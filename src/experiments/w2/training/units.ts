// The units of a run: each seed with all its phases, and each network of the boundary.
import type { ImageDataset } from "../../../data/image-dataset";
import type { Unit } from "../../experiment";
import type { DecidingConfiguration } from "../configuration";
import type { BoundaryRow } from "../results/boundary";
import type { Classifier } from "./classifier";
import {
  boundarySteps,
  boundaryStepsDone,
  type SeedOptions,
  type SeedOutcome,
  seedSteps,
  seedStepsDone,
  trainBoundary,
  trainSeed,
} from "./train-seed";

/** What a unit finds. */
export type W2Row = SeedOutcome | BoundaryRow;

export const isSeed = (row: W2Row): row is SeedOutcome => "result" in row;

export const seedKey = (seed: number) => `seed-${seed}`;
export const boundaryKey = ({ seed, lambda }: Pick<BoundaryRow, "seed" | "lambda">) =>
  `boundary-${lambda}-seed-${seed}`;

interface Work {
  unit: Unit;
  /** Steps that its checkpoints hold. */
  done(folder: string): number;
  /** Trains what is not trained yet. @returns nothing where the signal paused it */
  train(classifier: Classifier, images: ImageDataset, options: SeedOptions): Promise<W2Row | undefined>;
}

const count = (first: number, length: number) => Array.from({ length }, (_, i) => first + i);

/** All units, in their order. */
export function worksOf(configuration: DecidingConfiguration): Work[] {
  const { seed: first, seeds, boundary, boundarySeeds } = configuration;
  return [
    ...count(first, seeds).map((seed) => seedWork(configuration, seed)),
    ...boundary.flatMap((lambda) =>
      count(first, boundarySeeds).map((seed) => boundaryWork(configuration, { seed, lambda })),
    ),
  ];
}

/** The unit of a key. @param key one of `worksOf` */
export function workOf(configuration: DecidingConfiguration, key: string): Work {
  const work = worksOf(configuration).find(({ unit }) => unit.key === key);
  if (!work) throw new RangeError(`Cannot do unit "${key}" as this run of w2 has no such unit`);
  return work;
}

const seedWork = (configuration: DecidingConfiguration, seed: number): Work => ({
  unit: { key: seedKey(seed), title: `seed ${seed}`, cost: seedSteps(configuration, seed) },
  done: (folder) => seedStepsDone(configuration, folder, seed),
  train: (classifier, images, options) => trainSeed(classifier, images, configuration, seed, options),
});

function boundaryWork(configuration: DecidingConfiguration, point: { seed: number; lambda: number }): Work {
  const { seed, lambda } = point;
  return {
    unit: {
      key: boundaryKey(point),
      title: `boundary at λ ${lambda}, seed ${seed}`,
      cost: boundarySteps(configuration, seed, lambda),
    },
    done: (folder) => boundaryStepsDone(configuration, folder, point),
    train: (classifier, images, options) => trainBoundary(classifier, images, configuration, point, options),
  };
}
