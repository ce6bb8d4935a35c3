// The flows of one seed, all trained on the codes of one autoencoder: several attempts from different starts, of which the one
// with the best likelihood on frames of another sequence goes on, and a control on intervention targets in a random order.
import { join } from "node:path";
import { citrisNfLoss } from "../../../models/citris";
import type { Random } from "../../../random";
import { tensorflow } from "../../../tensor";
import { checkpointFile, restoreCheckpoint } from "../../../train";
import { type Measured, measureLatents, throughFlow, withNoise } from "../measures/measure-latents";
import { assignmentOf } from "../saved-model";
import { CHUNK } from "../scenes/pixels";
import type { CitrisData } from "../scenes/scene-data";
import { codePairs, FIRST_ROWS, range, targetsOf } from "./batches";
import { attemptSteps, type SeedStages } from "./seed-stages";
import type { FlowTrainer } from "./trainers";

/** Codes of all frames, each [frames, latents]. */
export interface SceneCodes {
  training: Float32Array;
  validation: Float32Array;
  /** These have the noise that codes are trained with. */
  heldOut: Float32Array;
}

/** An attempt at a flow. */
export interface FlowAttempt {
  /** Negative log-likelihood of the validation sequence when one attempt was chosen, in nats a frame. */
  likelihood: number;
  chosen: boolean;
}

export class SeedFlows {
  constructor(
    readonly flow: FlowTrainer,
    readonly codes: SceneCodes,
    readonly data: CitrisData,
    readonly stages: SeedStages,
    readonly rng: Random,
  ) {}

  /** Trains all attempts, and goes on with the best. The flow's weights are those of the best one afterwards. */
  async trainBest(): Promise<FlowAttempt[]> {
    const { flow, stages } = this;
    const c = stages.configuration;
    const attempts: FlowAttempt[] = [];
    for (let k = 0; k < c.attempts; k++) {
      this.begin(`flow ${k}`);
      await this.#run(`flow-${k}`);
      attempts.push({ likelihood: this.#validationLoss(), chosen: false });
    }
    const best = attempts.reduce((b, { likelihood }, k) => (likelihood < attempts[b].likelihood ? k : b), 0);
    attempts[best].chosen = true;
    const checkpoint = checkpointFile(join(stages.folder, `flow-${best}`), attemptSteps(c));
    restoreCheckpoint(checkpoint, flow.trainer.variables);
    if (stages.has("flow")) await this.#run("flow");
    return attempts;
  }

  /** Trains the control, and measures it. */
  async trainControl(): Promise<Measured> {
    const { frames } = this.stages.configuration;
    const order = this.rng.split("shuffled targets").permutation(frames - 1);
    this.begin("flow of the control");
    await this.#run("shuffled", (row) => order[row]);
    return this.measure();
  }

  /** Draws new weights, and sets up the ActNorms with the first codes. */
  begin(label: string): void {
    const { latents, codeNoise, dataSeed } = this.stages.configuration;
    const some = this.codes.training.subarray(0, FIRST_ROWS * latents);
    const noisy = withNoise(some, codeNoise, dataSeed);
    this.flow.begin(this.rng.split(label));
    tensorflow().tidy(() =>
      this.flow.initialise(tensorflow().tensor2d(noisy, [noisy.length / latents, latents])),
    );
  }

  /** Latents of the held-out frames as the flow is now. @returns [frames, latents] */
  latents(): Float32Array {
    return throughFlow(this.flow.model.flow, this.codes.heldOut);
  }

  /** What the latents of the flow as it is now tell, under its own assignment. */
  measure(): Measured {
    const assignment = assignmentOf(this.flow.model.prior);
    return measureLatents(this.latents(), assignment, this.data, this.stages.configuration);
  }

  /** @param targetOf the row whose target a row is given */
  #run(name: string, targetOf = (row: number) => row): Promise<void> {
    const { codes, data, flow, stages } = this;
    const { latents, frames, flowBatch } = stages.configuration;
    return stages.run({
      name,
      rows: frames - 1,
      batchSize: flowBatch,
      trainer: flow.trainer,
      inputs: (rows, words) => [
        codePairs(codes.training, latents, rows),
        targetsOf(data.training.targets, data.factors.length, rows.map(targetOf)),
        words,
      ],
    });
  }

  /** Mean of -log p(z' | z, I') - log |det| over all pairs of the validation sequence, in nats. */
  #validationLoss(): number {
    const tf = tensorflow();
    const { codes, data, flow, stages } = this;
    const { latents, codeNoise } = stages.configuration;
    const pairs = codes.validation.length / latents - 1;
    let sum = 0;
    for (let from = 0; from < pairs; from += CHUNK)
      tf.tidy(() => {
        const rows = Int32Array.from(range(from, Math.min(pairs, from + CHUNK)));
        const { nll, logDeterminant } = citrisNfLoss(
          flow.model,
          codePairs(codes.validation, latents, rows),
          targetsOf(data.validation.targets, data.factors.length, rows),
          { seed: tf.tensor1d([from, 0], "int32"), training: false, draws: 1, noise: codeNoise },
        );
        sum += nll.sub(logDeterminant).dataSync<"float32">()[0] * rows.length;
      });
    return sum / pairs;
  }
}
