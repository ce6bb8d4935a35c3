// The models of source document 004 behind one face: the implicit latent causal model; the disentangled VAE, which is the same
// with solution functions that see no other variable; the beta-VAE, which knows of no interventions; and explicit latent causal
// models, whose latents are causal variables with a learnt graph.
import type { Scalar, Tensor, Tensor2D, Tensor3D, Variable } from "@tensorflow/tfjs-node";
import {
  autoencoderVariables,
  betaVaeLoss,
  createAutoencoder,
  createExplicitLcm,
  createIlcm,
  drawIlcmNoise,
  type ExplicitGraphKind,
  edgeProbabilityMatrix,
  encodePair,
  encodeToCausal,
  explicitInterventionPosterior,
  explicitLcmLoss,
  explicitLcmVariables,
  gaussianEncoder,
  type Ilcm,
  type IlcmLossOptions,
  type IlcmOptions,
  type IlcmPhase,
  ilcmLoss,
  ilcmVariables,
  interventionPosterior,
  likeliestGraph,
  type ObservationPair,
  setVariable,
  solutionFunctions,
} from "../../../models/lcm";
import { createRandom, type Random } from "../../../random";
import { tensorflow } from "../../../tensor";
import type { ModelKind, WscrlConfiguration } from "../configuration";

