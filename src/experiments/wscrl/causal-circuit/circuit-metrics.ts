// What the document finds of a model on the codes of pictures, under its names: the columns of its test_metrics.csv, and in MLflow
// eval.NAME.
import { dciMetrics, graphMetrics, interventionMetrics } from "../document/test-metrics";
import type { CircuitModelRow } from "./circuit-unit";

/** The published numbers that a model has. */
export const circuitMetrics = (row: CircuitModelRow): Record<string, number> =>
  Object.fromEntries([
    ...dciMetrics("noise", row.noiseDci),
    ...dciMetrics("causal", row.dci),
    ...graphMetrics(row.graph, "implicit_graph"),
    ...interventionMetrics(row.interventions),
    ["nll", row.nll],
  ]);
