// The program that trains for the sweep where its trainings run side by side.
import { answerJobs } from "../job-process";
import { runTrial, type TrialJob, type TrialRow } from "./trials";

answerJobs<TrialJob, TrialRow>(({ trial, settings }, { signal }) => runTrial(trial, settings, { signal }));
