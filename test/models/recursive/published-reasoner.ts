// A reasoner made of a fixture of the published code: its configuration and state dict under our names.
import type { Tensor } from "@tensorflow/tfjs-node";
import { createReasoner, type Reasoner, type ReasonerConfiguration } from "../../../src/models";
import { createRandom } from "../../../src/random";
import { loadStateDict, tensorflow } from "../../../src/tensor";

export interface PublishedCase {
  config: Record<string, number | string | boolean>;
  inter: number;
  state_dict: Record<string, unknown>;
}

export function publishedReasoner({ config, inter, state_dict }: PublishedCase): Reasoner {
  const hrm = "inner.H_level.layers.0.mlp.down_proj.weight" in state_dict;
  const configuration: ReasonerConfiguration = {
    kind: hrm ? "hrm" : "trm",
    vocabulary: Number(config.vocab_size),
    cells: Number(config.seq_len),
    channels: Number(config.hidden_size),
    heads: Number(config.num_heads),
    lowLayers: Number(config.L_layers),
    highLayers: Number(config.H_layers),
    lowCycles: Number(config.L_cycles),
    highCycles: Number(config.H_cycles),
    mixing: config.mlp_t ? "mlp" : "attention",
    positionEncoding: config.pos_encodings as "rope" | "none",
    prefix: 0,
    puzzles: 0,
    channelWidth: inter,
    positionWidth: inter,
  };
  const reasoner = createReasoner(configuration, { rng: createRandom(0) });
  const state = new Map(
    Object.entries(state_dict).map(([name, values]) => {
      const tensor = tensorflow().tensor(values as number[]);
      return [name, { shape: tensor.shape, data: tensor.dataSync() }];
    }),
  );
  loadStateDict(reasoner.parameters, state);
  return reasoner;
}

/** The largest absolute difference of a tensor from numbers. */
export function farthest(tensor: Tensor, expected: unknown): number {
  const tf = tensorflow();
  return tf.tidy(() =>
    tensor
      .cast("float32")
      .sub(tf.tensor(expected as number[]).reshape(tensor.shape))
      .abs()
      .max()
      .dataSync(),
  )[0];
}
