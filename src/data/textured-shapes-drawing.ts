// Draws one image of the textured shapes: a background, things behind, the shape with its texture, light and noise. Each
// pixel is a mixture by coverage (signed distances, so that edges are smooth), in the manner of Quilez 2008-2022,
// "2D distance functions".
import type { Random } from "../random";
import { IMAGE_SIDE } from "./image-dataset";

export type Shape = "disk" | "ring" | "square" | "triangle" | "cross";
export type Texture = "plain" | "striped";

type Colour = readonly [red: number, green: number, blue: number]; // 0 to 255
/** A value for each place in the image, in pixels from its middle. */
type Field = (x: number, y: number) => number;

/** The middle of the image, in pixels from the middle of the first. */
const MIDDLE = (IMAGE_SIDE - 1) / 2;

/** Signed distance from the edge of a shape of radius 1, negative within. */
const DISTANCES: Record<Shape, Field> = {
  disk: (x, y) => Math.sqrt(x * x + y * y) - 0.95,
  ring: (x, y) => Math.abs(Math.sqrt(x * x + y * y) - 0.72) - 0.3,
  square: (x, y) => Math.max(Math.abs(x), Math.abs(y)) - 0.82,
  triangle: (x, y) => Math.max(Math.abs(x) * 0.866 + y * 0.5, -y) - 0.56,
  cross: (x, y) => {
    const across = Math.min(Math.abs(x), Math.abs(y));
    return Math.max(across - 0.33, Math.max(Math.abs(x), Math.abs(y)) - 1.02);
  },
};

export interface ImageToDraw {
  shape: Shape;
  texture: Texture;
  /** From 0 to 1, see `texturedShapes`. */
  difficulty: number;
  rng: Random;
}

/**
 * Draws an image.
 *
 * @param pixels where it goes, [32, 32, 3]
 */
export function drawTexturedShape(
  pixels: Uint8Array,
  { shape, texture, difficulty, rng }: ImageToDraw,
): void {
  const between = (low: number, high: number) => low + (high - low) * rng.uniform();
  const either = (easy: number, hard: number) => easy + (hard - easy) * difficulty;
  const contrast = either(110, 60);
  const ground = drawColour(rng);
  const far = drawUntil(rng, (colour) => distance(colour, ground) < 150);
  const bright = drawUntil(rng, (colour) => brightness(colour) > 90 && distance(colour, ground) > contrast);
  const dark = drawUntil(
    rng,
    (colour) =>
      brightness(bright) - brightness(colour) > either(85, 65) && distance(colour, ground) > 0.8 * contrast,
  );

  const groundMix = drawGround(rng);
  const falseStripes = drawStripes(rng, difficulty);
  const falseContrast = rng.uniform() < 0.4 * difficulty ? between(0.1, 0.3) : 0;
  const behind = Array.from({ length: rng.integer(0, 3) }, () => drawClutter(rng)).filter(
    () => rng.uniform() < difficulty,
  );
  const inFront = rng.uniform() < 0.15 * difficulty ? drawClutter(rng) : undefined;

  const radius = between(either(13, 9.5), 14);
  const reach = either(1.5, 15.5 - 0.85 * radius); // a hard shape may leave the image a little
  const turns = either(0.2, Math.PI); // radians to either side
  const [left, top, turn] = [between(-reach, reach), between(-reach, reach), between(-turns, turns)];
  const stretch = between(either(0.95, 0.85), either(1.06, 1.18));
  const [cosine, sine] = [Math.cos(turn), Math.sin(turn)];
  const edge = DISTANCES[shape];
  const stripes = drawStripes(rng, difficulty);
  const mark = texture === "striped" ? stripes : plain;

  const tilt = either(0, 0.013);
  const [lightX, lightY, light] = [between(-tilt, tilt), between(-tilt, tilt), between(0.8, 1.15)];
  const noise = between(6, either(16, 34)); // full width of the noise, in grey levels

  const last = MIDDLE;
  for (let y = -last, at = 0; y <= last; y++) {
    for (let x = -last; x <= last; x++) {
      const traces = falseContrast > 0 ? falseContrast * (falseStripes(x, y) - 0.5) : 0;
      const shade = Math.min(Math.max(difficulty * groundMix(x, y) + traces, 0), 1);
      let red = ground[0] + (far[0] - ground[0]) * shade;
      let green = ground[1] + (far[1] - ground[1]) * shade;
      let blue = ground[2] + (far[2] - ground[2]) * shade;
      for (const { cover, colour } of behind) {
        const share = cover(x, y);
        if (share === 0) continue;
        red += (colour[0] - red) * share;
        green += (colour[1] - green) * share;
        blue += (colour[2] - blue) * share;
      }
      const dx = x - left;
      const dy = y - top;
      const u = ((cosine * dx + sine * dy) / radius) * stretch;
      const v = (cosine * dy - sine * dx) / (radius * stretch);
      const inside = coverage(edge(u, v) * radius);
      if (inside > 0) {
        const share = mark(x, y);
        red += (dark[0] + (bright[0] - dark[0]) * share - red) * inside;
        green += (dark[1] + (bright[1] - dark[1]) * share - green) * inside;
        blue += (dark[2] + (bright[2] - dark[2]) * share - blue) * inside;
      }
      const hidden = inFront ? inFront.cover(x, y) : 0;
      if (inFront && hidden > 0) {
        red += (inFront.colour[0] - red) * hidden;
        green += (inFront.colour[1] - green) * hidden;
        blue += (inFront.colour[2] - blue) * hidden;
      }
      const lit = light + lightX * x + lightY * y;
      const bits = rng.integer(0, 2 ** 30); // ten for each colour
      pixels[at++] = toByte(red * lit + noise * ((bits & 1023) / 1023 - 0.5));
      pixels[at++] = toByte(green * lit + noise * (((bits >>> 10) & 1023) / 1023 - 0.5));
      pixels[at++] = toByte(blue * lit + noise * ((bits >>> 20) / 1023 - 0.5));
    }
  }
}

