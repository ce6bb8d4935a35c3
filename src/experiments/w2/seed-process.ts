// The program that trains seeds for seed-processes.ts.
import { loadCifar10 } from "../../data";
import type { ImageDataset } from "../../data/image-dataset";
import { answerJobs } from "../job-process";
import type { SeedFacts, SeedJob } from "./seed-processes";
import { trainHere } from "./seeds-here";
import type { SeedOutcome } from "./train-seed";

let images: Promise<ImageDataset> | undefined;

answerJobs<SeedJob, SeedOutcome, SeedFacts>(async (job, { signal, onProgress }) => {
  const { configuration, seed, folder, dataSource } = job;
  const { data, images: trainingImages, testImages, seed: first } = configuration;
  images ??= loadCifar10({ data, trainingImages, testImages, seed: first });
  let outcome: SeedOutcome | undefined;
  await trainHere([seed], configuration, {
    ...{ folder, images: await images, dataSource, processes: 1, signal },
    onProgress: (_, done, facts) => onProgress({ done, facts }),
    onSeed: (own) => {
      outcome = own;
    },
  });
  return outcome;
});
