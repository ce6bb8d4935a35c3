// The implicit latent causal model (ILCM) of Brehmer, de Haan, Lippe & Cohen 2022, "Weakly supervised causal
// representation learning" (arXiv:2203.16437): noise encodings of observations, and solution functions that make causal
// variables of them, learned from pairs before and after unknown interventions. With ancestors "nothing" it is the
// published disentangled VAE (dVAE). Names in `ilcmVariables` are the published ones but for what is stacked: see
// `fromPublishedIlcm`.
import type { Tensor, Variable } from "@tensorflow/tfjs-node";
import type { Random } from "../../random";
import type { StoredTensor } from "../../tensor";
import type { Autoencoder } from "./beta-vae-loss";
import { createGaussianEncoder, encoderVariables, gaussianEncoder } from "./gaussian-encoder";
import { createInterventionEncoder, type InterventionEncoder } from "./intervention-encoder";
import {
  type Ancestors,
  createSolutionFunctions,
  noiseToCausal,
  type SolutionFunctions,
  solutionVariables,
} from "./solution-functions";

export interface Ilcm extends Autoencoder {
  solutionFunctions: SolutionFunctions;
  interventionEncoder: InterventionEncoder;
}

export interface IlcmOptions {
  rng: Random;
  /** Features of an observation; by default as many as latents. */
  features?: number;
  ancestors?: Ancestors;
  /** Widths of the hidden layers of encoder and decoder. */
  encoderHidden?: readonly number[];
  /** Widths of the hidden layers of each solution function. */
  solutionHidden?: readonly number[];
  /** One standard deviation of all decoded features, which is not trained; by default the decoder learns them. */
  decoderDeviation?: number;
}

/**
 * Makes the encoder (features to latents, standard deviation 0.01) and the decoder (0.1), as published.
 *
 * @param latents dimensions of the encoding
 * @param options.rng draws the weights
 * @param options.features of an observation: by default as many as latents
 * @param options.encoderHidden widths of the hidden layers of both: by default 64 and 64
 * @param options.decoderDeviation one standard deviation of all decoded features: by default the decoder learns them
 * @returns both as Gaussian encoders
 * @example
 * import { createAutoencoder, createRandom, gaussianEncoder, tensorflow } from "dolab";
 * const { encoder, decoder } = createAutoencoder(2, { rng: createRandom(0), features: 5, encoderHidden: [4] });
 * const { mean } = gaussianEncoder(encoder, tensorflow().zeros([3, 5]));
 * mean.shape; // => [3, 2]
 * gaussianEncoder(decoder, mean).mean.shape; // => [3, 5]
 */
export function createAutoencoder(
  latents: number,
  {
    rng,
    features = latents,
    encoderHidden: hidden,
    decoderDeviation,
  }: Pick<IlcmOptions, "rng" | "features" | "encoderHidden" | "decoderDeviation">,
): Autoencoder {
  return {
    encoder: createGaussianEncoder(features, latents, { rng, hidden }),
    decoder: createGaussianEncoder(latents, features, {
      rng,
      hidden,
      initialStandardDeviation: 0.1,
      leastStandardDeviation: 1e-3,
      fixedStandardDeviation: decoderDeviation,
    }),
  };
}

/**
 * Makes the parameters of a model.
 *
 * @param latents how many causal variables
 * @param options its generator, features, whose noise solution functions see, and widths; see `IlcmOptions`
 * @returns the model; its variables are those of `ilcmVariables`
 * @throws {RangeError} where there is no latent, or `ancestors` is no such rule
 * @example
 * import { createIlcm, createRandom, ilcmVariables } from "dolab";
 * const model = createIlcm(3, { rng: createRandom(0) });
 * Object.keys(ilcmVariables(model)).length; // => 21
 */
export function createIlcm(
  latents: number,
  { rng, features, ancestors, encoderHidden, solutionHidden, decoderDeviation }: IlcmOptions,
): Ilcm {
  return {
    ...createAutoencoder(latents, { rng, features, encoderHidden, decoderDeviation }),
    solutionFunctions: createSolutionFunctions(latents, { rng, ancestors, hidden: solutionHidden }),
    interventionEncoder: createInterventionEncoder(),
  };
}

/**
 * Names the parameters of an autoencoder, to be trained and saved.
 *
 * @param autoencoder as `createAutoencoder` makes it, or a model that has an encoder and a decoder
 * @returns variables by name, such as `encoder.heads.weight`
 * @example
 * import { autoencoderVariables, createAutoencoder, createRandom } from "dolab";
 * const autoencoder = createAutoencoder(2, { rng: createRandom(0), features: 5, encoderHidden: [4] });
 * autoencoderVariables(autoencoder)["encoder.net.0.weight"].shape; // => [4, 5]
 */
export const autoencoderVariables = ({ encoder, decoder }: Autoencoder): Record<string, Variable> => ({
  ...prefixed("encoder", encoderVariables(encoder)),
  ...prefixed("decoder", encoderVariables(decoder)),
});