const toByte = (value: number) => (value < 0 ? 0 : value > 254.5 ? 255 : (value + 0.5) | 0);

/** The share of a pixel that lies within an edge at this signed distance in pixels. */
const coverage = (pixels: number) => (pixels < -0.5 ? 1 : pixels > 0.5 ? 0 : 0.5 - pixels);

const brightness = ([red, green, blue]: Colour) => 0.3 * red + 0.59 * green + 0.11 * blue;
const distance = (a: Colour, b: Colour) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

/** Any hue, rarely very dark or garish. */
function drawColour(rng: Random): Colour {
  const [hue, chroma, value] = [6 * rng.uniform(), 0.75 * rng.uniform(), 40 + 205 * rng.uniform()];
  const channel = (offset: number) => {
    const place = (offset + hue) % 6;
    return value * (1 - chroma * Math.max(0, Math.min(place, 4 - place, 1)));
  };
  return [channel(5), channel(3), channel(1)];
}

/** A colour that passes, or the last of 30. */
function drawUntil(rng: Random, passes: (colour: Colour) => boolean): Colour {
  let colour = drawColour(rng);
  for (let draws = 1; draws < 30 && !passes(colour); draws++) colour = drawColour(rng);
  return colour;
}

/** sin(a x + b y + phase) in the middles of pixels, by the sines of rows and columns: 128 sines rather than 1,024. */
function planeWave(a: number, b: number, phase: number): Field {
  const table = new Float64Array(4 * IMAGE_SIDE); // sine and cosine of the column, sine and cosine of the row
  for (let pixel = 0; pixel < IMAGE_SIDE; pixel++) {
    const place = pixel - MIDDLE;
    table[4 * pixel] = Math.sin(a * place + phase);
    table[4 * pixel + 1] = Math.cos(a * place + phase);
    table[4 * pixel + 2] = Math.sin(b * place);
    table[4 * pixel + 3] = Math.cos(b * place);
  }
  const middle = MIDDLE;
  return (x, y) => {
    const column = (4 * (x + middle)) | 0; // whole already: the engine is told so
    const row = (4 * (y + middle)) | 0;
    return table[column] * table[row + 3] + table[column + 1] * table[row + 2];
  };
}

/** A slope and two slow waves, about 0 to 1. */
function drawGround(rng: Random): Field {
  const slowWave = () => {
    const [angle, speed] = [2 * Math.PI * rng.uniform(), 0.08 + 0.2 * rng.uniform()];
    return planeWave(speed * Math.cos(angle), speed * Math.sin(angle), 2 * Math.PI * rng.uniform());
  };
  const [first, second] = [slowWave(), slowWave()];
  const [slopeX, slopeY] = [0.05 * (rng.uniform() - 0.5), 0.05 * (rng.uniform() - 0.5)];
  return (x, y) => 0.5 + slopeX * x + slopeY * y + 0.22 * (first(x, y) + second(x, y));
}

const plain: Field = () => 1;

/** Stripes, 0 to 1 with smooth steps: broad and upright where it is easy, finer and in any direction where it is hard. */
function drawStripes(rng: Random, difficulty: number): Field {
  const angle = (0.25 + (Math.PI - 0.25) * difficulty) * (2 * rng.uniform() - 1);
  const period = 6.5 - 2.9 * difficulty + 2.6 * rng.uniform(); // pixels
  const share = 0.6 * (rng.uniform() - 0.5); // how broad they are
  const speed = (2 * Math.PI) / period;
  const flip = rng.uniform() < 0.5;
  const wave = planeWave(speed * Math.cos(angle), speed * Math.sin(angle), 2 * Math.PI * rng.uniform());
  return (x, y) => {
    const step = Math.min(Math.max(0.5 + (1.2 / speed) * (wave(x, y) + share), 0), 1); // edges about a pixel wide
    return flip ? 1 - step : step;
  };
}

/** A blob or a bar of one colour, small beside the shapes. */
function drawClutter(rng: Random): { cover: Field; colour: Colour } {
  const [left, top] = [32 * (rng.uniform() - 0.5), 32 * (rng.uniform() - 0.5)];
  const angle = Math.PI * rng.uniform();
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  const bar = rng.uniform() < 0.5;
  const length = bar ? 4 + 8 * rng.uniform() : 1.5 + 3 * rng.uniform();
  const width = bar ? 0.5 + rng.uniform() : length;
  const colour = drawColour(rng);
  const cover: Field = (x, y) => {
    const dx = x - left;
    const dy = y - top;
    if (!bar) return coverage(Math.sqrt(dx * dx + dy * dy) - length);
    const along = Math.abs(cosine * dx + sine * dy);
    const across = Math.abs(cosine * dy - sine * dx);
    return coverage(Math.max(along - length, across - width));
  };
  return { cover, colour };
}
