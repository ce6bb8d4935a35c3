// A small GPT-2, 4 layers of 4 heads and 128 channels: 16 sequences of 24 tokens, AdamW; with a small vocabulary and with
// that of the published models.
import type { Tensor } from "@tensorflow/tfjs-node";
import { createGpt2, gpt2 as forward, nextTokenLoss } from "../../models/gpt2";
import { createRandom } from "../../random";
import { createOptimiser, tensorflow } from "../../tensor";
import type { TrainingStep } from "../training-step";

const [batch, time] = [16, 24];

export function gpt2(vocabulary: number): TrainingStep {
  const tf = tensorflow();
  const rng = createRandom(0);
  const configuration = { vocabulary, positions: time, width: 128, layers: 4, heads: 4 };
  const parameters = createGpt2(configuration, { rng });
  const optimiser = createOptimiser(parameters, { kind: "adamw" });
  const step = (tokens: Tensor) => {
    const loss = () => nextTokenLoss(forward(parameters, tokens, configuration), tokens);
    const { value, grads } = tf.variableGrads(loss, Object.values(parameters));
    optimiser.apply(grads, 5e-4);
    return value;
  };
  const values = Int32Array.from({ length: batch * time }, () => rng.integer(0, vocabulary));
  const tokens = tf.tensor2d(values, [batch, time], "int32");
  return { variables: [...Object.values(parameters), ...optimiser.state.values()], step, inputs: [tokens] };
}
