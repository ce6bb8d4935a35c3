// Paints a scene: a floor of the background's hue, lit from the spotlight's side, and on it a disk with a beak, of the object's
// hue, whose front is brighter than its back. The object shades the floor around it and shines on the floor ahead of it. Every
// colour is a cosine of its hue and every edge is soft, so that pixels change smoothly with each factor: a small network can
// learn to see them in minutes.
import type { SceneState } from "./scene-factors";

/** Half the width of the picture, in the units of positions. */
const HALF_WIDTH = 3.3;
const BODY_RADIUS = 1.15;
const BEAK_RADIUS = 0.55;
const BEAK_DISTANCE = 1.05;
/** Share of the size that a unit of depth takes away. */
const SHRINK = 0.24;
/** How far the shade reaches, and how much of the floor's light it takes. */
const [SHADE_REACH, SHADE] = [1.5, 0.5];
/** How far ahead the object shines, how wide, and how brightly. */
const [SHINE_DISTANCE, SHINE_REACH, SHINE] = [2, 1.1, 0.375];
/** Width of an edge, in pixels. */
const EDGE = 1.6;
const THIRD = (2 * Math.PI) / 3;

/** Red, green or blue of a hue around a middle brightness. */
const shade = (hue: number, colour: number, middle: number, swing: number) =>
  middle + swing * Math.cos(hue - colour * THIRD);

/**
 * @param pixels where to, 0 to 255, [size, size, 3] from `offset` on; rows from top to bottom
 * @param size height and width of the picture
 */
export function drawSceneImage(pixels: Uint8Array, offset: number, size: number, state: SceneState): void {
  const { x, y, depth, rotation, spotlight, objectHue, spotlightHue, backgroundHue } = state;
  const scale = 1 - SHRINK * depth;
  const unit = (2 * HALF_WIDTH) / size; // of a pixel
  const [frontX, frontY] = [Math.cos(rotation), Math.sin(rotation)];
  const [lightX, lightY] = [Math.cos(spotlight) / HALF_WIDTH, Math.sin(spotlight) / HALF_WIDTH];
  const [bodyRadius, beakRadius] = [BODY_RADIUS * scale, BEAK_RADIUS * scale];
  const [beakX, beakY] = [x + BEAK_DISTANCE * scale * frontX, y + BEAK_DISTANCE * scale * frontY];
  const soft = 1 / (EDGE * unit);
  const reach = (BEAK_DISTANCE * scale + beakRadius + EDGE * unit) ** 2;
  const [shineX, shineY] = [x + SHINE_DISTANCE * scale * frontX, y + SHINE_DISTANCE * scale * frontY];
  const shadeFall = -1 / (2 * (SHADE_REACH * scale) ** 2);
  const shineFall = -1 / (2 * (SHINE_REACH * scale) ** 2);
  const floor = [0, 1, 2].map((colour) => shade(backgroundHue, colour, 0.4, 0.14));
  const lamp = [0, 1, 2].map((colour) => shade(spotlightHue, colour, 0.16, 0.14));
  const object = [0, 1, 2].map((colour) => shade(objectHue, colour, 0.55, 0.42));
  // A bell in two dimensions is the product of one along each.
  const bell = (centre: number, fall: number) => (at: number) => Math.exp((at - centre) ** 2 * fall);
  const across = Float64Array.from({ length: size }, (_, column) => (column + 0.5) * unit - HALF_WIDTH);
  const [shadeAcross, shineAcross] = [across.map(bell(x, shadeFall)), across.map(bell(shineX, shineFall))];
  const [shadeDown, shineDown] = [bell(y, shadeFall), bell(shineY, shineFall)];
  let place = offset;
  for (let row = 0; row < size; row++) {
    const down = HALF_WIDTH - (row + 0.5) * unit; // y grows upwards
    const [shadeHere, shineHere] = [SHADE * shadeDown(down), SHINE * shineDown(down)];
    for (let column = 0; column < size; column++) {
      const right = across[column];
      const lit = right * lightX + down * lightY; // -1.4 to 1.4
      const [toX, toY] = [right - x, down - y];
      const distance = toX * toX + toY * toY;
      let cover = 0;
      let bright = 1;
      if (distance < reach) {
        const toBeak = Math.sqrt((right - beakX) ** 2 + (down - beakY) ** 2);
        const body = (bodyRadius - Math.sqrt(distance)) * soft + 0.5;
        const beak = (beakRadius - toBeak) * soft + 0.5;
        cover = Math.min(1, Math.max(0, body, beak));
        const along = (toX * frontX + toY * frontY) / bodyRadius; // -1 at the back, 1 at the front
        bright = 0.62 + 0.38 * Math.min(1, Math.max(-1, 1.5 * along));
      }
      const shade = 1 - shadeHere * shadeAcross[column];
      const shine = shineHere * shineAcross[column];
      for (let colour = 0; colour < 3; colour++) {
        const ground = (floor[colour] + lamp[colour] * lit) * shade + object[colour] * shine;
        const value = ground + cover * (object[colour] * bright - ground);
        pixels[place++] = value <= 0 ? 0 : value >= 1 ? 255 : value * 255 + 0.5;
      }
    }
  }
}
