// Finite-time Lyapunov exponents of a map u' = F(u) by the QR method (Benettin et al. 1980): push an orthonormal frame
// V through the Jacobian, orthonormalise W = JV again, and average the logarithms of the lengths lost or gained,
// lambda_i = (1/T) sum_t ln |R_ii(t)|. Natural logarithm, per step of F.
import type { Tensor, Tensor2D, Tensor3D, Variable } from "@tensorflow/tfjs-node";
import type { Random } from "../../random";
import { compile, pushForward, tensorflow } from "../../tensor";

/** One step of a system; rows are independent samples. [batch, dimensions] -> [batch, dimensions] */
export type StepMap = (state: Tensor2D) => Tensor2D;

export interface LyapunovSpectrum {
  /** Exponents of each sample, largest first. [batch, exponents] */
  spectrum: Float64Array;
  batch: number;
  exponents: number;
}

const smallestLength = 1e-30;

/**
 * Measures the largest finite-time Lyapunov exponents of each sample.
 *
 * @param step the map, made of operations that `pushForward` has rules for
 * @param initial where each sample starts. [batch, dimensions]; left undisposed
 * @param options.exponents how many, from the largest: at most the dimensions
 * @param options.steps T, over how many steps
 * @param options.rng draws the first frame
 * @param options.variables those that the map uses
 * @returns the exponents, natural logarithms per step, with their number and that of samples
 * @throws {RangeError} for more exponents than dimensions, or no step
 * @example
 * import { createRandom, lyapunovSpectrum, tensorflow } from "dolab";
 * const tf = tensorflow();
 * const halve = (state) => tf.mul(state, 0.5);
 * const options = { exponents: 1, steps: 4, rng: createRandom(1) };
 * Math.abs(lyapunovSpectrum(halve, tf.ones([1, 2]), options).spectrum[0] - Math.log(0.5)) < 1e-6; // => true
 */
export function lyapunovSpectrum(
  step: StepMap,
  initial: Tensor2D,
  {
    exponents,
    steps,
    rng,
    variables = [],
  }: { exponents: number; steps: number; rng: Random; variables?: readonly Variable[] },
): LyapunovSpectrum {
  const [batch, dimensions] = initial.shape;
  if (!(exponents >= 1 && exponents <= dimensions) || !(steps >= 1)) {
    throw new RangeError(
      `Cannot take ${exponents} exponents over ${steps} steps as there must be 1 to ${dimensions} of them (the state ` +
        `is [${initial.shape}]) and at least one step`,
    );
  }
  const tf = tensorflow();
  const push = compile((state: Tensor2D, frame: Tensor3D) => pushFrame(step, state, frame), { variables });
  const sums = new Float64Array(batch * exponents);
  try {
    tf.tidy(() => {
      let state = initial;
      let frame = drawFrame(batch, exponents, dimensions, rng);
      for (let time = 0; time < steps; time += 1) {
        const pushed = push(state, frame);
        for (const [i, growth] of pushed.growth.dataSync().entries()) sums[i] += growth;
        [state, frame] = [pushed.next, pushed.frame];
      }
    });
  } finally {
    push.dispose();
  }
  return {
    spectrum: sortSpectra(
      sums.map((sum) => sum / steps),
      exponents,
    ),
    batch,
    exponents,
  };
}

/** Sorts each sample's exponents, largest first, in place. @param spectra [samples, exponents] */
export function sortSpectra(spectra: Float64Array, exponents: number): Float64Array {
  for (let start = 0; start < spectra.length; start += exponents)
    spectra
      .subarray(start, start + exponents)
      .sort()
      .reverse();
  return spectra;
}

/** Draws a frame for each sample. @returns [exponents, batch, dimensions], each sample's vectors orthonormal */
function drawFrame(batch: number, exponents: number, dimensions: number, rng: Random): Tensor3D {
  const draws = Float32Array.from({ length: exponents * batch * dimensions }, () => rng.normal());
  return orthonormalise(tensorflow().tensor3d(draws, [exponents, batch, dimensions])).frame;
}

/**
 * Moves a state and its frame on by one step.
 *
 * @param frame orthonormal vectors of each sample. [exponents, batch, dimensions]
 * @returns the next state, its orthonormal frame, and ln |R_ii|, what was left of each vector. [batch, exponents]
 */
export function pushFrame(
  step: StepMap,
  state: Tensor2D,
  frame: Tensor3D,
): { next: Tensor2D; frame: Tensor3D; growth: Tensor2D } {
  const { values, tangents } = pushForward((at) => [step(at)], [state], [frame]);
  return { next: values[0] as Tensor2D, ...orthonormalise(tangents[0] as Tensor3D) };
}

/**
 * Gram and Schmidt's method, in its modified form.
 *
 * @param vectors [vectors, batch, dimensions]
 * @returns the frame, and the logarithms of what was left of each vector before it was scaled. [batch, vectors]
 */
export function orthonormalise(vectors: Tensor3D): { frame: Tensor3D; growth: Tensor2D } {
  const tf = tensorflow();
  const [count, , dimensions] = vectors.shape;
  let rest: Tensor = vectors.transpose([1, 0, 2]); // [batch, count - done, dimensions]
  const directions: Tensor[] = [];
  const lengths: Tensor[] = [];
  for (let done = 0; done < count; done++) {
    const first = rest.slice([0, 0, 0], [-1, 1, dimensions]); // [batch, 1, dimensions]
    const length = tf.maximum(first.square().sum(2, true).sqrt(), smallestLength); // [batch, 1, 1]
    const direction = first.div(length);
    directions.push(direction);
    lengths.push(length);
    if (done === count - 1) break;
    const others = rest.slice([0, 1, 0], [-1, count - done - 1, dimensions]);
    rest = others.sub(tf.matMul(tf.matMul(others, direction, false, true), direction));
  }
  return {
    frame: tf.concat(directions, 1).transpose<Tensor3D>([1, 0, 2]),
    growth: tf.concat(lengths, 1).squeeze([2]).log() as Tensor2D,
  };
}
