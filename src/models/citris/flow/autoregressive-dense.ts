// A dense layer over blocks of features in which block k depends on the blocks before it alone (MADE, Germain et al. 2015),
// by a mask on its weight; "AutoregLinear" in CITRIS's published code, with its names. Weights begin as Kaiming's for each
// row of blocks, whose number of inputs differs.
import type { Tensor, Variable } from "@tensorflow/tfjs-node";
import type { Random } from "../../../random";
import { dense, drawVariable, prefixNames, tensorflow, uniformWithin } from "../../../tensor";

export interface AutoregressiveDense {
  /** [blocks outputs, blocks inputs] */
  weight: Variable;
  /** [blocks outputs] */
  bias: Variable;
  readonly blocks: number;
  /** Whether block k sees block k too. */
  readonly diagonal: boolean;
}

export interface AutoregressiveDenseOptions {
  blocks: number;
  /** Features of a block that come in. */
  inputs: number;
  /** Features of a block that go out. */
  outputs: number;
  diagonal: boolean;
  /** Whether the layer ends its network: smaller weights, 0 for the first block and no bias at first. */
  last?: boolean;
  rng: Random;
}

const LAST_FACTOR = 0.2;

/** Makes the parameters of an autoregressive dense layer. */
export function createAutoregressiveDense(options: AutoregressiveDenseOptions): AutoregressiveDense {
  const { blocks, inputs, outputs, diagonal, last = false, rng } = options;
  const seen = (block: number) => (diagonal ? block + 1 : block) * inputs;
  let place = 0;
  const weight = () => {
    const [row, column] = [Math.floor(place / (blocks * inputs)), place++ % (blocks * inputs)];
    const block = Math.floor(row / outputs);
    if (column >= seen(block) || (last && block === 0)) return 0;
    const gain = last ? Math.sqrt(1 / seen(block)) * LAST_FACTOR : Math.sqrt(2 / seen(block));
    return uniformWithin(Math.sqrt(3) * gain, rng)();
  };
  let row = 0;
  const bias = () => {
    const fanIn = Math.max(1, seen(Math.floor(row++ / outputs)));
    return last ? 0 : uniformWithin(1 / Math.sqrt(fanIn), rng)();
  };
  return {
    weight: drawVariable([blocks * outputs, blocks * inputs], weight),
    bias: drawVariable([blocks * outputs], bias),
    blocks,
    diagonal,
  };
}

/** @param input [rows, blocks inputs] @returns [rows, blocks outputs] */
export function autoregressiveDense(layer: AutoregressiveDense, input: Tensor): Tensor {
  return dense({ weight: layer.weight.mul(blockMask(layer)), bias: layer.bias }, input);
}

/** 1 where an output may depend on an input. [blocks outputs, blocks inputs] */
export function blockMask({ weight, blocks, diagonal }: AutoregressiveDense): Tensor {
  const [rows, columns] = weight.shape;
  const [outputs, inputs] = [rows / blocks, columns / blocks];
  const mask = Float32Array.from({ length: rows * columns }, (_, place) => {
    const to = Math.floor(Math.floor(place / columns) / outputs);
    const from = Math.floor((place % columns) / inputs);
    return (diagonal ? from <= to : from < to) ? 1 : 0;
  });
  return tensorflow().tensor2d(mask, [rows, columns]);
}

/** The parameters under the published names. */
export const autoregressiveDenseVariables = (name: string, { weight, bias }: AutoregressiveDense) =>
  prefixNames(`${name}.linear`, { weight, bias });
