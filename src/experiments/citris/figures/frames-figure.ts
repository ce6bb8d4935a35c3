// Frames in rows and columns as one picture of Plotly's, whose pixels stay sharp, with a title over each column and a text
// under each frame.
import type { PlotlyFigure } from "../../result-file";

export interface FrameGrid {
  title: string;
  /** Rows of frames, each 0 to 255, [size, size, 3]; all of one size. */
  rows: readonly (readonly Uint8Array[])[];
  /** Over the columns. */
  columns?: readonly string[];
  /** Under the frames, row by row; lines parted by <br>. */
  texts?: readonly (readonly string[])[];
}

/** Shares of a frame's width: between columns, and below frames for their texts. */
const GAP = 0.12;
const TEXT = 0.32;

/**
 * Draws a grid of frames, with a title over each column and a text under each frame.
 *
 * @param grid the frames row by row, 0 to 255, and their texts
 * @example
 * import { citris } from "dolab";
 * const black = new Uint8Array(4 * 4 * 3);
 * const figure = citris.framesFigure({ title: "Two frames", rows: [[black, black]] });
 * figure.layout.title.text; // => "Two frames"
 */
export function framesFigure({ title, rows, columns = [], texts }: FrameGrid): PlotlyFigure {
  const size = Math.sqrt(rows[0][0].length / 3);
  const gap = Math.max(2, Math.round(size * GAP));
  const below = texts ? Math.round(size * TEXT) : gap;
  const across = Math.max(...rows.map((row) => row.length));
  const [width, height] = [across * (size + gap) - gap, rows.length * (size + below)];
  const canvas = Array.from({ length: height }, () => Array.from({ length: width }, () => [0, 0, 0, 0])); // [y][x][rgba]
  const corner = (row: number, column: number) => ({
    left: column * (size + gap),
    top: row * (size + below),
  });
  for (const [r, row] of rows.entries())
    for (const [c, frame] of row.entries()) {
      const { left, top } = corner(r, c);
      for (let y = 0; y < size; y++)
        for (let x = 0; x < size; x++) {
          const place = 3 * (y * size + x);
          canvas[top + y][left + x] = [frame[place], frame[place + 1], frame[place + 2], 1];
        }
    }
  const axis = { visible: false, showgrid: false, zeroline: false };
  const text = (x: number, y: number, anchor: "top" | "bottom", words: string) => ({
    x,
    y,
    text: words,
    xanchor: "center",
    yanchor: anchor,
    showarrow: false,
    font: { size: 11 },
  });
  const middle = (column: number) => corner(0, column).left + (size - 1) / 2;
  return {
    data: [{ type: "image", colormodel: "rgba", z: canvas, hoverinfo: "skip" }],
    layout: {
      title: { text: title },
      xaxis: { ...axis, range: [-0.5, width - 0.5] },
      yaxis: { ...axis, range: [height - 0.5, -1 - size * 0.2], scaleanchor: "x", constrain: "domain" },
      annotations: [
        ...columns.map((words, c) => text(middle(c), -1, "bottom", words)),
        ...(texts ?? []).flatMap((row, r) =>
          row.map((words, c) => text(middle(c), corner(r, c).top + size, "top", words)),
        ),
      ],
      margin: { t: 70, l: 10, r: 10, b: 10 },
      height: Math.min(900, 110 + (rows.length * (size + below) * Math.min(150, 900 / across)) / size),
    },
  };
}

/** Takes one frame of many. @param images [count, size, size, 3] */
export const frameAt = (images: Uint8Array, size: number, place: number): Uint8Array =>
  images.subarray(place * size * size * 3, (place + 1) * size * size * 3);
