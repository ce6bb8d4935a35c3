// What the document finds of a model, under its names: the columns of its test_metrics.csv, and in MLflow eval.NAME.
import type { DciScores, GraphScores, InterventionScores } from "../evaluation/evaluate-model";
import type { WscrlRow } from "../training/unit";

type Metric = readonly [name: string, value: number];

/** The published numbers that a model has. */
export function testMetrics({ model, evaluation, dimension }: WscrlRow): Record<string, number> {
  const { dci, interventions, graph, nll } = evaluation;
  const effects = model.startsWith("elcm") ? "adjacency_matrix" : "implicit_graph";
  return Object.fromEntries([
    ...dciMetrics("causal", dci),
    ...graphMetrics(graph, dimension <= 5 ? effects : undefined),
    ...interventionMetrics(interventions),
    ["nll", nll],
  ]);
}

/** @param name what the scores are of: "causal" variables, or "noise" */
export const dciMetrics = (name: string, dci: DciScores): Metric[] => [
  [`${name}_informativeness_train`, dci.informativenessTrain],
  [`${name}_informativeness_test`, dci.informativenessTest],
  [`${name}_disentanglement`, dci.disentanglement],
  [`${name}_completeness`, dci.completeness],
  ...matrixMetrics(`${name}_importance_matrix`, dci.importance),
];

/** @param effects the published name of the matrix of effects; without it there are none of them */
export const graphMetrics = (graph: GraphScores | undefined, effects?: string): Metric[] => [
  ...(graph?.enco ? matrixMetrics("enco_graph", graph.enco.adjacency) : []),
  ...(graph && effects ? matrixMetrics(effects, graph.latentEffects) : []),
];

export const interventionMetrics = (scores: InterventionScores | undefined): Metric[] =>
  scores
    ? [
        ["intervention_correct_log_posterior", scores.meanLogPosterior],
        ["intervention_correct_posterior", scores.meanPosterior],
        ["intervention_accuracy", scores.accuracy],
      ]
    : [];

const matrixMetrics = (name: string, values: readonly (readonly number[])[]): Metric[] =>
  values.flatMap((row, i) => row.map((value, j) => [`${name}_${i}_${j}`, value] as const));
