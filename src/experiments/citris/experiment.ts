// CITRIS: causal variables from a sequence of frames and the targets of interventions alone. Source document 002, which shows
// published checkpoints that nobody can get any more and prints no number; here they are trained and measured. A unit is a seed.
import { sceneFactors } from "../../data/temporal-scenes";
import type { Experiment, SavedRun } from "../experiment";
import { claims } from "./claims";
import {
  type CitrisConfiguration,
  citrisSource,
  type DecidingConfiguration,
  untouchedFactors,
} from "./configuration";
import { resultFiles, resultPictures } from "./result-files";
import { type CitrisData, loadScenes } from "./scenes/scene-data";
import { factorTable } from "./tables";
import { seedSteps, seedStepsDone } from "./training/seed-stages";
import { type CitrisRow, type Networks, trainSeed } from "./training/train-seed";
import {
  autoencoderTrainer,
  betaVaeTrainer,
  causalEncoderTrainer,
  flowTrainer,
  vaeTrainer,
} from "./training/trainers";

/** A run, the names of its factors, and what each seed found so far. */
export interface CitrisRun extends Omit<SavedRun<DecidingConfiguration, CitrisRow>, "units"> {
  factorNames: string[];
}

const seedOf = (key: string) => Number(key.replace("seed-", ""));

export const citris: Experiment<CitrisConfiguration, CitrisData, CitrisRow, CitrisRun> = {
  ...citrisSource,
  title: "CITRIS: causal variables from temporal intervened sequences",
  document: {
    number: "002",
    title: "CRL - Causal Identifiability from Temporal Intervened Sequences",
    link: "https://uvadlc-notebooks.readthedocs.io",
  },
  notebook: "citris",
  description:
    "causal variables from frames and intervention targets: CITRIS-NF trained and measured (document 002)",
  label: "CITRIS",
  reference: "citris-standard",
  undeciding: ["processes", "load"],
  counts: "steps",
  trainsConvolutions: true,

  load: loadScenes,
  units: (configuration) =>
    Array.from({ length: configuration.seeds }, (_, i) => configuration.seed + i).map((seed) => ({
      key: `seed-${seed}`,
      title: `seed ${seed}`,
      cost: seedSteps(configuration),
    })),
  costDone: ({ key }, configuration, folder) => seedStepsDone(configuration, folder, seedOf(key)),
  begin({ processes: _, load: __, track: ___, ...configuration }, data) {
    const { factors } = data;
    const networks: Networks = {
      autoencoder: autoencoderTrainer(configuration),
      flow: flowTrainer(configuration, factors),
      vae: vaeTrainer(configuration, factors),
      causalEncoder: causalEncoderTrainer(configuration, factors),
      betaVae: betaVaeTrainer(configuration),
    };
    return {
      run: ({ key }, context) => trainSeed(networks, data, configuration, seedOf(key), context),
      dispose: () => {
        for (const { dispose } of Object.values(networks)) dispose();
      },
    };
  },

  outcome: ({ units: _, ...run }) => ({
    ...run,
    factorNames: sceneFactors(run.configuration).map(({ name }) => name),
  }),
  resultFiles,
  pictures: resultPictures,
  summary: (run) =>
    [
      ...factorTable(run).map((row) =>
        Object.entries(row)
          .map(([name, value]) => `${name} ${value}`)
          .join(", "),
      ),
      ...untouchedFactors(run.configuration).map(
        (name) => `Caution: ${name} is never intervened upon, so that it cannot be identified`,
      ),
    ].join("\n"),
  claims,
};
