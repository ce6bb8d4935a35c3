// Parameters that experiments share.
import { z } from "zod";
import { presetNames } from "./configuration";

export const commonParameters = {
  preset: z
    .enum(presetNames)
    .default("quick")
    .describe("how much to compute: smoke, quick, standard or paper"),
  track: z
    .enum(["none", "mlflow"])
    .default("none")
    .describe("where the run is logged beside its folder: mlflow, at MLFLOW_TRACKING_URI or results/mlflow"),
};

export const bootstrapParameters = {
  replicates: z
    .int()
    .min(10)
    .max(100_000)
    .default(1000)
    .describe("bootstrap replicates behind each interval"),
  level: z.number().gt(0).lt(1).default(0.95).describe("coverage of the bootstrap intervals"),
};
