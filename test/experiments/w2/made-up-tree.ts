// A tree of two λs and two steps whose error tells where it stands: 0.1 or 0.8 by the checkpoint, and a tenth of the last λ.
import { type LambdaTree, stepKey } from "../../../src/experiments/w2/results/lambda-tree";

const lambdas = [0.2, 0.6];
const bases = { ordered: 0.1, collapse: 0.8 } as const;

export const madeUpTree: LambdaTree = {
  lambdas,
  hold: 2,
  depth: 2,
  start: bases,
  steps: Object.fromEntries(
    (["ordered", "collapse"] as const).flatMap((history) =>
      [...lambdas.map((one) => [one]), ...lambdas.flatMap((one) => lambdas.map((next) => [one, next]))].map(
        (along) => {
          const error = Number((bases[history] + along[along.length - 1] / 10).toFixed(3));
          return [stepKey(history, along), { error: [error, error], cosine: [-0.1, -0.05] }];
        },
      ),
    ),
  ),
};
