// The three models of source document 004 behind one face: the implicit latent causal model, the disentangled VAE, which is
// the same with solution functions that see no other variable, and the beta-VAE, which knows of no interventions.
import type { Scalar, Tensor, Tensor2D, Tensor3D, Variable } from "@tensorflow/tfjs-node";
import {
  autoencoderVariables,
  betaVaeLoss,
  createAutoencoder,
  createIlcm,
  drawIlcmNoise,
  encodePair,
  encodeToCausal,
  gaussianEncoder,
  type Ilcm,
  type IlcmLossOptions,
  type IlcmOptions,
  type IlcmPhase,
  ilcmLoss,
  ilcmVariables,
  interventionPosterior,
  type ObservationPair,
  solutionFunctions,
} from "../../../models/lcm";
import { createRandom } from "../../../random";
import { tensorflow } from "../../../tensor";
import type { ModelKind } from "../configuration";

export interface LatentModel {
  readonly kind: ModelKind;
  readonly latents: number;
  /** Parameters by name. */
  readonly parameters: Readonly<Record<string, Variable>>;
  /** The same in groups, each trained in the phases that reach it. */
  readonly groups: readonly ParameterGroup[];
  /** The implicit causal model; undefined of the beta-VAE. */
  readonly ilcm: Ilcm | undefined;
  /** @param seed int32 [2], of the noise @returns the loss, and the same of each pair without regularisers, [batch] */
  loss(pair: ObservationPair, seed: Tensor, options: IlcmLossOptions): { loss: Scalar; lossPerPair: Tensor };
  /** @param observations [rows, features] @returns causal variables, [rows, latents] */
  encode(observations: Tensor): Tensor;
  /** @returns mean noise encodings, [rows, latents] */
  encodeNoise(observations: Tensor): Tensor2D;
  /** @param noise [rows, latents] @returns mean observations, [rows, features] */
  decode(noise: Tensor): Tensor;
  /** Noise with which one causal variable has given values, the noise of the others kept. @param values [rows, 1] */
  setCausal(noise: Tensor2D, latent: number, values: Tensor): Tensor2D;
  /** @returns [batch, latents + 1] probabilities of no intervention and of one on each variable; undefined where there are none */
  posterior(pair: ObservationPair, offset: number): Tensor | undefined;
}

/** Parameters that a loss reaches in some phases only: before, Adam does not count their steps, as in PyTorch. */
export interface ParameterGroup {
  name: string;
  variables: Readonly<Record<string, Variable>>;
  isReached(phase: IlcmPhase): boolean;
}

/** What a model's networks are like; by default those of the scaling experiment. */
export type Architecture = Pick<
  IlcmOptions,
  "features" | "encoderHidden" | "solutionHidden" | "decoderDeviation"
>;

/** Makes a model. @param options.seed of its initial weights */
export function createModel(
  kind: ModelKind,
  latents: number,
  { seed, ...architecture }: { seed: number } & Architecture,
): LatentModel {
  const rng = createRandom(seed).split("weights");
  if (kind !== "betavae") {
    const ancestors = kind === "dvae" ? "nothing" : "others";
    const ilcm = createIlcm(latents, { rng, ancestors, ...architecture });
    return {
      kind,
      latents,
      ilcm,
      parameters: ilcmVariables(ilcm),
      groups: groupsOf(ilcmVariables(ilcm)),
      loss: (pair, noiseSeed, options) =>
        ilcmLoss(ilcm, pair, noiseOf(pair, noiseSeed, latents, options.phase), options),
      encode: (observations) => encodeToCausal(ilcm, observations),
      encodeNoise: (observations) => gaussianEncoder(ilcm.encoder, observations).mean as Tensor2D,
      decode: (noise) => gaussianEncoder(ilcm.decoder, noise).mean,
      setCausal: (noise, latent, values) => {
        const context = noise.expandDims(0) as Tensor3D;
        const { scale, shift } = solutionFunctions(ilcm.solutionFunctions, context, { alone: latent });
        return withColumn(noise, latent, values.mul(scale.transpose()).add(shift.transpose()));
      },
      posterior: (pair, offset) => {
        const [before, after] = encodePair(ilcm.encoder, pair).mean.unstack();
        return interventionPosterior(ilcm.interventionEncoder, after.sub(before), offset);
      },
    };
  }
  const autoencoder = createAutoencoder(latents, { rng, ...architecture });
  const parameters = autoencoderVariables(autoencoder);
  const encodeNoise = (observations: Tensor) =>
    gaussianEncoder(autoencoder.encoder, observations).mean as Tensor2D;
  return {
    kind,
    latents,
    ilcm: undefined,
    parameters,
    groups: groupsOf(parameters),
    loss: (pair, noiseSeed, { phase, beta, pretrainingBeta, noiseRegularisation, consistency }) => {
      const { pairs } = noiseOf(pair, noiseSeed, latents, "pretraining");
      const weight = phase === "pretraining" ? pretrainingBeta : beta;
      return betaVaeLoss(autoencoder, pair, pairs, { beta: weight, noiseRegularisation, consistency });
    },
    encode: encodeNoise,
    encodeNoise,
    decode: (noise) => gaussianEncoder(autoencoder.decoder, noise).mean,
    setCausal: withColumn,
    posterior: () => undefined,
  };
}

function withColumn(rows: Tensor2D, column: number, values: Tensor): Tensor2D {
  const columns = rows.split(rows.shape[1], 1) as Tensor2D[];
  columns[column] = values as Tensor2D;
  return tensorflow().concat2d(columns, 1);
}

const noiseOf = ({ before }: ObservationPair, seed: Tensor, latents: number, phase: IlcmPhase) =>
  drawIlcmNoise(seed, { batch: before.shape[0], latents, phase });

function groupsOf(parameters: Record<string, Variable>): ParameterGroup[] {
  const reached: Record<string, (phase: IlcmPhase) => boolean> = {
    coder: () => true,
    intervention_encoder: (phase) => phase !== "pretraining",
    scm: (phase) => phase === "interventional" || phase === "deterministic",
  };
  const groupOf = (name: string) => name.replace(/^(en|de)coder\..*/, "coder").replace(/\..*/, "");
  return Object.entries(reached).flatMap(([name, isReached]) => {
    const own = Object.entries(parameters).filter(([parameter]) => groupOf(parameter) === name);
    return own.length > 0 ? [{ name, variables: Object.fromEntries(own), isReached }] : [];
  });
}
