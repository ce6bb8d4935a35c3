// An intervention on a thought: do(logit of a cell's token = the highest of the others + margin). z_H of that cell is moved by the
// least that does so and leaves the cell's other logits as they are: along the part of the token's row of lm_head that the other
// rows do not span. The next ACT step thinks on from the moved state, so that other cells may follow.
import type { Tensor, Tensor3D } from "@tensorflow/tfjs-node";
import { dense, tensorflow } from "../../tensor";
import type { Reasoner } from "./reasoner";
import type { ThoughtHook } from "./thinker";

/** The token that one cell of each puzzle is held at. */
export interface ClampedCells {
  /** Which cell, counted from 0; -1 leaves the puzzle alone. [count] */
  cells: ArrayLike<number>;
  /** Which token. [count] */
  tokens: ArrayLike<number>;
  /** How far above the highest of the cell's other logits the token's is held; where it is higher already, it stays. */
  margin: number;
}

/**
 * Makes a hook for `Thinker.run` that holds a cell's answer of each puzzle; it uses the weights that the reasoner has now.
 *
 * @param reasoner whose thoughts are changed
 * @param clamp a cell and a token for each puzzle, and how far above the others the token's logit is held
 * @returns changes z_H by the least that holds the cells, and leaves their other logits as they are
 * @throws {RangeError} for a cell or a token that the reasoner does not have, naming the puzzle
 * @example
 * import { answerLogits, clampLogit, createRandom, createReasoner, initialThought, miniatureReasoner } from "dolab";
 * const configuration = miniatureReasoner("trm", { cells: 4, vocabulary: 3, channels: 8 });
 * const reasoner = createReasoner(configuration, { rng: createRandom(1) });
 * const answer = (high) => answerLogits(reasoner, high).argMax(-1).dataSync()[2]; // of cell 2
 * const { high } = initialThought(reasoner, 1);
 * const answers = [0, 1, 2].map((token) => {
 *   const hook = clampLogit(reasoner, { cells: [2], tokens: [token], margin: 1 });
 *   return answer(hook(high, { time: 1, places: [0] }));
 * });
 * answers; // => [0, 1, 2]
 */
export function clampLogit(
  { parameters, configuration }: Reasoner,
  { cells, tokens, margin }: ClampedCells,
): ThoughtHook {
  const { prefix, channels, vocabulary, cells: most } = configuration;
  for (let puzzle = 0; puzzle < cells.length; puzzle++) {
    const [cell, token] = [cells[puzzle], tokens[puzzle]];
    const known = Number.isInteger(cell) && cell >= -1 && cell < most;
    if (!known || !(Number.isInteger(token) && token >= 0 && token < vocabulary))
      throw new RangeError(
        `Cannot clamp a logit as cells are from 0 to ${most - 1} (-1 for none) and tokens from 0 to ${vocabulary - 1}: got cell ${cell} and token ${token} of puzzle ${puzzle}`,
      );
  }
  const weight = parameters["inner.lm_head.weight"];
  const moves = ownDirections(weight.dataSync() as Float32Array, vocabulary, channels);
  return (high, { places }) => {
    const tf = tensorflow();
    const held = places.map((place) => tokens[place]);
    const positions = places.map((place) => (cells[place] < 0 ? -1 : prefix + cells[place]));
    const here = tf.oneHot(tf.tensor1d(positions, "int32"), high.shape[1] as number).expandDims(2); // [rows, length, 1]
    const state = (high as Tensor3D).mul(here).sum(1); // [rows, channels]; 0 where there is no cell
    const logits = dense({ weight }, state); // [rows, vocabulary]
    const own = tf.oneHot(tf.tensor1d(held, "int32"), vocabulary); // [rows, vocabulary]
    const highest = logits.sub(own.mul(FAR)).max(1); // of the other tokens. [rows]
    const missing = highest.add(margin).sub(logits.mul(own).sum(1)).relu(); // [rows]
    const move: Tensor = own.matMul(tf.tensor2d(moves, [vocabulary, channels])).mul(missing.expandDims(1)); // [rows, channels]
    return high.add(move.expandDims(1).mul(here));
  };
}

/** More than any logit. */
const FAR = 1e9;

/** For each row, the least vector whose product with it is 1 and with every other row 0. [rows, width] */
function ownDirections(weight: ArrayLike<number>, rows: number, width: number): Float32Array {
  const row = (i: number) => Float64Array.from({ length: width }, (_, at) => weight[i * width + at]);
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);
  const without = (vector: Float64Array, basis: readonly Float64Array[]) => {
    for (const axis of basis) {
      const along = dot(vector, axis);
      for (let i = 0; i < width; i++) vector[i] -= along * axis[i];
    }
    return vector;
  };
  const moves = new Float32Array(rows * width);
  for (let own = 0; own < rows; own++) {
    const basis: Float64Array[] = [];
    for (let other = 0; other < rows; other++) {
      if (other === own) continue;
      const rest = without(row(other), basis);
      const length = Math.sqrt(dot(rest, rest));
      if (length > 1e-12) basis.push(rest.map((value) => value / length));
    }
    const rest = without(row(own), basis);
    moves.set(
      rest.map((value) => value / dot(rest, rest)),
      own * width,
    );
  }
  return moves;
}
