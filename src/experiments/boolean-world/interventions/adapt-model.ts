// How a model adapts: a part is switched off, the rest trains on without it, and the answers come back or do not. The
// ablation stands inside the training step's forward pass, so that no gradient reaches the part through it.
import type { Tensor } from "@tensorflow/tfjs-node";
import { formatState } from "../../../data";
import { gpt2, type Intervention, nextTokenLoss, prepareInterventions } from "../../../models";
import { createRandom } from "../../../random";
import { startBackend, tensorflow } from "../../../tensor";
import { createTrainer } from "../../../train";
import { evaluateModel } from "../model/evaluate";
import type { WorldModel } from "../model/train-model";
import { everyExample, worldTokens } from "../model/world-texts";

export interface RecoveryRow {
  /** Steps since the ablation; 0 is before the first. */
  step: number;
  /** The mean loss of the steps since the row before; NaN in the first. */
  loss: number;
  /** Share of all states that are answered exactly without the part. */
  without: number;
  /** The same with the part switched on again, at this moment. */
  restored: number;
}

export interface AdaptOptions {
  steps?: number;
  /** Steps between two rows. */
  every?: number;
  batchSize?: number;
  learningRate?: number;
  /** The seed of the order of the states. */
  seed?: number;
  /** Told after each row. */
  onRow?: (row: RecoveryRow) => void;
}

/**
 * Trains a copy of a model on, on the states that it may read, with interventions in each step.
 *
 * @param model the model; it stays as it is
 * @param interventions as those of `prepareInterventions`; means are over the texts of all states, in the model as it is given
 * @param options steps, the steps between two rows, the batch, the learning rate, and the seed of the states' order
 * @returns one row for every `every` steps, and the copy, whose parameters are the caller's to dispose of
 * @throws {RangeError} for interventions that the model cannot have, or sizes that are not whole numbers from 1
 */
export async function adaptModel(
  model: WorldModel,
  interventions: readonly Intervention[],
  { steps = 200, every = 20, batchSize = 16, learningRate = 5e-4, seed = 0, onRow }: AdaptOptions = {},
): Promise<{ rows: RecoveryRow[]; model: WorldModel }> {
  for (const [name, size] of Object.entries({ steps, every, batchSize })) {
    if (Number.isInteger(size) && size >= 1) continue;
    throw new RangeError(`Cannot train on as ${name} must be a whole number from 1: got ${size}`);
  }
  await startBackend();
  const tf = tensorflow();
  const { configuration, tokenizer, rules, excluded } = model;
  const time = configuration.positions;
  const held = new Set(excluded.map(formatState));
  const examples = everyExample(rules);
  const all = worldTokens(examples, tokenizer, { time, loss: "completion" });
  const rowsOf = <Kind extends Int32Array | Uint8Array>(values: Kind, example: number) =>
    Array.from(values.subarray(example * time, (example + 1) * time));
  const reference = examples.map((_, example) => rowsOf(all.tokens, example));
  const observe = await prepareInterventions(model.parameters, configuration, interventions, { reference });
  const read = Array.from(examples.keys()).filter((example) => !held.has(examples[example].prompt));
  const parameters = Object.fromEntries(
    Object.entries(model.parameters).map(([name, value]) => [
      name,
      tf.tidy(() => tf.variable(value.clone())),
    ]),
  );
  const copy: WorldModel = { ...model, parameters };
  const trainer = createTrainer({
    parameters,
    loss: (tokens: Tensor, targets: Tensor) =>
      nextTokenLoss(gpt2(parameters, tokens, configuration, { observe }), tokens, { mask: targets }),
    optimiser: { kind: "adamw", weightDecay: 0 },
    learningRate,
  });
  const rng = createRandom(seed);
  const rows: RecoveryRow[] = [];
  let losses = 0;
  const addRow = async (taken: number, since: number) => {
    const exactly = async (options: object) => (await evaluateModel(copy, options)).accuracy[0].exact;
    const [without, restored] = [await exactly({ observe }), await exactly({})];
    rows.push({ step: taken, loss: losses / since, without, restored });
    losses = 0;
    onRow?.(rows[rows.length - 1]);
  };
  try {
    await addRow(0, 0);
    let order: number[] = [];
    for (let taken = 1; taken <= steps; taken++) {
      while (order.length < batchSize)
        order.push(...Array.from(rng.permutation(read.length), (i) => read[i]));
      const batch = order.slice(0, batchSize);
      order = order.slice(batchSize);
      const tokens = tf.tensor2d(
        batch.map((example) => rowsOf(all.tokens, example)),
        undefined,
        "int32",
      );
      const targets = tf.tensor2d(batch.map((example) => rowsOf(all.targets, example)));
      const loss = trainer.step(tokens, targets);
      losses += loss.dataSync()[0];
      tf.dispose([tokens, targets, loss]);
      if (taken % every === 0 || taken === steps) await addRow(taken, ((taken - 1) % every) + 1);
    }
    return { rows, model: copy };
  } catch (error) {
    tf.dispose(parameters);
    throw error;
  } finally {
    trainer.dispose();
  }
}