export interface LatentModel {
  readonly kind: ModelKind;
  readonly latents: number;
  /** Parameters by name. */
  readonly parameters: Readonly<Record<string, Variable>>;
  /** The same in groups, each trained in the phases that reach it. */
  readonly groups: readonly ParameterGroup[];
  /** The implicit causal model; undefined of beta-VAE and explicit models. */
  readonly ilcm: Ilcm | undefined;
  /** The learnt graph of an explicit model, [latents][latents]; undefined of others. */
  readonly explicitGraph?: () => { probabilities: number[][]; likeliest: number[][] };
  /** @param seed int32 [2], of the noise @returns the loss, and the same of each pair without regularisers, [batch] */
  loss(pair: ObservationPair, seed: Tensor, options: IlcmLossOptions): { loss: Scalar; lossPerPair: Tensor };
  /** @param observations [rows, features] @returns causal variables, [rows, latents] */
  encode(observations: Tensor): Tensor;
  /** @returns mean encodings that `decode` takes, [rows, latents]: noise, or causal variables of an explicit model */
  encodeNoise(observations: Tensor): Tensor2D;
  /** @param noise [rows, latents] @returns mean observations, [rows, features] */
  decode(noise: Tensor): Tensor;
  /** Encodings with which one causal variable has given values, the noise of the others kept. @param values [rows, 1] */
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

export interface ModelOptions
  extends Architecture,
    Partial<Pick<WscrlConfiguration, "manifoldThickness" | "edgePenalty" | "cyclePenalty">> {
  /** Seed of the initial weights. */
  seed: number;
}

/** Makes a model. */
export function createModel(kind: ModelKind, latents: number, options: ModelOptions): LatentModel {
  const { features, encoderHidden, solutionHidden, decoderDeviation } = options;
  const rng = createRandom(options.seed).split("weights");
  const networks = { rng, features, encoderHidden, solutionHidden, decoderDeviation };
  if (kind === "betavae") return betaVae(latents, networks);
  if (kind === "ilcm" || kind === "dvae") return implicitModel(kind, latents, networks);
  return explicitModel(kind, latents, networks, options);
}

type Networks = Architecture & { rng: Random };

function implicitModel(kind: "ilcm" | "dvae", latents: number, networks: Networks): LatentModel {
  const ilcm = createIlcm(latents, { ...networks, ancestors: kind === "dvae" ? "nothing" : "others" });
  const parameters = ilcmVariables(ilcm);
  return {
    kind,
    latents,
    ilcm,
    parameters,
    groups: groupsOf(parameters, (phase) => phase === "interventional" || phase === "deterministic"),
    loss: (pair, seed, options) => ilcmLoss(ilcm, pair, noiseOf(pair, seed, latents, options.phase), options),
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

function betaVae(latents: number, networks: Networks): LatentModel {
  const autoencoder = createAutoencoder(latents, networks);
  const parameters = autoencoderVariables(autoencoder);
  const encodeNoise = (observations: Tensor) =>
    gaussianEncoder(autoencoder.encoder, observations).mean as Tensor2D;
  return {
    kind: "betavae",
    latents,
    ilcm: undefined,
    parameters,
    groups: groupsOf(parameters, () => false),
    loss: (pair, seed, { phase, beta, pretrainingBeta, noiseRegularisation, consistency }) => {
      const { pairs } = noiseOf(pair, seed, latents, "pretraining");
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

/** What is added to a step's seed for the graphs that are sampled with it. */
const GRAPH_SEED = [0x3c6ef372, 0x1b873593];

function explicitModel(
  kind: Exclude<ModelKind, "ilcm" | "dvae" | "betavae">,
  latents: number,
  { solutionHidden, ...networks }: Networks,
  { manifoldThickness: thickness = 0.01, edgePenalty: edges = 0, cyclePenalty: cycles = 0 }: ModelOptions,
): LatentModel {
  const graph = kind.replace("elcm_", "") as ExplicitGraphKind;
  const model = createExplicitLcm(latents, { ...networks, graph, hidden: solutionHidden });
  const parameters = explicitLcmVariables(model);
  const { mechanisms } = model;
  const encode = (observations: Tensor) => gaussianEncoder(model.encoder, observations).mean as Tensor2D;
  return {
    kind,
    latents,
    ilcm: undefined,
    explicitGraph: () => {
      const tf = tensorflow();
      const matrix = (make: typeof likeliestGraph) =>
        tf.tidy(() => make(mechanisms.graph).arraySync() as never) as number[][];
      return { probabilities: matrix(edgeProbabilityMatrix), likeliest: matrix(likeliestGraph) };
    },
    parameters,
    groups: groupsOf(parameters, (phase) => phase !== "pretraining"),
    loss: (pair, seed, options) => {
      const noise = noiseOf(pair, seed, latents, "pretraining").pairs;
      const graphSeed = seed.add(tensorflow().tensor1d(GRAPH_SEED, "int32"));
      return explicitLcmLoss(model, pair, { noise, graphSeed }, { ...options, thickness, edges, cycles });
    },
    encode,
    encodeNoise: encode,
    decode: (causal) => gaussianEncoder(model.decoder, causal).mean,
    setCausal: (causal, variable, values) =>
      setVariable(mechanisms, causal, likeliestGraph(mechanisms.graph), { variable, values }) as Tensor2D,
    posterior: (pair) => explicitInterventionPosterior(model, pair, { thickness }),
  };
}

function withColumn(rows: Tensor2D, column: number, values: Tensor): Tensor2D {
  const columns = rows.split(rows.shape[1], 1) as Tensor2D[];
  columns[column] = values as Tensor2D;
  return tensorflow().concat2d(columns, 1);
}

const noiseOf = ({ before }: ObservationPair, seed: Tensor, latents: number, phase: IlcmPhase) =>
  drawIlcmNoise(seed, { batch: before.shape[0], latents, phase });

/** @param reachesScm whether a phase's loss reaches the causal model */
function groupsOf(
  parameters: Record<string, Variable>,
  reachesScm: ParameterGroup["isReached"],
): ParameterGroup[] {
  const reached: Record<string, ParameterGroup["isReached"]> = {
    coder: () => true,
    intervention_encoder: (phase) => phase !== "pretraining",
    scm: reachesScm,
  };
  const groupOf = (name: string) => name.replace(/^(en|de)coder\..*/, "coder").replace(/\..*/, "");
  return Object.entries(reached).flatMap(([name, isReached]) => {
    const own = Object.entries(parameters).filter(([parameter]) => groupOf(parameter) === name);
    return own.length > 0 ? [{ name, variables: Object.fromEntries(own), isReached }] : [];
  });
}
