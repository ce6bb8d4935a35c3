// Finite-time Lyapunov exponents of a map u' = F(u) by the QR method (Benettin et al. 1980): push an orthonormal frame
// V through the Jacobian, orthonormalise W = JV again, and average the logarithms of the lengths lost or gained,
// lambda_i = (1/T) sum_t ln |R_ii(t)|. Natural logarithm, per step of F. TensorFlow.js has only reverse-mode
// derivatives, so Jv is the gradient of the vector-Jacobian product u -> J'u, which is linear in u.
import type { Tensor, Tensor2D } from "@tensorflow/tfjs-node";
import type { Random } from "../../random";
import { tensorflow } from "../../tensor";

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
 * The largest finite-time Lyapunov exponents of each sample.
 *
 * @param step the map, made of differentiable TensorFlow.js operations
 * @param initial where each sample starts. [batch, dimensions]; left undisposed
 * @param options.exponents how many, from the largest: at most the dimensions
 * @param options.steps T, over how many steps
 * @param options.rng draws the first frame
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
  { exponents, steps, rng }: { exponents: number; steps: number; rng: Random },
): LyapunovSpectrum {
  const [batch, dimensions] = initial.shape;
  if (!(exponents >= 1 && exponents <= dimensions) || !(steps >= 1)) {
    throw new RangeError(
      `Cannot take ${exponents} exponents over ${steps} steps as there must be 1 to ${dimensions} of them (the state ` +
        `is [${initial.shape}]) and at least one step`,
    );
  }
  const tf = tensorflow();
  const frames = Float64Array.from({ length: batch * exponents * dimensions }, () => rng.normal());
  const sums = new Float64Array(batch * exponents);
  orthonormalise(frames, { batch, exponents, dimensions });
  let state = initial.clone();
  for (let time = 0; time < steps; time += 1) {
    const { pushed, next } = tf.tidy(() => {
      const tangents = tf.tensor2d(Float32Array.from(frames), [batch * exponents, dimensions]);
      const repeated = tf
        .tile(state.expandDims(1), [1, exponents, 1])
        .reshape([batch * exponents, dimensions]);
      return { pushed: pushForward(step, repeated as Tensor2D, tangents), next: step(state) };
    });
    frames.set(pushed.dataSync());
    const lengths = orthonormalise(frames, { batch, exponents, dimensions });
    for (let i = 0; i < sums.length; i += 1) sums[i] += Math.log(Math.max(lengths[i], smallestLength));
    tf.dispose([state, pushed]);
    state = next;
  }
  state.dispose();
  const spectrum = sums.map((sum) => sum / steps);
  for (let sample = 0; sample < batch; sample += 1) {
    spectrum
      .subarray(sample * exponents, (sample + 1) * exponents)
      .sort()
      .reverse();
  }
  return { spectrum, batch, exponents };
}

/** J(state) v, row by row. [rows, dimensions] */
function pushForward(step: StepMap, state: Tensor2D, tangents: Tensor2D): Tensor2D {
  const tf = tensorflow();
  const transposed = (cotangents: Tensor) => tf.grad((at: Tensor) => step(at as Tensor2D))(state, cotangents);
  return tf.grad(transposed)(tf.zerosLike(state), tangents) as Tensor2D;
}

/**
 * Gram and Schmidt's method, in its modified form, on each sample's frame, in place.
 * @returns what was left of each vector before it was scaled to length one, |R_ii|. [batch, exponents]
 */
function orthonormalise(
  frames: Float64Array, // [batch, exponents, dimensions]
  { batch, exponents, dimensions }: { batch: number; exponents: number; dimensions: number },
): Float64Array {
  const vectors = Array.from({ length: batch * exponents }, (_, i) =>
    frames.subarray(i * dimensions, (i + 1) * dimensions),
  );
  return Float64Array.from(vectors, (vector, i) => {
    for (let earlier = i - (i % exponents); earlier < i; earlier += 1) {
      const along = dot(vector, vectors[earlier]);
      vectors[earlier].forEach((value, axis) => {
        vector[axis] -= along * value;
      });
    }
    const length = Math.sqrt(dot(vector, vector));
    if (length > 0) for (let axis = 0; axis < dimensions; axis += 1) vector[axis] /= length;
    return length;
  });
}

function dot(left: Float64Array, right: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < left.length; i += 1) sum += left[i] * right[i];
  return sum;
}
