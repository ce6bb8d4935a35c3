// A small network with all that a checkpoint has to hold: batch normalisation's running statistics, Adam's moments,
// dropout by stateless seeds, shuffled batches, and noise of a generator whose state is the caller's.
//   small-network.ts FOLDER MILLISECONDS   trains it as a process of its own that can be killed; so long a step
import { writeSync } from "node:fs";
import { join } from "node:path";
import type { Scalar, Tensor, Variable } from "@tensorflow/tfjs-node";
import { shuffledBatches } from "../../src/data";
import { writeSafetensors } from "../../src/io";
import { createRandom } from "../../src/random";
import * as dolab from "../../src/tensor";
import { type TrainOptions, type TrainOutcome, train } from "../../src/train";

const tf = dolab.tensorflow();
const ROWS = 96;
const BATCH = 16;

export interface SmallNetwork {
  variables: Record<string, Variable>;
  options: Pick<TrainOptions, "variables" | "stepsPerEpoch" | "step" | "seed" | "state">;
  dispose(): void;
}

/** @param onStep is called at the beginning of each step, with the steps done */
export function smallNetwork(onStep: (step: number) => void = () => {}): SmallNetwork {
  const rng = createRandom(3);
  const [hidden, norm] = [dolab.createDense(4, 16, { rng }), dolab.createBatchNorm(16)];
  const output = dolab.createDense(16, 1, { rng });
  const { running_mean, running_var, ...affine } = norm;
  const trained = {
    ...dolab.prefixNames("hidden", hidden),
    ...dolab.prefixNames("norm", affine),
    ...dolab.prefixNames("output", output),
  };
  const adam = dolab.createOptimiser(trained, { kind: "adam" });
  const variables = {
    ...trained,
    ...dolab.prefixNames("norm", { running_mean, running_var }),
    ...dolab.prefixNames("adam", Object.fromEntries(adam.state)),
  };
  const error = (x: Tensor, y: Tensor, seed: Tensor) => {
    const h = dolab.batchNorm(norm, dolab.dense(hidden, x), { training: true }).relu(); // [batch, 16]
    const kept = dolab.dropout(h, dolab.statelessUniform(h.shape, seed), 0.2);
    return dolab.dense(output, kept).sub(y).square().mean() as Scalar;
  };
  const step = dolab.compile(
    (x: Tensor, y: Tensor, seed: Tensor) => {
      const { value, grads } = tf.variableGrads(() => error(x, y, seed), Object.values(trained));
      adam.apply(grads, 0.01);
      return value;
    },
    { variables: Object.values(variables) },
  );
  const data = Float32Array.from({ length: ROWS * 4 }, () => rng.normal()); // [ROWS, 4]
  const batches = shuffledBatches(ROWS, BATCH, { rng });
  let noise = createRandom(4);
  return {
    variables,
    options: {
      variables,
      seed: 5,
      stepsPerEpoch: batches.perEpoch,
      state: {
        save: () => ({ noise: noise.state() }),
        restore: (saved) => {
          noise = createRandom(saved.noise as Parameters<typeof createRandom>[0]);
        },
      },
      step({ step: done, epoch, batch, seed }) {
        onStep(done);
        const rows = [...batches.at(epoch, batch)];
        const x = rows.flatMap((row) => [...data.subarray(4 * row, 4 * row + 4)]);
        const y = rows.map((row) => data[4 * row] * data[4 * row + 1]);
        const noisy = x.map((value) => value + 0.05 * noise.normal());
        return step(tf.tensor2d(noisy, [BATCH, 4]), tf.tensor2d(y, [BATCH, 1]), tf.tensor1d(seed, "int32"));
      },
    },
    dispose: () => {
      step.dispose();
      for (const variable of Object.values(variables)) variable.dispose();
    },
  };
}

/** Trains it for 20 epochs in a folder, and at the end writes weights.safetensors there. */
export async function trainSmallNetwork(
  folder: string,
  { onStep, ...options }: Partial<TrainOptions> & { onStep?: (step: number) => void } = {},
): Promise<TrainOutcome> {
  const network = smallNetwork(onStep);
  const checkpoint = { every: 7 };
  const log = { every: 4 };
  const outcome = await train({ ...network.options, epochs: 20, folder, checkpoint, log, ...options });
  if (outcome.status === "finished")
    writeSafetensors(join(folder, "weights.safetensors"), dolab.toStateDict(network.variables));
  network.dispose();
  return outcome;
}

if (require.main === module) {
  const [, , folder, milliseconds] = process.argv;
  const onStep = () => {
    writeSync(1, "s"); // it has begun
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(milliseconds));
  };
  trainSmallNetwork(folder, { onStep });
}
