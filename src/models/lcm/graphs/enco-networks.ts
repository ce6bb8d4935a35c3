// The conditional densities of ENCO (Lippe, Cohen & Gavves 2022, "Efficient neural causal discovery without acyclicity
// constraints", arXiv:2107.10483), as the published weakly supervised causal representation learning code has them: one MLP a
// variable, of the masked values of its possible parents and the mask itself, gives mean and log standard deviation.
import type { Tensor, Variable } from "@tensorflow/tfjs-node";
import type { Random } from "../../../random";
import { drawVariable, fillVariable, tensorflow, uniformWithin } from "../../../tensor";

export interface EncoNetworks {
  layers: {
    /** [variables, inputs, outputs] */
    weight: Variable;
    /** [variables, 1, outputs] */
    bias: Variable;
  }[];
}

/** Makes the networks; initial bounds are PyTorch's, which takes inputs times outputs for the fan of a stack of weights. */
export function createEncoNetworks(
  variables: number,
  { rng, hidden = [64, 64] }: { rng: Random; hidden?: readonly number[] },
): EncoNetworks {
  const widths = [2 * variables, ...hidden, 2];
  const layers = widths.slice(1).map((outputs, i) => ({
    weight: drawVariable(
      [variables, widths[i], outputs],
      uniformWithin(Math.sqrt(6 / (widths[i] * outputs)), rng),
    ),
    bias: fillVariable([variables, 1, outputs], 0),
  }));
  return { layers };
}

/** The parameters by name. */
export const encoVariables = ({ layers }: EncoNetworks): Record<string, Variable> =>
  Object.fromEntries(
    layers.flatMap(({ weight, bias }, i) => [
      [`${2 * i}.weight`, weight],
      [`${2 * i}.bias`, bias],
    ]),
  );

/**
 * -log p(child | its parents) of each variable.
 *
 * @param values [rows, variables]
 * @param parents [variables, rows, variables], 1 where a child, first axis, takes a parent, last axis, into account
 * @returns [variables, rows]
 */
export function encoNegativeLogLikelihood({ layers }: EncoNetworks, values: Tensor, parents: Tensor): Tensor {
  const tf = tensorflow();
  const input = tf.concat([parents.mul(values.expandDims(0)), parents.mul(2).sub(1)], 2);
  const output = layers.reduce((hidden: Tensor, { weight, bias }, i) => {
    const active = i === 0 ? hidden : hidden.mul(hidden.sigmoid()); // SiLU
    return tf.matMul(active, weight).add(bias);
  }, input); // [variables, rows, 2]
  const [mean, logDeviation] = tf.unstack(output, 2); // each [variables, rows]
  const scaled = values.transpose().sub(mean).div(logDeviation.exp());
  return logDeviation.add(scaled.square().mul(0.5)).add(0.5 * Math.log(2 * Math.PI));
}
