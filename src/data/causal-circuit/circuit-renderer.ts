// Paints the causal circuit from above: an arm that turns about the middle of the upper edge, three buttons on its way, and
// under them three lamps that shine on the table as bright as their variables say. Every edge is soft and every light adds to
// the picture in proportion, so that pixels change smoothly with each variable. The published pictures, 512 x 512 pixels of a
// simulated robot in perspective, are another matter: these are a drawing of the same four variables.
import { buttonPositions } from "./circuit-mechanisms";

/** Where the arm turns, how long it is and how far to both sides it turns; lengths are in widths of the picture. */
const [PIVOT_X, PIVOT_Y, ARM_LENGTH, TURN] = [0.5, 0.02, 0.46, 1.1];
const [ARM_RADIUS, TIP_RADIUS] = [0.04, 0.065];
const BUTTON_RADIUS = 0.075;
/** The lamps stand from left to right, green, red, blue, each under its button. */
const [LAMP_Y, LAMP_RADIUS] = [0.8, 0.11];
const lampX = [0.5, 0.18, 0.82];
/** How far and how brightly a lamp shines on the table around it. */
const [SHINE_REACH, SHINE] = [0.15, 0.3];
const table = [0.2, 0.21, 0.24];
const steel = [0.74, 0.76, 0.8];
/** Red, green and blue light, none quite pure. */
const hues = [
  [1, 0.16, 0.12],
  [0.14, 0.95, 0.2],
  [0.16, 0.3, 1],
];
/** How bright button and unlit lamp are of their hue. */
const [BUTTON_SHADE, LAMP_SHADE, LAMP_LIGHT] = [0.45, 0.14, 0.8];
/** Width of an edge, in pixels. */
const EDGE = 1.5;

/** @returns from 0 outside to 1 inside a shape, given the distance to its edge */
const covered = (inside: number, soft: number) => Math.min(1, Math.max(0, inside * soft + 0.5));

export type CircuitRenderer = (causal: ArrayLike<number>, pixels: Uint8Array, offset: number) => void;

/**
 * Makes what paints pictures of one size.
 *
 * @param size height and width, from 8
 * @returns paints four causal variables (see `circuitVariables`) into pixels from `offset` on: [size, size, 3], 0 to 255
 * @throws {RangeError} for a smaller size
 * @example
 * const pixels = new Uint8Array(16 * 16 * 3);
 * circuitRenderer(16)([0.9, 0.1, 0.1, 0.5], pixels, 0);
 * const lamp = (12 * 16 + 8) * 3; // the red one
 * pixels[lamp] > 2 * pixels[lamp + 1]; // => true
 */
export function circuitRenderer(size: number): CircuitRenderer {
  if (!(Number.isInteger(size) && size >= 8))
    throw new RangeError(`Cannot paint a circuit as its picture must be at least 8 pixels wide: got ${size}`);
  const soft = size / EDGE;
  const unlit = new Float32Array(size * size * 3); // [size, size, 3]
  const shine = hues.map(() => new Float32Array(size * size * 3)); // [lights][size, size, 3], of a light at 1
  for (let pixel = 0; pixel < size * size; pixel++) {
    const [x, y] = [((pixel % size) + 0.5) / size, (Math.floor(pixel / size) + 0.5) / size];
    const colour = table.slice();
    const paint = (cover: number, hue: readonly number[], bright: number) => {
      for (let c = 0; c < 3; c++) colour[c] += cover * (bright * hue[c] - colour[c]);
    };
    for (const [light, hue] of hues.entries()) {
      const [buttonX, buttonY] = tipOf(buttonPositions[light]);
      paint(covered(BUTTON_RADIUS - Math.hypot(x - buttonX, y - buttonY), soft), hue, BUTTON_SHADE);
      const distance = Math.hypot(x - lampX[light], y - LAMP_Y);
      const lamp = covered(LAMP_RADIUS - distance, soft);
      paint(lamp, hue, LAMP_SHADE);
      const around = SHINE * Math.exp(-(distance ** 2) / (2 * SHINE_REACH ** 2));
      const bright = around + lamp * (LAMP_LIGHT - around);
      for (let c = 0; c < 3; c++) shine[light][3 * pixel + c] = bright * hue[c];
    }
    unlit.set(colour, 3 * pixel);
  }
  const [red, green, blue] = shine;
  const margin = TIP_RADIUS + 1 / soft;
  const pixelOf = (place: number) => Math.min(size, Math.max(0, Math.round(place * size)));
  return (causal, pixels, offset) => {
    const [redLight, greenLight, blueLight] = [causal[0], causal[1], causal[2]];
    const litAt = (i: number) => unlit[i] + redLight * red[i] + greenLight * green[i] + blueLight * blue[i];
    for (let i = 0; i < unlit.length; i++) pixels[offset + i] = toByte(litAt(i));
    const [tipX, tipY] = tipOf(causal[3]);
    const [alongX, alongY] = [(tipX - PIVOT_X) / ARM_LENGTH, (tipY - PIVOT_Y) / ARM_LENGTH];
    const [left, right] = [Math.min(tipX, PIVOT_X) - margin, Math.max(tipX, PIVOT_X) + margin].map(pixelOf);
    const bottom = pixelOf(tipY + margin);
    for (let row = 0; row < bottom; row++)
      for (let column = left; column < right; column++) {
        const [x, y] = [(column + 0.5) / size, (row + 0.5) / size];
        const [fromX, fromY] = [x - PIVOT_X, y - PIVOT_Y];
        const along = Math.min(ARM_LENGTH, Math.max(0, fromX * alongX + fromY * alongY));
        const toArm = ARM_RADIUS - Math.sqrt((fromX - along * alongX) ** 2 + (fromY - along * alongY) ** 2);
        const toTip = TIP_RADIUS - Math.sqrt((x - tipX) ** 2 + (y - tipY) ** 2);
        const cover = covered(Math.max(toArm, toTip), soft);
        if (cover === 0) continue;
        const place = 3 * (row * size + column);
        for (let c = 0; c < 3; c++) {
          const value = litAt(place + c);
          pixels[offset + place + c] = toByte(value + cover * (steel[c] - value));
        }
      }
  };
}

const toByte = (value: number) => (value >= 1 ? 255 : value * 255 + 0.5);

/** Where the arm's tip is. @param arm from 0, at the left, to 1 */
function tipOf(arm: number): [number, number] {
  const angle = TURN * (2 * arm - 1);
  return [PIVOT_X + ARM_LENGTH * Math.sin(angle), PIVOT_Y + ARM_LENGTH * Math.cos(angle)];
}
