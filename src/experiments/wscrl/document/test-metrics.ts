// What the document finds of a model, under its names: the columns of its test_metrics.csv, and in MLflow eval.NAME.
import type { WscrlRow } from "../training/unit";

/** The published numbers that a model has. */
export function testMetrics({ model, evaluation, dimension }: WscrlRow): Record<string, number> {
  const { dci, interventions, graph, nll } = evaluation;
  const matrix = (name: string, values: readonly (readonly number[])[]) =>
    values.flatMap((row, i) => row.map((value, j) => [`${name}_${i}_${j}`, value] as const));
  return Object.fromEntries([
    ["causal_informativeness_train", dci.informativenessTrain],
    ["causal_informativeness_test", dci.informativenessTest],
    ["causal_disentanglement", dci.disentanglement],
    ["causal_completeness", dci.completeness],
    ...matrix("causal_importance_matrix", dci.importance),
    ...(graph?.enco ? matrix("enco_graph", graph.enco.adjacency) : []),
    ...(graph && dimension <= 5
      ? matrix(model.startsWith("elcm") ? "adjacency_matrix" : "implicit_graph", graph.latentEffects)
      : []),
    ...(interventions
      ? ([
          ["intervention_correct_log_posterior", interventions.meanLogPosterior],
          ["intervention_correct_posterior", interventions.meanPosterior],
          ["intervention_accuracy", interventions.accuracy],
        ] as const)
      : []),
    ["nll", nll],
  ]);
}
