// A small GPT-2 with larger weights than a new one has, so that its tokens and activations differ.
import { createGpt2 } from "../../../src/models/gpt2";
import { createRandom } from "../../../src/random";
import { tensorflow } from "../../../src/tensor";

export const configuration = { vocabulary: 13, positions: 12, width: 16, layers: 2, heads: 4 };

export function livelyModel() {
  const parameters = createGpt2(configuration, { rng: createRandom(3) });
  tensorflow().tidy(() => {
    for (const [name, variable] of Object.entries(parameters))
      if (name.endsWith("weight") && variable.rank === 2) variable.assign(variable.mul(12));
  });
  return parameters;
}

export const prompts = [
  [1, 2, 3],
  [4, 5, 6],
  [7, 8, 9],
];
