// What CausalCircuit shows: pairs of pictures, their reconstructions, which latent is which variable, and the graph.
import { circuitImages, circuitVariables, syntheticCircuitPairs } from "../../../data";
import { framesFigure } from "../../citris/figures/frames-figure";
import type { PlotlyFigure } from "../../result-file";
import type { ModelKind } from "../configuration";
import { graphPanels, heatPanels } from "../figures/model-figures";
import { modelTitles } from "../tables";
import type { CircuitConfiguration } from "./configuration";
import { examplePicture, exampleSize } from "./example-pairs";
import type { CircuitRun } from "./experiment";
import { variableLetters } from "./tables";

const interventionTitle = (label: number) =>
  label === 0 ? "nothing set" : `${circuitVariables[label - 1]} set`;

/** The four numbers of a picture, in two lines. */
const valuesText = (causal: readonly number[]) =>
  causal.map((value, k) => `${variableLetters[k]} ${value.toFixed(2)}${k === 1 ? "<br>" : " "}`).join("");

/**
 * Draws synthetic pairs, one of each intervention: before above after, with the true variables under each.
 *
 * @param configuration the seed of the pairs
 * @param options.size height and width of the pictures, in pixels
 * @example
 * import { causalCircuit } from "dolab";
 * const figure = causalCircuit.pairsFigure({ seed: 0 }, { size: 8 });
 * figure.data.length; // => 1
 */
export function circuitPairsFigure(
  { seed }: Pick<CircuitConfiguration, "seed">,
  { size = 64 }: { size?: number } = {},
): PlotlyFigure {
  const pairs = syntheticCircuitPairs({ pairs: 200, size, seed, purpose: "test" });
  const chosen = [0, 4, 1, 2, 3].map((label) => pairs.intervention.indexOf(label));
  const picture = (half: "before" | "after") => chosen.map((pair) => circuitImages(pairs, [pair], half));
  const values = (rows: Float32Array) =>
    chosen.map((pair) => valuesText(Array.from(rows.subarray(4 * pair, 4 * pair + 4))));
  return framesFigure({
    title: "Synthetic pairs of our renderer: before (above) and after (below) an intervention",
    rows: [picture("before"), picture("after")],
    columns: chosen.map((pair) => interventionTitle(pairs.intervention[pair])),
    texts: [values(pairs.causalBefore), values(pairs.causalAfter)],
  });
}

/**
 * Draws held-out pairs above what their codes decode to.
 *
 * @param run a run whose rows have examples
 * @param options.seed which of the run's seeds is shown: by default the first
 * @throws {RangeError} where the run has none
 */
export function reconstructionsFigure(
  run: Pick<CircuitRun, "rows" | "synthetic">,
  { seed }: { seed?: number } = {},
): PlotlyFigure {
  const row = run.rows.find((one) => seed === undefined || one.seed === seed);
  if (!row || row.examples.length === 0)
    throw new RangeError("Cannot draw reconstructions as the run has none: its codes came without pictures");
  const { examples } = row;
  const size = exampleSize(examples[0]);
  const line = (key: "before" | "decodedBefore" | "after" | "decodedAfter") =>
    examples.map((example) => examplePicture(example[key], size));
  const words = (text: string) => examples.map((_, i) => (i === 0 ? text : ""));
  return framesFigure({
    title: `Held-out ${run.synthetic ? "synthetic " : ""}pairs, and what their codes decode to`,
    rows: [line("before"), line("decodedBefore"), line("after"), line("decodedAfter")],
    columns: examples.map(({ intervention }) => interventionTitle(intervention)),
    texts: [words("before"), words("decoded"), words("after"), words("decoded")],
  });
}

/**
 * Draws which latent of each model is which variable.
 *
 * @param run a run, finished or not
 * @param options.seed which of the run's seeds is shown: by default the first
 * @example
 * import { causalCircuit } from "dolab";
 * const importance = [[0, 0.9, 0, 0], [0.8, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]];
 * const model = { model: "ilcm", latentOf: [1, 0, 2, 3], dci: { disentanglement: 1, importance } };
 * const { data } = causalCircuit.importanceFigure({ rows: [{ seed: 1, models: [model] }], synthetic: true });
 * data[0].z[0]; // => [0.8, 0, 0, 0]
 */
export function circuitImportanceFigure(
  run: Pick<CircuitRun, "rows" | "synthetic">,
  { seed }: { seed?: number } = {},
): PlotlyFigure {
  const row = run.rows.find((one) => seed === undefined || one.seed === seed);
  const panels = (row?.models ?? []).map(({ model, dci, latentOf }) => ({
    title: `${modelTitles[model]}: ${dci.disentanglement.toFixed(2)}`,
    values: latentOf.map((latent) => dci.importance[latent]),
    rows: latentOf.map((latent) => `latent ${latent + 1}`),
    columns: variableLetters.slice(),
  }));
  const title = `How much each latent tells of each causal variable${run.synthetic ? " (synthetic pictures)" : ""}`;
  return heatPanels(panels, { title, x: "true causal variable", y: "latent", most: 1 });
}

/**
 * Draws the circuit's graph beside the one behind a model's solution functions.
 *
 * @param run a run, finished or not
 * @param options.seed which of the run's seeds is shown: by default the first
 * @param options.model which model: by default the ILCM
 * @throws {RangeError} where the run has no such training
 * @example
 * import { causalCircuit } from "dolab";
 * const none = Array.from({ length: 4 }, () => [0, 0, 0, 0]);
 * const graph = { truth: none, effects: none, found: none, structuralHammingDistance: 0 };
 * const rows = [{ seed: 1, models: [{ model: "ilcm", graph }] }];
 * causalCircuit.graphFigure({ rows, synthetic: true }).layout.annotations[1].text; // => "<b>ILCM, distance 0</b>"
 */
export function circuitGraphFigure(
  run: Pick<CircuitRun, "rows" | "configuration" | "synthetic">,
  { seed, model = "ilcm" }: { seed?: number; model?: ModelKind } = {},
): PlotlyFigure {
  const row = run.rows.find((one) => seed === undefined || one.seed === seed);
  const graph = row?.models.find((one) => one.model === model)?.graph;
  if (!graph) throw new RangeError(`Cannot draw the graph as the run has no ${modelTitles[model]}`);
  return graphPanels(graph, {
    names: variableLetters,
    model,
    title: `The circuit's causal graph${run.synthetic ? " (synthetic pictures)" : ""}`,
  });
}
