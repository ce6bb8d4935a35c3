// The network of a run with its dual-gradient trainer: made once and begun anew for every phase, since its graphs, which take
// seconds to trace, do not depend on seed, λ or learning rate. Images are augmented and normalised as source document 000 does.
import type { Tensor, Variable } from "@tensorflow/tfjs-node";
import { augmentImages } from "../../../data";
import type { ByteImages } from "../../../data/augment-images";
import { IMAGE_SIDE, type ImageDataset, type LabelledImages } from "../../../data/image-dataset";
import { shrinkImages } from "../../../data/shrink-images";
import { createResNet18, resNet18 } from "../../../models";
import { createRandom, type Random } from "../../../random";
import { compile, tensorflow } from "../../../tensor";
import { createDualGradientTrainer, type DualGradientTrainer, restoreCheckpoint } from "../../../train";
import type { DecidingConfiguration } from "../configuration";

/** The document's normalisation of CIFAR-10: mean and standard deviation of each channel. */
const normalisation = { mean: [0.4914, 0.4822, 0.4465], standardDeviation: [0.2023, 0.1994, 0.201] };

/** Test images that are looked at together; what is missing in the last batch is filled up. */
const TEST_BATCH = 250;

export interface Classifier {
  readonly trainer: DualGradientTrainer;
  /** Takes fresh weights, running statistics and optimiser, and forgets the kept gradient. */
  beginFresh(seed: number): void;
  /** Takes the weights and running statistics of a checkpoint; the rest is fresh. @throws {CheckpointError} of another width */
  beginFrom(checkpoint: string): void;
  /** Augmented training images. @returns [batch, side, side, 3] */
  trainingBatch(indices: Int32Array, rng: Random): Tensor;
  /** Share of the test images that get another class than theirs. */
  testError(): number;
  dispose(): void;
}

/** @param images what is trained and tested on */
export function createClassifier(
  { width, imageSide, padding, flip, refreshEvery, momentum, weightDecay }: DecidingConfiguration,
  images: ImageDataset,
): Classifier {
  const tf = tensorflow();
  const make = (seed: number) =>
    createResNet18({ width, classes: images.classNames.length, rng: createRandom(seed).split("weights") });
  const parameters = make(0);
  const trainer = createDualGradientTrainer(
    parameters,
    (batch) => resNet18(parameters, batch, { training: true }),
    { refreshEvery, optimiser: { kind: "sgd", momentum, weightDecay } },
  );
  const pixels = { training: bytesOf(images.training, imageSide), test: bytesOf(images.test, imageSide) };
  const tester = createTester(parameters, pixels.test, images.test.labels);
  return {
    trainer,
    beginFresh: (seed) => trainer.begin(() => make(seed)),
    beginFrom(checkpoint) {
      restoreCheckpoint(checkpoint, parameters, { subset: true });
      trainer.begin();
    },
    trainingBatch(indices, rng) {
      const augmentation = { ...normalisation, rng, crop: { padding }, flip };
      const batch = augmentImages(pixels.training, indices, augmentation);
      return tf.tensor4d(batch, [indices.length, imageSide, imageSide, 3]);
    },
    testError: tester.error,
    dispose() {
      tester.dispose();
      trainer.dispose();
      tf.dispose(Object.values(parameters));
    },
  };
}

function createTester(
  parameters: Readonly<Record<string, Variable>>,
  images: ByteImages,
  labels: Uint8Array,
) {
  const tf = tensorflow();
  const classify = compile((batch: Tensor) => resNet18(parameters, batch, { training: false }).argMax(1), {
    variables: Object.values(parameters),
  });
  const total = labels.length;
  const [, side] = images.shape;
  const size = Math.min(TEST_BATCH, total);
  const wrongIn = (first: number): number => {
    const indices = Int32Array.from({ length: size }, (_, i) => Math.min(first + i, total - 1));
    const predicted = tf.tidy(() => {
      const batch = augmentImages(images, indices, normalisation);
      return classify(tf.tensor4d(batch, [size, side, side, 3])).dataSync();
    });
    const own = labels.subarray(first, first + size);
    return own.reduce((wrong, label, i) => wrong + Number(predicted[i] !== label), 0);
  };
  return {
    error(): number {
      let correct = total;
      for (let first = 0; first < total; first += size) correct -= wrongIn(first);
      return 1 - correct / total; // the document's own sum, to the last bit
    },
    dispose: classify.dispose,
  };
}

const bytesOf = ({ images, labels }: LabelledImages, side: number): ByteImages =>
  shrinkImages({ shape: [labels.length, IMAGE_SIDE, IMAGE_SIDE, 3], data: images }, IMAGE_SIDE / side);
