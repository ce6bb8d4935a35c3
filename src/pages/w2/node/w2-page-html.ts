// The page of a run's tree as one HTML text that needs no network.
import { inProject } from "../../../environment/paths.mjs";
import type { W2Run } from "../../../experiments/w2/experiment";
import { lambdaTree } from "../../../experiments/w2/results/kept-run";
import { learningRateOf } from "../../../experiments/w2/training/learning-rate";
import type { PageDefinition } from "../../kit/node/bundle-page";
import { pageHtml } from "../../kit/node/page-html";
import type { CarriedTree } from "../carried-tree";

const page: PageDefinition = {
  title: "Move λ, and see what the networks did",
  lead: "Two networks with different pasts, and one λ that you move over time. Every point was computed by training; none is interpolated.",
  entry: inProject("src", "pages", "w2", "main.ts"),
};

/**
 * Makes the page of a run that trained a tree (`treeLambdas`).
 *
 * @param run a run, as `w2.run`, `w2.loadRun` and `w2.withArm` give it
 * @throws {RangeError} where its first seed has no whole tree
 */
export function w2PageHtml(run: W2Run): Promise<string> {
  const tree = lambdaTree(run);
  if (!tree)
    throw new RangeError(
      `Cannot make a page of the run in ${run.folder} as its first seed must have trained a tree: set treeLambdas, such as [0.2, 0.4, 0.6]`,
    );
  const { seed, preset, width, images, data, hysteresisRate, orderedLambda, collapseLambda } =
    run.configuration;
  const facts = [
    data === "generated" ? "Generated images, not CIFAR-10" : "CIFAR-10",
    `${images} of them`,
    `ResNet-18 of width ${width}`,
    `preset ${preset}, seed ${seed}`,
    `learning rate ${(learningRateOf(run.configuration) * hysteresisRate).toPrecision(2)}`,
  ];
  return lambdaPageHtml({
    ...tree,
    made: { ordered: orderedLambda, collapse: collapseLambda },
    facts: facts.join(", "),
  });
}

/** Makes the page of any tree. */
export const lambdaPageHtml = (tree: CarriedTree): Promise<string> =>
  pageHtml(page, { "tree.json": JSON.stringify(tree) });
