// ResNet-18 (He et al. 2016, "Deep Residual Learning for Image Recognition") for small images: torchvision's resnet18
// with a 3 x 3 first convolution of stride 1 and no max pooling. Parameters bear torchvision's names and stand in its
// order, in which `parameters()` lists them; images have their channels last, as everywhere here.
import type { Tensor, Tensor2D, Variable } from "@tensorflow/tfjs-node";
import type { Random } from "../../random";
import {
  type BatchNormParameters,
  batchNorm,
  type ConvolutionParameters,
  convolution,
  createBatchNorm,
  createConvolution,
  createDense,
  type DenseParameters,
  dense,
  prefixNames,
  relu,
  tensorflow,
  zeroMeanNormal,
} from "../../tensor";
import { requireLayer } from "../../tensor/layers/layer-settings";

/**
 * Weights and running statistics by torchvision's names (`layer1.0.conv1.weight`): what `toStateDict` and
 * `loadStateDict` take. Running statistics are the ones that are not `trainable`.
 */
export type ResNet18Parameters = Readonly<Record<string, Variable>>;

const stages = [1, 2, 3, 4];
const blocks = [0, 1];

/**
 * Makes the parameters, initialised as torchvision does: convolutions normal with variance 2 / (kernel^2 outputs),
 * batch normalisations 1 and 0, the last layer as PyTorch's Linear.
 *
 * @param options.width channels of the first stage, from 1; the four stages have 1, 2, 4 and 8 times as many
 * @param options.classes how many logits an image gets
 * @throws {RangeError} where the width or the number of classes is no whole number above 0
 * @example
 * import { createRandom, createResNet18, resNet18, tensorflow } from "dolab";
 * const parameters = createResNet18({ width: 2, rng: createRandom(0) });
 * const images = tensorflow().zeros([3, 32, 32, 3]);
 * resNet18(parameters, images, { training: false }).shape; // => [3, 10]
 */
export function createResNet18(options: {
  width?: number;
  classes?: number;
  rng: Random;
}): ResNet18Parameters {
  const { width = 64, classes = 10, rng } = options ?? {};
  requireLayer("a ResNet-18", { width, classes }, options, ["width", "classes", "rng"]);
  const normalised = (
    convolutionName: string,
    normName: string,
    inputs: number,
    outputs: number,
    kernel = 3,
  ) => {
    const draw = zeroMeanNormal(Math.sqrt(2 / (kernel * kernel * outputs)), rng);
    return {
      ...prefixNames(convolutionName, createConvolution(inputs, outputs, { kernel, rng, bias: false, draw })),
      ...prefixNames(normName, createBatchNorm(outputs)),
    };
  };
  const parameters = normalised("conv1", "bn1", 3, width);
  let channels = width;
  for (const stage of stages) {
    const outputs = width * 2 ** (stage - 1);
    for (const block of blocks) {
      const name = `layer${stage}.${block}`;
      Object.assign(parameters, normalised(`${name}.conv1`, `${name}.bn1`, channels, outputs));
      Object.assign(parameters, normalised(`${name}.conv2`, `${name}.bn2`, outputs, outputs));
      if (channels !== outputs) {
        const shortcut = `${name}.downsample`;
        Object.assign(parameters, normalised(`${shortcut}.0`, `${shortcut}.1`, channels, outputs, 1));
      }
      channels = outputs;
    }
  }
  return Object.assign(parameters, prefixNames("fc", createDense(channels, classes, { rng })));
}

/**
 * Classifies images.
 *
 * @param parameters what `createResNet18` makes
 * @param images [batch, height, width, 3], normalised; of any height and width from 1
 * @param options.training whether batches are normalised with their own statistics, which the running ones follow
 * @returns logits [batch, classes]
 * @throws {TypeError} where `images` is of another shape; {RangeError} where training has one value per channel to
 *   normalise: a single image of at most 8 x 8 pixels
 * @example
 * import { createRandom, createResNet18, resNet18, tensorflow } from "dolab";
 * const parameters = createResNet18({ width: 2, classes: 10, rng: createRandom(1) });
 * resNet18(parameters, tensorflow().zeros([2, 8, 8, 3]), { training: false }).shape; // => [2, 10]
 */
export function resNet18(
  parameters: ResNet18Parameters,
  images: Tensor,
  { training }: { training: boolean },
): Tensor2D {
  const normalised = (
    convolutionName: string,
    normName: string,
    input: Tensor,
    stride: number,
    padding = 1,
  ) => {
    const weights = layerOf<ConvolutionParameters>(parameters, convolutionName);
    const maps = convolution(weights, input, { stride, padding }); // [batch, height', width', outputs]
    return batchNorm(layerOf<BatchNormParameters>(parameters, normName), maps, { training });
  };
  return tensorflow().tidy(() => {
    let hidden: Tensor = relu(normalised("conv1", "bn1", images, 1)); // [batch, height, width, channels]
    for (const stage of stages) {
      for (const block of blocks) {
        const name = `layer${stage}.${block}`;
        const stride = stage > 1 && block === 0 ? 2 : 1;
        const inner = relu(normalised(`${name}.conv1`, `${name}.bn1`, hidden, stride));
        const residual = normalised(`${name}.conv2`, `${name}.bn2`, inner, 1);
        const shortcut =
          stride === 1 ? hidden : normalised(`${name}.downsample.0`, `${name}.downsample.1`, hidden, 2, 0);
        hidden = relu(residual.add(shortcut)); // [batch, height / 2^(stage - 1), width / 2^(stage - 1), outputs]
      }
    }
    return dense(layerOf<DenseParameters>(parameters, "fc"), hidden.mean([1, 2])) as Tensor2D;
  });
}

/** The parameters of one layer under their own names: `conv1.weight` as `weight`. */
function layerOf<Layer>(parameters: ResNet18Parameters, name: string): Layer {
  const own = ["weight", "bias", "running_mean", "running_var"].map((each) => [
    each,
    parameters[`${name}.${each}`],
  ]);
  return Object.fromEntries(own.filter(([, variable]) => variable !== undefined)) as Layer;
}
