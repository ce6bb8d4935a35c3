// The program that trains for the sweep where its trainings run side by side.
import { answerJobs } from "../pool-worker";
import { createTrialTrainers, runTrial, type TrialJob, type TrialRow, type TrialTrainers } from "./trials";

let trainers: TrialTrainers | undefined;

answerJobs<TrialJob, TrialRow>(({ trial, settings }, { signal }) => {
  trainers ??= createTrialTrainers(settings);
  return runTrial(trial, settings, { trainers, signal });
});
