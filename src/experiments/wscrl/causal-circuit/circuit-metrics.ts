// What the document finds of a model on the codes of pictures, under its names: the columns of its test_metrics.csv, and in MLflow
// eval.NAME.
import type { CircuitDci, CircuitModelRow } from "./circuit-unit";

/** The published numbers that a model has. */
export function circuitMetrics({
  dci,
  noiseDci,
  interventions,
  graph,
  nll,
}: CircuitModelRow): Record<string, number> {
  const matrix = (name: string, values: readonly (readonly number[])[]) =>
    values.flatMap((row, i) => row.map((value, j) => [`${name}_${i}_${j}`, value] as const));
  const scores = (name: string, found: CircuitDci): (readonly [string, number])[] => [
    [`${name}_informativeness_train`, found.informativenessTrain],
    [`${name}_informativeness_test`, found.informativenessTest],
    [`${name}_disentanglement`, found.disentanglement],
    [`${name}_completeness`, found.completeness],
    ...matrix(`${name}_importance_matrix`, found.importance),
  ];
  return Object.fromEntries([
    ...scores("noise", noiseDci),
    ...scores("causal", dci),
    ...(graph?.enco ? matrix("enco_graph", graph.enco.adjacency) : []),
    ...(graph ? matrix("implicit_graph", graph.latentEffects) : []),
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
