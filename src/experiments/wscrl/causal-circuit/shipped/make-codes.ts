// Makes the committed codes anew. First stage 1, on one core in minutes; then this script packs what it left behind:
//   npx dolab wscrl causalcircuit_reduce_dim general.exp_name=shipped general.base_dir=results general.seed=4601 \
//     data=causalcircuit_synthetic 'data.dim_x=[32, 32, 3]' data.samples.train=4000 data.samples.test=1000 \
//     model.encoder.hidden_channels=8 training.batchsize=16 training.epochs=16 training.lr_schedule.initial=2e-3 \
//     training.pretrain_beta=1e-3 training.z_regularization_schedule.final=1e-3
//   node --import tsx src/experiments/wscrl/causal-circuit/shipped/make-codes.ts results/shipped
import { join } from "node:path";
import process from "node:process";
import { readSafetensors } from "../../../../io";
import { createImageAutoencoder, imageAutoencoderVariables } from "../../../../models/lcm";
import { createRandom } from "../../../../random";
import { loadStateDict, type StoredTensor, startBackend } from "../../../../tensor";
import { firstCodes, loadCodes } from "../circuit-codes";
import { shippedFolder, writeShippedCodes } from "../shipped-codes";

/** Pairs that are kept of those that stage 1 was trained on. */
const KEPT = 3000;

async function make(run: string): Promise<void> {
  await startBackend();
  const model = createImageAutoencoder({ size: 32, width: 8, rng: createRandom(0) });
  const { tensors } = readSafetensors(join(run, "models", "model.safetensors"));
  loadStateDict(imageAutoencoderVariables(model), tensors as ReadonlyMap<string, StoredTensor>);
  const [train, test] = (["train", "test"] as const).map((part) => loadCodes(join(run, "data"), part));
  writeShippedCodes(
    shippedFolder,
    model,
    { train: firstCodes(train, KEPT), test },
    {
      made: "3,000 pairs to learn from and 1,000 held-out ones of 32 × 32 pixels, encoded by an autoencoder of width 8 that was trained for 4,000 steps of 16 pairs",
      seed: 0,
    },
  );
}

void make(process.argv[2]);
