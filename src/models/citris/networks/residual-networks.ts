// CITRIS's encoder and decoder of images (Lippe et al. 2022, arXiv:2202.03169, appendix C): convolutions with batch
// normalisation that halve the image down to 4 x 4, and a decoder that doubles it back bilinearly, with residual blocks
// that know the pixels' places. SiLU throughout. Variables have the names and layouts of the published code.
// Differs in one thing: an encoder that is not variational has no scale_factor, which the published one does not use.
import type { Tensor, Tensor4D, Variable } from "@tensorflow/tfjs-node";
import type { Random } from "../../../random";
import {
  batchNorm,
  type ConvolutionParameters,
  convolution,
  createBatchNorm,
  createConvolution,
  createDense,
  createLayerNorm,
  type DenseParameters,
  dense,
  fillVariable,
  type LayerNormParameters,
  layerNorm,
  prefixNames,
  silu,
  tensorflow,
} from "../../../tensor";
import type { ImageDecoder, ImageEncoder, NetworkOptions } from "./image-networks";
import { createPositionLayer, positionLayer } from "./position-layer";

/** Height and width of the smallest feature maps. */
const CORE = 4;

type Convolution = ConvolutionParameters<Variable>;
type Mode = { training: boolean };

const stagesOf = (size: number) => Math.log2(size / CORE);

/** @param options.size height and width of the images: 4 times a power of two */
export function createResidualEncoder(options: NetworkOptions & { variational: boolean }): ImageEncoder {
  const { size, channels, latents, variational, rng } = options;
  const convolve = (inputs: number) => createConvolution(inputs, channels, { kernel: 3, bias: false, rng });
  const stages = Array.from({ length: stagesOf(size) }, (_, stage) => ({
    halve: convolve(stage === 0 ? 3 : channels),
    ...(stage === 0 ? { position: createPositionLayer(channels, rng) } : {}),
    firstNorm: createBatchNorm(channels),
    convolve: convolve(channels),
    secondNorm: createBatchNorm(channels),
  }));
  const hidden = createDense(CORE * CORE * channels, 4 * channels, { rng });
  const norm = createLayerNorm(4 * channels);
  const output = createDense(4 * channels, variational ? 2 * latents : latents, { rng });
  const scale = variational ? fillVariable([latents], 0) : undefined;

  /** [batch, size, size, 3] to [batch, outputs] */
  const features = (images: Tensor, mode: Mode): Tensor => {
    let maps = images;
    for (const stage of stages) {
      maps = convolution(stage.halve, maps, { stride: 2, padding: 1 }); // [batch, height / 2, width / 2, channels]
      if (stage.position) maps = positionLayer(stage.position, maps);
      maps = silu(batchNorm(stage.firstNorm, maps, mode));
      maps = silu(batchNorm(stage.secondNorm, convolution(stage.convolve, maps, { padding: 1 }), mode));
    }
    const flat = maps.transpose([0, 3, 1, 2]).reshape([images.shape[0], -1]); // channels first, as published
    return dense(output, silu(layerNorm(norm, dense(hidden, flat))));
  };
  return {
    size,
    encode: (images, mode) => {
      const outputs = features(images, mode);
      if (!scale) return { mean: outputs };
      const [mean, raw] = tensorflow().split(outputs, 2, -1);
      const bound = scale.softplus(); // [latents]
      return { mean, logDeviation: raw.div(bound).tanh().mul(bound) };
    },
    variables: Object.assign(
      scale ? { scale_factor: scale } : {},
      ...stages.map((stage, index) => ({
        ...prefixNames(`net.${index}.0`, stage.halve),
        ...(stage.position ? prefixNames(`net.${index}.1.pos_embed`, stage.position) : {}),
        ...prefixNames(`net.${index}.2`, stage.firstNorm),
        ...prefixNames(`net.${index}.4`, stage.convolve),
        ...prefixNames(`net.${index}.5`, stage.secondNorm),
      })),
      prefixNames(`net.${stages.length + 1}`, hidden),
      prefixNames(`net.${stages.length + 2}`, norm),
      prefixNames(`net.${stages.length + 4}`, output),
    ),
  };
}

interface ResidualBlock {
  firstNorm: ReturnType<typeof createBatchNorm>;
  first: Convolution;
  position: DenseParameters<Variable>;
  secondNorm: ReturnType<typeof createBatchNorm>;
  second: Convolution;
}

/** Normalise, SiLU, convolve, place, normalise, SiLU, convolve. */
const createBlock = (channels: number, outputs: number, kernel: number, rng: Random): ResidualBlock => ({
  firstNorm: createBatchNorm(channels),
  first: createConvolution(channels, channels, { kernel, rng }),
  position: createPositionLayer(channels, rng),
  secondNorm: createBatchNorm(channels),
  second: createConvolution(channels, outputs, { kernel, rng }),
});

function applyBlock(block: ResidualBlock, maps: Tensor, mode: Mode): Tensor {
  const padding = (block.first.weight.shape[0] - 1) / 2;
  const first = convolution(block.first, silu(batchNorm(block.firstNorm, maps, mode)), { padding });
  const placed = positionLayer(block.position, first);
  return convolution(block.second, silu(batchNorm(block.secondNorm, placed, mode)), { padding });
}

const blockVariables = (block: ResidualBlock, name: (place: number) => string) => ({
  ...prefixNames(name(0), block.firstNorm),
  ...prefixNames(name(2), block.first),
  ...prefixNames(`${name(3)}.pos_embed`, block.position),
  ...prefixNames(name(4), block.secondNorm),
  ...prefixNames(name(6), block.second),
});

/** @param options.blocks residual blocks after each doubling */
export function createResidualDecoder(options: NetworkOptions & { blocks: number }): ImageDecoder {
  const { size, channels, latents, blocks, rng } = options;
  const hidden = createDense(latents, 4 * channels, { rng });
  const norm: LayerNormParameters<Variable> = createLayerNorm(4 * channels);
  const expand = createDense(4 * channels, CORE * CORE * channels, { rng });
  const stages = Array.from({ length: stagesOf(size) }, () =>
    Array.from({ length: blocks }, () => createBlock(channels, channels, 3, rng)),
  );
  const last = createBlock(channels, 3, 1, rng);
  return {
    decode: (codes, mode) => {
      const flat = dense(expand, silu(layerNorm(norm, dense(hidden, codes)))); // [batch, channels 4 4]
      let maps: Tensor = flat.reshape([codes.shape[0], channels, CORE, CORE]).transpose([0, 2, 3, 1]);
      for (const stage of stages) {
        const [, height, width] = maps.shape;
        maps = tensorflow().image.resizeBilinear(maps as Tensor4D, [2 * height, 2 * width], true);
        for (const block of stage) maps = maps.add(applyBlock(block, maps, mode));
      }
      return applyBlock(last, maps, mode).tanh() as Tensor4D;
    },
    variables: Object.assign(
      {},
      prefixNames("linear.0", hidden),
      prefixNames("linear.1", norm),
      prefixNames("linear.3", expand),
      ...stages.flatMap((stage, index) =>
        stage.map((block, place) =>
          blockVariables(block, (layer) => `net.${index}.${place + 1}.net.${layer}`),
        ),
      ),
      blockVariables(last, (layer) => `net.${stages.length + layer}`),
    ),
  };
}
