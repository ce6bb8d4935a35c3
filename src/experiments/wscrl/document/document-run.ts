// The document's own command, `scaling.py`: its configuration in our words, and the file of test metrics that it writes.
import { z } from "zod";
import { formatCsv } from "../../../io";
import type { PlainObject } from "../../../io/plain-data";
import { resolveConfiguration } from "../../configuration";
import type { TextFile } from "../../result-file";
import type { WscrlConfiguration } from "../configuration";
import { wscrl } from "../experiment";
import type { WscrlRow } from "../training/unit";
import { documentTracking, generalWords } from "./general-words";
import { testMetrics } from "./test-metrics";
import { constantWords, modelKindOf, modelWords, trainingOf, trainingWords } from "./training-words";

const composed = z.strictObject({
  general: generalWords,
  data: z.strictObject({
    dim_z: z.int(),
    samples: z.strictObject({ train: z.int(), dci_train: z.int(), test: z.int() }),
    nature: z.strictObject({ mode: z.enum(["random", "full", "chain", "empty"]), seed: z.int() }),
  }),
  model: modelWords.extend({
    scm: modelWords.shape.scm.extend({ manifold_thickness: z.number().optional() }),
  }),
  training: trainingWords.extend({
    edge_regularization_schedule: constantWords,
    cyclicity_regularization_schedule: constantWords,
  }),
  eval: z.strictObject({ iwae_samples: z.int(), enco_lambda: z.number() }),
});

/** A run of the document's command. */
export interface DocumentRun {
  configuration: WscrlConfiguration;
  /** `general.exp_dir`: where everything goes. */
  folder: string;
  /** How MLflow has it: the document's own names, its parameters with dots between their parts, and `general.mlflow`. */
  tracking: ReturnType<typeof documentTracking>;
}

/**
 * Reads a composed configuration.
 *
 * @throws {RangeError} naming each value that is of the wrong type or out of range, and schedules that cannot be had together
 */
export function documentRun(groups: Record<string, PlainObject>): DocumentRun {
  const read = composed.safeParse(groups);
  if (!read.success) {
    const problems = read.error.issues.map(({ path, message }) => `${path.join(".")} (${message})`);
    throw new RangeError(`Cannot configure wscrl as these values do not fit: ${problems.join("; ")}`);
  }
  const { general, data, model, training, eval: evaluation } = read.data;
  const kind = modelKindOf(model);
  const thickness = model.scm.manifold_thickness;
  if (thickness !== undefined && !kind.startsWith("elcm"))
    throw new RangeError(
      `Cannot configure wscrl as model.scm.manifold_thickness is of explicit models (model=scaling_elcm) alone: got ${thickness} with ${kind}`,
    );
  const { configuration } = resolveConfiguration(wscrl, {
    models: [kind],
    dimensions: [data.dim_z],
    graph: data.nature.mode,
    modelSeeds: [general.seed],
    dataSeeds: [data.nature.seed],
    processes: 1,
    trainPairs: data.samples.train,
    dciPairs: data.samples.dci_train,
    testPairs: data.samples.test,
    ...trainingOf(training),
    edgePenalty: training.edge_regularization_schedule.final,
    cyclePenalty: training.cyclicity_regularization_schedule.final,
    ...(thickness === undefined ? {} : { manifoldThickness: thickness }),
    nllSamples: evaluation.iwae_samples,
    encoSparsity: evaluation.enco_lambda,
    encoEpochs: 40,
    track: "mlflow",
  });
  return {
    configuration: configuration as WscrlConfiguration,
    folder: general.exp_dir,
    tracking: documentTracking(general, groups),
  };
}

/** `metrics/test_metrics.csv`, one row under the published columns that a model has, as pandas writes it. */
export function testMetricsFile(found: WscrlRow): TextFile {
  const row = { "": 0, ...testMetrics(found) };
  return {
    name: "metrics/test_metrics.csv",
    content: formatCsv(Object.keys(row), [row], { "": "integer" }),
  };
}
