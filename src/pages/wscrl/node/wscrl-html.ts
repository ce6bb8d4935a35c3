// The intervention page of a run's ILCM as one HTML text that needs no network.
import { inProject } from "../../../environment/paths.mjs";
import { affineFit } from "../../../experiments/wscrl/evaluation/answer-interventions";
import type { WscrlRun } from "../../../experiments/wscrl/experiment";
import { modelTitles, unitAt } from "../../../experiments/wscrl/tables";
import { loadTrainedModel } from "../../../experiments/wscrl/training/trained-model";
import { unitData } from "../../../experiments/wscrl/training/unit";
import { toStateDict } from "../../../tensor";
import type { PageDefinition } from "../../kit/node/bundle-page";
import { pageHtml } from "../../kit/node/page-html";
import type { CarriedModel } from "../carried-model";

const page: PageDefinition = {
  title: "Interventions on causal variables",
  lead: "An implicit latent causal model has learned these variables from pairs of observations before and after interventions of which nobody told it the target. Set one, and see whether the others and the observation follow as in the true system.",
  entry: inProject("src", "pages", "wscrl", "main.ts"),
  styles: [inProject("src", "pages", "wscrl", "wscrl.css")],
};

const EXAMPLES = 8;
/** Held-out pairs that latents are matched with variables on. */
const FITTED = 500;
/** Digits of a weight, as many as float32 has. */
const DIGITS = 7;

/**
 * Makes the page of one ILCM of a run.
 *
 * @param run a run whose folder has its checkpoints, as `wscrl.run` gives it
 * @param options.dimension which number of causal variables
 * @throws {RangeError} where the run has no ILCM of this dimension, or its folder no checkpoint of it
 */
export function wscrlPageHtml(
  run: Pick<WscrlRun, "folder" | "configuration" | "rows">,
  { dimension }: { dimension: number },
): Promise<string> {
  const row = unitAt(run, { model: "ilcm", dimension });
  if (!row)
    throw new RangeError(
      `Cannot make a page as the run has no ${modelTitles.ilcm} of dimension ${dimension}`,
    );
  const model = loadTrainedModel(run, row);
  try {
    const few = { ...run.configuration, trainPairs: 1, dciPairs: 1 };
    const { nature, pairs } = unitData(row, few);
    const { latentOf, dci, graph } = row.evaluation;
    const count = Math.min(FITTED, pairs.test.pairs);
    const carried: CarriedModel = {
      latents: dimension,
      ancestors: model.ilcm?.solutionFunctions.ancestors ?? "others",
      weights: Object.fromEntries(
        [...toStateDict(model.parameters)].map(([name, { shape, data }]) => [
          name,
          { shape: [...shape], data: Array.from(data, (value) => Number(value.toPrecision(DIGITS))) },
        ]),
      ),
      variables: latentOf.map((latent, variable) => ({
        latent,
        ...affineFit(model, pairs.test, count, { latent, variable }),
      })),
      order: graph?.order ?? latentOf.slice(),
      nature: {
        variables: dimension,
        graph: nature.graph.map((one) => one.slice()),
        weights: nature.weights.map((one) => one.slice()),
        rotation: nature.rotation.map((one) => one.slice()),
      },
      examples: Array.from({ length: Math.min(EXAMPLES, pairs.test.pairs) }, (_, i) => {
        const of = (rows: Float32Array) => Array.from(rows.subarray(i * dimension, (i + 1) * dimension));
        return { observed: of(pairs.test.before), causal: of(pairs.test.causalBefore) };
      }),
      disentanglement: dci.disentanglement,
      title: `${modelTitles.ilcm} of ${dimension} variables, model seed ${row.modelSeed}, data seed ${row.dataSeed}`,
    };
    return pageHtml(page, { "model.json": JSON.stringify(carried) }, { what: `the model in ${run.folder}` });
  } finally {
    for (const variable of Object.values(model.parameters)) variable.dispose();
  }
}