/**
 * Names the parameters of a model, to be trained and saved.
 *
 * @param model as `createIlcm` makes it
 * @returns variables by name: those of encoder and decoder, `scm....` and `intervention_encoder....`
 * @example
 * import { createIlcm, createRandom, ilcmVariables } from "dolab";
 * const variables = ilcmVariables(createIlcm(3, { rng: createRandom(0) }));
 * variables["intervention_encoder.alpha"].dataSync(); // => [-3]
 */
export const ilcmVariables = (model: Ilcm): Record<string, Variable> => ({
  ...autoencoderVariables(model),
  ...prefixed("scm", solutionVariables(model.solutionFunctions)),
  ...prefixed("intervention_encoder", { ...model.interventionEncoder }),
});

/**
 * Finds the causal variables of observations: the solution functions of the mean noise encodings.
 *
 * @param model as `createIlcm` makes it
 * @param observations [batch, features]
 * @returns [batch, latents]
 * @example
 * import { createIlcm, createRandom, encodeToCausal, tensorflow } from "dolab";
 * const model = createIlcm(2, { rng: createRandom(0), features: 5 });
 * encodeToCausal(model, tensorflow().zeros([3, 5])).shape; // => [3, 2]
 */
export const encodeToCausal = ({ encoder, solutionFunctions }: Ilcm, observations: Tensor): Tensor =>
  noiseToCausal(solutionFunctions, gaussianEncoder(encoder, observations).mean);

const ofSolution = /^scm\.solution_functions\.(\d+)\.param_net\.(\d+)\.(weight|bias)$/;
const ofHead = /^(encoder|decoder)\.(mean_head|std_head\.0)\.(weight|bias)$/;
const kept = /^(encoder\.net|decoder\.net|intervention_encoder)\./;

/**
 * Brings a checkpoint of the published code to what `loadStateDict` takes: its solution networks, one for each variable, become
 * one stack, and so do the two heads of encoder and decoder; buffers, which hold nothing learned, are left out.
 *
 * @param state tensors by their published names
 * @returns the same numbers by the names of `ilcmVariables`
 * @example
 * import { fromPublishedIlcm } from "dolab";
 * const state = new Map([
 *   ["encoder.mean_head.bias", { shape: [2], data: Float32Array.of(1, 2) }],
 *   ["encoder.std_head.0.bias", { shape: [2], data: Float32Array.of(3, 4) }],
 *   ["scm.topological_order", { shape: [2], data: Float32Array.of(0, 1) }],
 * ]);
 * const ours = fromPublishedIlcm(state);
 * [...ours.keys()]; // => ["encoder.heads.bias"]
 * ours.get("encoder.heads.bias").data; // => [1, 2, 3, 4]
 */
export function fromPublishedIlcm(state: ReadonlyMap<string, StoredTensor>): Map<string, StoredTensor> {
  const ours = new Map<string, StoredTensor>();
  const networks = new Map<string, StoredTensor[]>();
  const heads = new Map<string, StoredTensor[]>(); // [mean, standard deviation]
  const put = (parts: Map<string, StoredTensor[]>, name: string, position: number, tensor: StoredTensor) => {
    const list = parts.get(name) ?? [];
    list[position] = tensor;
    parts.set(name, list);
  };
  for (const [name, tensor] of state) {
    const [, variable, layer, kind] = ofSolution.exec(name) ?? [];
    const [, coder, head, headKind] = ofHead.exec(name) ?? [];
    if (kept.test(name)) ours.set(name, tensor);
    if (coder) put(heads, `${coder}.heads.${headKind}`, head === "mean_head" ? 0 : 1, tensor);
    if (!variable) continue;
    const turned = kind === "weight" ? transposed(tensor) : { ...tensor, shape: [1, ...tensor.shape] };
    put(networks, `scm.solution_functions.param_net.${layer}.${kind}`, Number(variable), turned);
  }
  for (const [name, parts] of heads) {
    const [rows, ...rest] = parts[0].shape;
    ours.set(name, { shape: [2 * rows, ...rest], data: joined(parts) });
  }
  for (const [name, parts] of networks)
    ours.set(name, { shape: [parts.length, ...parts[0].shape], data: joined(parts) });
  return ours;
}

const joined = (parts: readonly StoredTensor[]): Float32Array =>
  Float32Array.from(parts.flatMap(({ data }) => Array.from(data)));

function transposed({ shape: [rows, columns], data }: StoredTensor): StoredTensor {
  const turned = Float32Array.from(data, (_, i) => data[(i % rows) * columns + Math.floor(i / rows)]);
  return { shape: [columns, rows], data: turned };
}

const prefixed = (prefix: string, variables: Record<string, Variable>): Record<string, Variable> =>
  Object.fromEntries(Object.entries(variables).map(([name, variable]) => [`${prefix}.${name}`, variable]));
