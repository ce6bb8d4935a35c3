// The rows that notebooks show, files keep and the command line prints of document 004's experiment.
import { createRandom } from "../../random";
import { bootstrapInterval, mean } from "../../stats";
import type { ModelKind } from "./configuration";
import type { WscrlRun } from "./experiment";
import type { WscrlRow } from "./training/unit";

/** What the models are called. */
export const modelTitles: Record<ModelKind, string> = {
  ilcm: "ILCM",
  dvae: "dVAE",
  betavae: "beta-VAE",
  elcm_fixed_order: "ELCM, fixed order",
  elcm_enco: "ELCM, ENCO graph",
  elcm_dds: "ELCM, DDS graph",
};

/** Row of a unit; what a model does not have is null. */
export interface ScoreRow {
  model: string;
  dimension: number;
  model_seed: number;
  data_seed: number;
  disentanglement: number;
  completeness: number;
  test_mse: number;
  intervention_accuracy: number | null;
  shd: number | null;
  /** The same of ENCO's graph. */
  enco_shd: number | null;
  /** Mean over variables of the error of what would be observed after setting one; see `InterventionAnswers`. */
  do_error: number;
  nll: number;
  seconds: number;
}

/**
 * Lists the scores of every training.
 *
 * @param run a run, finished or not
 * @example
 * import { wscrl } from "dolab";
 * const [first] = wscrl.scoreTable(wscrl.referenceRun());
 * [first.model, first.dimension]; // => ["ILCM", 2]
 */
export const scoreTable = ({ rows }: Pick<WscrlRun, "rows">): ScoreRow[] =>
  rows.map(({ model, dimension, modelSeed, dataSeed, evaluation, seconds }) => ({
    model: modelTitles[model],
    dimension,
    model_seed: modelSeed,
    data_seed: dataSeed,
    disentanglement: evaluation.dci.disentanglement,
    completeness: evaluation.dci.completeness,
    test_mse: evaluation.dci.informativenessTest,
    intervention_accuracy: evaluation.interventions?.accuracy ?? null,
    shd: evaluation.graph?.structuralHammingDistance ?? null,
    enco_shd: evaluation.graph?.enco?.structuralHammingDistance ?? null,
    do_error: mean(evaluation.answers.errors),
    nll: evaluation.nll,
    seconds,
  }));

/** Mean of a model at a dimension over seeds, with a bootstrap interval over them; NaN with fewer than two. */
export interface MeanRow {
  model: ModelKind;
  dimension: number;
  seeds: number;
  mean: number;
  low: number;
  high: number;
}

/** Mean disentanglement of each model at each dimension. */
export function meanTable({ rows, configuration }: Pick<WscrlRun, "rows" | "configuration">): MeanRow[] {
  const { models, dimensions, seed, replicates, level } = configuration;
  return models.flatMap((model) =>
    dimensions.flatMap((dimension): MeanRow[] => {
      const scores = rows
        .filter((row) => row.model === model && row.dimension === dimension)
        .map(({ evaluation }) => evaluation.dci.disentanglement);
      if (scores.length === 0) return [];
      const rng = createRandom(seed).split(`${model} ${dimension}`);
      const of = (indices: Int32Array) => mean(Array.from(indices, (index) => scores[index]));
      const { low, high } =
        scores.length < 2
          ? { low: Number.NaN, high: Number.NaN }
          : bootstrapInterval(scores.length, of, { rng, replicates, level });
      return [{ model, dimension, seeds: scores.length, mean: mean(scores), low, high }];
    }),
  );
}

/** The units of one model, of those that were asked for. */
export const rowsOf = ({ rows }: Pick<WscrlRun, "rows">, model: ModelKind): WscrlRow[] =>
  rows.filter((row) => row.model === model);

/** The first unit of a model at a dimension. */
export const unitAt = (
  run: Pick<WscrlRun, "rows">,
  { model, dimension }: { model: ModelKind; dimension: number },
): WscrlRow | undefined => rowsOf(run, model).find((row) => row.dimension === dimension);

/** What Figure 8 has. */
const PUBLISHED_DIMENSIONS = [2, 3, 4, 5, 6, 7, 8, 9, 10];

/**
 * Says in a sentence what a run holds of the trainings that it asked for, and which of Figure 8's dimensions it lacks.
 *
 * @param run a run, finished or not
 * @example
 * import { wscrl } from "dolab";
 * const run = wscrl.referenceRun();
 * wscrl.coverageText({ ...run, rows: [] }).startsWith("The committed run holds 0 of"); // => true
 */
export function coverageText({ rows, configuration }: Pick<WscrlRun, "rows" | "configuration">): string {
  const { models, dimensions, modelSeeds, dataSeeds, epochs } = configuration;
  const asked = models.length * dimensions.length * modelSeeds.length * dataSeeds.length;
  const each = dimensions.map((dimension) => {
    const own = rows.filter((row) => row.dimension === dimension);
    const pairs = new Set(own.map(({ modelSeed, dataSeed }) => `${modelSeed} ${dataSeed}`));
    return `${dimension}: ${own.length} with ${pairs.size} pair${pairs.size === 1 ? "" : "s"} of seeds`;
  });
  const missing = PUBLISHED_DIMENSIONS.filter(
    (dimension) => !rows.some((row) => row.dimension === dimension),
  );
  const lacks = missing.length > 0 ? `; Figure 8's dimensions ${missing.join(", ")} are missing` : "";
  return `The committed run holds ${rows.length} of ${asked} trainings of ${epochs} epochs (dimension ${each.join(", ")})${lacks}`;
}

/** What the command line prints. */
export function summaryText(run: WscrlRun): string {
  const lines = meanTable(run).map(({ model, dimension, seeds, mean: score, low, high }) => {
    const interval = Number.isNaN(low) ? "" : ` (${low.toFixed(2)} to ${high.toFixed(2)})`;
    const over = seeds === 1 ? "one seed pair" : `${seeds} seed pairs`;
    return `${modelTitles[model]} of dimension ${dimension}: disentanglement ${score.toFixed(2)}${interval}, ${over}`;
  });
  return lines.join("\n");
}
