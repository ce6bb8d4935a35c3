// CITRIS's encoder and decoder of images of 32 x 32 pixels, without normalisation and a fourth of the work of the residual
// ones (Lippe et al. 2022, arXiv:2202.03169, appendix C; "simple" in the published code, whose names the variables have).
// Differs in one thing: the published encoder is always variational.
import type { Tensor, Tensor4D } from "@tensorflow/tfjs-node";
import {
  convolution,
  createConvolution,
  createDense,
  createTransposedConvolution,
  dense,
  prefixNames,
  silu,
  tensorflow,
  transposedConvolution,
} from "../../../tensor";
import type { ImageDecoder, ImageEncoder, NetworkOptions } from "./image-networks";
import { createPositionLayer, positionLayer } from "./position-layer";

const CORE = 4;
/** Bound of the logarithm of a standard deviation. */
const LARGEST = 4;

/** Channels of the convolutions in and out, and by how much each shrinks the image. */
const plan = (channels: number) => [
  { inputs: 3, outputs: channels, stride: 2 },
  { inputs: channels, outputs: channels, stride: 1 },
  { inputs: channels, outputs: 2 * channels, stride: 2 },
  { inputs: 2 * channels, outputs: 2 * channels, stride: 1 },
  { inputs: 2 * channels, outputs: 2 * channels, stride: 2 },
];

export function createSimpleEncoder(options: NetworkOptions & { variational: boolean }): ImageEncoder {
  const { size, channels, latents, variational, rng } = options;
  const layers = plan(channels).map(({ inputs, outputs, stride }, index) => ({
    convolution: createConvolution(inputs, outputs, { kernel: 3, rng }),
    position: index === 0 ? createPositionLayer(outputs, rng) : undefined,
    stride,
    name: index === 0 ? 0 : 1 + 2 * index,
  }));
  const hidden = createDense(CORE * CORE * 2 * channels, 4 * channels, { rng });
  const output = createDense(4 * channels, variational ? 2 * latents : latents, { rng });
  return {
    size,
    encode: (images) => {
      let maps = images;
      for (const { convolution: parameters, position, stride } of layers) {
        maps = convolution(parameters, maps, { stride, padding: 1 });
        maps = silu(position ? positionLayer(position, maps) : maps);
      }
      const flat = maps.transpose([0, 3, 1, 2]).reshape([images.shape[0], -1]); // channels first, as published
      const outputs = dense(output, silu(dense(hidden, flat)));
      if (!variational) return { mean: outputs };
      const [mean, raw] = tensorflow().split(outputs, 2, -1);
      return { mean, logDeviation: raw.div(LARGEST).tanh().mul(LARGEST) };
    },
    variables: Object.assign(
      {},
      ...layers.map(({ convolution, position, name }) => ({
        ...prefixNames(`net.${name}`, convolution),
        ...(position ? prefixNames("net.1.pos_embed", position) : {}),
      })),
      prefixNames("net.12", hidden),
      prefixNames("net.14", output),
    ),
  };
}

export function createSimpleDecoder({ channels, latents, rng }: NetworkOptions): ImageDecoder {
  const hidden = createDense(latents, 4 * channels, { rng });
  const expand = createDense(4 * channels, CORE * CORE * 2 * channels, { rng });
  const layers = [...plan(channels)].reverse().map(({ inputs, outputs, stride }, index) => ({
    parameters:
      stride === 2
        ? createTransposedConvolution(outputs, inputs, { kernel: 3, rng })
        : createConvolution(outputs, inputs, { kernel: 3, rng }),
    position: inputs === 3 ? undefined : createPositionLayer(inputs, rng),
    stride,
    name: `net.${3 * index}`,
    positionName: `net.${3 * index + 1}.pos_embed`,
  }));
  return {
    decode: (codes) => {
      const flat = silu(dense(expand, silu(dense(hidden, codes)))); // [batch, 2 channels 4 4]
      let maps: Tensor = flat.reshape([codes.shape[0], 2 * channels, CORE, CORE]).transpose([0, 2, 3, 1]);
      for (const { parameters, position, stride } of layers) {
        const larger = { stride, padding: 1, outputPadding: 1 };
        maps =
          stride === 2
            ? transposedConvolution(parameters, maps, larger)
            : convolution(parameters, maps, { padding: 1 });
        if (position) maps = silu(positionLayer(position, maps));
      }
      return maps.tanh() as Tensor4D;
    },
    variables: Object.assign(
      {},
      prefixNames("linear.0", hidden),
      prefixNames("linear.2", expand),
      ...layers.map(({ parameters, position, name, positionName }) => ({
        ...prefixNames(name, parameters),
        ...(position ? prefixNames(positionName, position) : {}),
      })),
    ),
  };
}
