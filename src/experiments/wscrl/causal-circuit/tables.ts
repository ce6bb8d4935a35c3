// The rows that notebooks show, files keep and the command line prints of CausalCircuit.
import { circuitVariables } from "../../../data";
import { modelTitles } from "../tables";
import type { CircuitRow } from "./circuit-unit";
import type { CircuitRun } from "./experiment";

/** Row of a trained model; what it does not have is null. */
export interface CircuitScoreRow {
  model: string;
  seed: number;
  disentanglement: number;
  completeness: number;
  /** Disentanglement of the noise encodings against the true noise. */
  noise_disentanglement: number;
  test_mse: number;
  intervention_accuracy: number | null;
  /** Edges to change from the graph found to the true one. */
  shd: number | null;
  enco_shd: number | null;
  seconds: number;
}

/**
 * Lists the scores of every model and seed; what a model does not have is null.
 *
 * @param run a run, finished or not
 * @example
 * import { causalCircuit } from "dolab";
 * const dci = { disentanglement: 0.9, completeness: 0.8, informativenessTest: 0.01 };
 * const rows = [{ seed: 1, models: [{ model: "ilcm", dci, noiseDci: dci, seconds: 60 }] }];
 * const [row] = causalCircuit.scoreTable({ rows });
 * [row.model, row.disentanglement, row.shd]; // => ["ILCM", 0.9, null]
 */
export const circuitScoreTable = ({ rows }: Pick<CircuitRun, "rows">): CircuitScoreRow[] =>
  rows.flatMap(({ seed, models }) =>
    models.map(({ model, dci, noiseDci, interventions, graph, seconds }) => ({
      model: modelTitles[model],
      seed,
      disentanglement: dci.disentanglement,
      completeness: dci.completeness,
      noise_disentanglement: noiseDci.disentanglement,
      test_mse: dci.informativenessTest,
      intervention_accuracy: interventions?.accuracy ?? null,
      shd: graph?.structuralHammingDistance ?? null,
      enco_shd: graph?.enco?.structuralHammingDistance ?? null,
      seconds,
    })),
  );

/** What stage 1 found, a row a seed. */
export interface StageOneTableRow {
  seed: number;
  /** What made the codes: stage 1's autoencoder, principal components in its place, or null where they were given. */
  codes_by: string | null;
  /** Share of held-out pixels' variance that reconstructions explain; null where codes were given. */
  explained_pixels: number | null;
  /** Share of the true variables' variance that boosted trees on all codes explain, held out. */
  explained_variables: number;
  seconds: number | null;
}

/**
 * Lists what stage 1 found, a row for each seed; what was not trained is null.
 *
 * @param run a run, finished or not
 * @example
 * import { causalCircuit } from "dolab";
 * const [row] = causalCircuit.stageOneTable({ rows: [{ seed: 1, explainedVariables: 0.95 }] });
 * [row.codes_by, row.explained_variables]; // => [null, 0.95]
 */
export const stageOneTable = ({ rows }: Pick<CircuitRun, "rows">): StageOneTableRow[] =>
  rows.map(({ seed, stageOne, explainedVariables }) => ({
    seed,
    codes_by: stageOne?.method ?? null,
    explained_pixels: stageOne?.explainedPixels ?? null,
    explained_variables: explainedVariables,
    seconds: stageOne?.seconds ?? null,
  }));

/** The first letter of each variable: R, G, B, A. */
export const variableLetters = circuitVariables.map((name) =>
  name === "robot arm" ? "arm" : name.split(" ")[0],
);

/** What the command line prints. */
export function circuitSummary(run: CircuitRun): string {
  const stageOne = run.rows.map(({ seed, stageOne, explainedVariables }: CircuitRow) => {
    const pixels = stageOne ? `${percent(stageOne.explainedPixels)} of the pixels' variance and ` : "";
    return `Codes of seed ${seed}: they tell ${pixels}${percent(explainedVariables)} of the true variables'`;
  });
  const models = circuitScoreTable(run).map(
    ({ model, seed, disentanglement, intervention_accuracy: accuracy, shd }) =>
      `${model} of seed ${seed}: disentanglement ${disentanglement.toFixed(2)}${accuracy === null ? "" : `, interventions right in ${percent(accuracy)}, graph ${shd} edges off`}`,
  );
  return [...stageOne, ...models].join("\n");
}

const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
