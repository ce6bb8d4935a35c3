// Small colour images with labels, as the experiments on image classification take them.

/** Images and the class of each. */
export interface LabelledImages {
  /** Red, green and blue, 0 to 255, [n, 32, 32, 3]. */
  readonly images: Uint8Array;
  /** Places in `classNames`, [n]. */
  readonly labels: Uint8Array;
}

/** A training set and a test set of the same classes. */
export interface ImageDataset {
  readonly training: LabelledImages;
  readonly test: LabelledImages;
  readonly classNames: readonly string[];
  /** One sentence, without its full stop, that says where the images came from. */
  readonly source: string;
  /** A built-in generator made the images. */
  readonly isSynthetic: boolean;
}

/** Height and width of an image. */
export const IMAGE_SIDE = 32;
/** Values of an image. */
export const IMAGE_VALUES = IMAGE_SIDE * IMAGE_SIDE * 3;
