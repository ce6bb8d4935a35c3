// The network of a run with its dual-gradient trainer: made once and begun anew for every phase, since its graphs, which take
// seconds to trace, do not depend on seed, λ or learning rate. Images are augmented and normalised as source document 000 does.
import type { Tensor, Variable } from "@tensorflow/tfjs-node";
import { augmentImages } from "../../data";
import { IMAGE_SIDE, type ImageDataset, type LabelledImages } from "../../data/image-dataset";
import { createResNet18, resNet18 } from "../../models";
import { createRandom, type Random } from "../../random";
import { compile, tensorflow } from "../../tensor";
import { createDualGradientTrainer, type DualGradientTrainer, restoreCheckpoint } from "../../train";
import type { DecidingConfiguration } from "./configuration";

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
  /** Augmented training images. @returns [batch, 32, 32, 3] */
  trainingBatch(indices: Int32Array, rng: Random): Tensor;
  /** Share of the test images that get another class than theirs. */
  testError(): number;
  dispose(): void;
}

/** @param images what is trained and tested on */
export function createClassifier(
  { width, padding, flip, refreshEvery, momentum, weightDecay }: DecidingConfiguration,
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
  const tester = createTester(parameters, images.test);
  return {
    trainer,
    beginFresh: (seed) => trainer.begin(() => make(seed)),
    beginFrom(checkpoint) {
      restoreCheckpoint(checkpoint, parameters, { subset: true });
      trainer.begin();
    },
    trainingBatch(indices, rng) {
      const pixels = augmentImages(bytesOf(images.training), indices, {
        ...normalisation,
        ...{ rng, crop: { padding }, flip },
      });
      return tf.tensor4d(pixels, [indices.length, IMAGE_SIDE, IMAGE_SIDE, 3]);
    },
    testError: tester.error,
    dispose() {
      tester.dispose();
      trainer.dispose();
      tf.dispose(Object.values(parameters));
    },
  };
}

function createTester(parameters: Readonly<Record<string, Variable>>, test: LabelledImages) {
  const tf = tensorflow();
  const classify = compile((batch: Tensor) => resNet18(parameters, batch, { training: false }).argMax(1), {
    variables: Object.values(parameters),
  });
  const total = test.labels.length;
  const size = Math.min(TEST_BATCH, total);
  const wrongIn = (first: number): number => {
    const indices = Int32Array.from({ length: size }, (_, i) => Math.min(first + i, total - 1));
    const predicted = tf.tidy(() => {
      const pixels = augmentImages(bytesOf(test), indices, normalisation);
      return classify(tf.tensor4d(pixels, [size, IMAGE_SIDE, IMAGE_SIDE, 3])).dataSync();
    });
    const labels = test.labels.subarray(first, first + size);
    return labels.reduce((wrong, label, i) => wrong + Number(predicted[i] !== label), 0);
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

const bytesOf = ({ images, labels }: LabelledImages) => ({
  ...{ shape: [labels.length, IMAGE_SIDE, IMAGE_SIDE, 3], data: images },
});
