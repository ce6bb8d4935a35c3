// The small samples of Temporal Causal3DIdent (von Kügelgen et al. 2021; Lippe et al. 2022, arXiv:2202.03169) that the
// tutorial of source document 002 loads: 100 frames of a teapot with their interventions, 100 triplets with their masks, and
// 30 frames in which one factor moves at a time. Only the 30 frames come with latents, so nothing can be measured on them.
// Published by QUVA-Lab, University of Amsterdam (BSD-3-Clause-Clear).
import { type NumberArray, readNpz } from "../io";
import { type Dataset, heldFile, type ObtainOptions, obtainDataset } from "./store";

/** The tutorial's files, byte for byte as published. */
export const causal3d: Dataset = {
  name: "causal3d",
  title: "the Causal3DIdent samples of the CITRIS tutorial",
  folder: "citris_dl2",
  files: [
    {
      name: "causal3d.npz",
      bytes: 379_155,
      sha256: "0d3f0357eb5631e7cf9ae5eea25460842e492c16605c4f74952d65441c0cba75",
    },
    {
      name: "causal3d_triplets.npz",
      bytes: 1_172_821,
      sha256: "440e5883a5d152ff0953dee45c270b97a95cb630cc7fad3cc71b565e693c2711",
    },
    {
      name: "data_slider.npz",
      bytes: 98_309,
      sha256: "1cb5785bd1d699aaadab06f5e1b7bb095463a7ea6cd0c32df4ff91759e2f123e",
    },
  ],
  official: { address: "https://raw.githubusercontent.com/danilodegoede/CITRIS_DL2/main/data" },
};

/** What each of the 12 columns of interventions and masks stands for, as the tutorial names them. */
export const causal3dColumns = [
  "x_position",
  "y_position",
  "z_position",
  "alpha_rotation",
  "beta_rotation",
  "gamma_rotation",
  "theta_spot_light",
  "hue_object",
  "hue_spot_light",
  "hue_background",
  "shape",
  "material",
] as const;

/** The columns that the tutorial's model has causal variables for: ψ = 0 to 8; the others never change. */
export const causal3dModelColumns = [0, 1, 2, 3, 4, 6, 7, 8, 9] as const;

/**
 * The columns of the masks that the tutorial gives its model: the last one, shape, stands for ψ_0, and equals the x position
 * in every triplet. So the tutorial takes ψ_0's latents from the image that the x position comes from, where the published
 * library takes them from image 1.
 */
export const causal3dTripletColumns = [...causal3dModelColumns, 10] as const;

/** Frames of 64 x 64 pixels, red, green and blue from 0 to 255. */
export interface Causal3d {
  readonly sequence: {
    /** [100, 64, 64, 3] */
    readonly images: Uint8Array;
    /** 1 where a column was intervened upon between frame k and k + 1. [99, 12] */
    readonly interventions: Uint8Array;
  };
  readonly triplets: {
    /** [100, 3, 64, 64, 3] */
    readonly images: Uint8Array;
    /** 1 where the third image has the second one's value. [100, 12] */
    readonly masks: Uint8Array;
  };
  readonly slider: {
    /** [30, 64, 64, 3]: ten frames of another position each, of another light, of another background. */
    readonly images: Uint8Array;
    /** The first ten columns: positions from -2 to 2, angles from 0 to below 2 pi. [30, 10] */
    readonly latents: Float32Array;
  };
  /** One sentence, without its full stop, that says where the files came from. */
  readonly source: string;
}

const SIDE = 64;

/**
 * Loads the tutorial's samples from the cache, a mirror or their official address.
 *
 * @param options where to look for the files, see `ObtainOptions`
 * @throws {DatasetMissingError} where no place has them
 * @throws {NpzError | RangeError} where a file is damaged
 */
export async function loadCausal3d(options: ObtainOptions = {}): Promise<Causal3d> {
  const held = await obtainDataset(causal3d, undefined, options);
  const [sequence, triplets, slider] = causal3d.files.map(({ name }) => heldFile(held, name));
  return {
    sequence: {
      images: withoutAlpha(arrayOf(sequence, "images", [100, SIDE, SIDE, 4])),
      interventions: Uint8Array.from(arrayOf(sequence, "interventions", [99, 12])),
    },
    triplets: {
      images: withoutAlpha(arrayOf(triplets, "images", [100, 3, SIDE, SIDE, 4])),
      masks: Uint8Array.from(arrayOf(triplets, "mask", [100, 12])),
    },
    slider: {
      images: withoutAlpha(arrayOf(slider, "imgs", [30, SIDE, SIDE, 4])),
      latents: Float32Array.from(arrayOf(slider, "latents", [30, 10])),
    },
    source: `${causal3d.title} from ${held.source ?? held.folder}`,
  };
}

/** One array of a file, of the shape that the tutorial's files have. */
function arrayOf(path: string, key: string, shape: readonly number[]): NumberArray {
  const found = readNpz(path, { keys: [key] }).get(key);
  if (found?.shape.join() === shape.join()) return found.data;
  const got = found ? `[${found.shape}]` : "none";
  throw new RangeError(`Cannot read ${path} as its array "${key}" must be of shape [${shape}]: got ${got}`);
}

/** [..., 4] to [..., 3] */
function withoutAlpha(pixels: NumberArray): Uint8Array {
  return Uint8Array.from({ length: (pixels.length / 4) * 3 }, (_, place) => {
    return pixels[4 * Math.floor(place / 3) + (place % 3)];
  });
}
