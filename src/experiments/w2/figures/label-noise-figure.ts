// Training images with the labels they came with and the labels that are trained on. All images are one picture of Plotly's,
// whose pixels stay sharp.
import { IMAGE_SIDE } from "../../../data/image-dataset";
import { colours } from "../../colours";
import type { PlotlyFigure } from "../../result-file";
import { type LabelNoiseExample, pixelsOf } from "../results/label-noise-examples";

const COLUMNS = 6;
/** Pixels between images, and below them for their labels. */
const GAP = 4;
const LABEL = 16;
const [CELL_WIDTH, CELL_HEIGHT] = [IMAGE_SIDE + GAP, IMAGE_SIDE + LABEL];

/**
 * Draws training images with the labels that they came with and the labels that are trained on.
 *
 * @param examples at least one image with its two labels
 * @example
 * import { w2 } from "dolab";
 * const run = w2.loadRun("results/reference/w2-standard");
 * w2.labelNoiseFigure(run.examples).data.length; // => 1
 */
export function labelNoiseFigure(examples: readonly LabelNoiseExample[]): PlotlyFigure {
  const columns = Math.min(COLUMNS, examples.length);
  const rows = Math.ceil(examples.length / columns);
  const [width, height] = [columns * CELL_WIDTH - GAP, rows * CELL_HEIGHT];
  const transparent = [0, 0, 0, 0];
  const canvas = Array.from({ length: height }, () => Array.from({ length: width }, () => transparent)); // [y][x][rgba]
  const corners = examples.map((_, i) => ({
    left: (i % columns) * CELL_WIDTH,
    top: Math.floor(i / columns) * CELL_HEIGHT,
  }));
  for (const [i, example] of examples.entries()) {
    const { left, top } = corners[i];
    for (const [y, row] of pixelsOf(example).entries())
      for (const [x, colour] of row.entries()) canvas[top + y][left + x] = [...colour, 1];
  }
  const axis = { visible: false, showgrid: false, zeroline: false };
  const changed = examples.filter(({ clean, noisy }) => clean !== noisy).length;
  return {
    data: [{ type: "image", colormodel: "rgba", z: canvas, hoverinfo: "skip" }],
    layout: {
      title: { text: `Training images: ${changed} of these ${examples.length} labels are wrong` },
      xaxis: { ...axis, range: [-0.5, width - 0.5] },
      yaxis: { ...axis, range: [height - 0.5, -0.5], scaleanchor: "x", constrain: "domain" },
      annotations: examples.map(({ clean, noisy }, i) => ({
        x: corners[i].left + (IMAGE_SIDE - 1) / 2,
        y: corners[i].top + IMAGE_SIDE + 1,
        xanchor: "center",
        yanchor: "top",
        showarrow: false,
        text: clean === noisy ? clean : `<s>${clean}</s><br><b>${noisy}</b>`,
        font: { size: 11, ...(clean === noisy ? {} : { color: colours.vermillion }) },
      })),
      height: 90 + rows * 145,
    },
  };
}
