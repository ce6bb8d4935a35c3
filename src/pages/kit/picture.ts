// An image of numbers, such as what a decoder writes, as a picture on the page.
import { element } from "./dom";

export interface Picture {
  root: HTMLCanvasElement;
  /**
   * Draws an image; values outside 0 to 1 are drawn as the nearest one inside.
   *
   * @param values row by row, the colours of a pixel together: [height, width, colours]
   * @param shape of 1 colour (grey) or 3
   */
  draw(values: ArrayLike<number>, shape: readonly [height: number, width: number, colours: 1 | 3]): void;
}

/** @param label what the picture shows, for readers who cannot see it */
export function picture(label: string): Picture {
  const root = element("canvas", { class: "heat picture", role: "img", "aria-label": label });
  return {
    root,
    draw(values, [height, width, colours]) {
      if (values.length !== height * width * colours)
        throw new RangeError(
          `Cannot draw ${label} as it must have ${height} x ${width} x ${colours} values: got ${values.length}`,
        );
      root.width = width;
      root.height = height;
      const context = root.getContext("2d") as CanvasRenderingContext2D;
      const image = context.createImageData(width, height);
      for (let pixel = 0; pixel < height * width; pixel++) {
        for (let channel = 0; channel < 3; channel++)
          image.data[4 * pixel + channel] = 255 * values[pixel * colours + (colours === 3 ? channel : 0)]; // clamped
        image.data[4 * pixel + 3] = 255;
      }
      context.putImageData(image, 0, 0);
    },
  };
}
