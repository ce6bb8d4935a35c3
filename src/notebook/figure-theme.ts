// How every figure looks, in the notebook, in the report and in still pictures: a Plotly template. The notebook's inks
// are readable on white and on JupyterLab's dark theme alike; a report replaces them by its page's own colours, a still
// picture by `inksOnPaper`.

import { colours } from "../experiments/colours";

/** The order in which traces without a colour of their own take one. */
export const colourway = ["blue", "vermillion", "green", "purple", "sky", "orange", "grey"].map(
  (name) => colours[name as keyof typeof colours] as string,
);

/** The colours of everything that is not data. */
export interface Inks {
  text: string;
  muted: string;
  grid: string;
  line: string;
  page: string;
}

/** Contrast of at least 4.3 with white and with JupyterLab's dark page (#111111). */
export const inksOnAnyPage: Inks = {
  text: "#767676",
  muted: "#767676",
  grid: "rgba(128, 128, 128, 0.22)",
  line: "rgba(128, 128, 128, 0.65)",
  page: "rgba(0, 0, 0, 0)",
};

export const inksOnPaper: Inks = {
  text: "#1f2328",
  muted: "#4b5258",
  grid: "#e6e8eb",
  line: "#8b9198",
  page: "#ffffff",
};

/**
 * In JupyterLab, whose Plotly takes no colour from the page: texts in the colour above take the theme's instead. Shown
 * once, with the run's announcement; without it they are merely paler.
 */
export const inkOfTheme =
  '.jp-RenderedPlotly text[style*="rgb(118, 118, 118)"]{fill:var(--jp-content-font-color1)!important}';

const fontFamily = '"Source Sans 3", "Segoe UI", system-ui, -apple-system, "DejaVu Sans", Arial, sans-serif';

/** The default height of a figure in pixels. */
export const figureHeight = 430;

/** The margin above a figure whose title has this many lines, in pixels. */
export const marginAbove = (titleLines: number): number => (titleLines === 0 ? 24 : 30 + 21 * titleLines);

/** The Plotly template (`layout.template`). */
export function figureTemplate(inks: Inks = inksOnAnyPage) {
  const axis = {
    automargin: true,
    gridcolor: inks.grid,
    zerolinecolor: inks.line,
    zerolinewidth: 1,
    linecolor: inks.line,
    tickcolor: inks.line,
    ticks: "outside",
    ticklen: 4,
    showline: true,
    title: { standoff: 10, font: { size: 14 } },
  };
  const surface = { backgroundcolor: "rgba(0, 0, 0, 0)", gridcolor: inks.grid, zerolinecolor: inks.line };
  return {
    layout: {
      colorway: colourway,
      colorscale: { sequential: "Viridis", sequentialminus: "Viridis", diverging: divergingScale },
      font: { family: fontFamily, size: 13, color: inks.text },
      title: {
        x: 0,
        xref: "container",
        xanchor: "left",
        y: 1,
        yref: "container",
        yanchor: "top",
        pad: { l: 0, t: 14 },
        font: { size: 16, weight: 600, color: inks.text },
      },
      paper_bgcolor: inks.page,
      plot_bgcolor: "rgba(0, 0, 0, 0)",
      margin: { l: 56, r: 20, t: marginAbove(0), b: 48 },
      xaxis: axis,
      yaxis: axis,
      scene: { xaxis: surface, yaxis: surface, zaxis: surface },
      polar: {
        bgcolor: "rgba(0, 0, 0, 0)",
        angularaxis: { gridcolor: inks.grid },
        radialaxis: { gridcolor: inks.grid },
      },
      coloraxis: { colorbar },
      legend: {
        orientation: "h",
        x: 0,
        xanchor: "left",
        y: 0,
        yref: "container",
        yanchor: "bottom",
        bgcolor: "rgba(0, 0, 0, 0)",
        font: { color: inks.text },
        itemsizing: "constant",
      },
      hoverlabel: { font: { family: fontFamily, size: 13 }, align: "left", namelength: -1 },
      modebar: { bgcolor: "rgba(0, 0, 0, 0)", color: inks.line, activecolor: inks.text },
      annotationdefaults: { font: { color: inks.text }, arrowcolor: inks.line },
      sliderdefaults: {
        pad: { t: 48, b: 12 },
        len: 1,
        bgcolor: inks.line,
        activebgcolor: colours.blue,
        borderwidth: 0,
        tickcolor: inks.line,
      },
      updatemenudefaults: { bgcolor: "rgba(0, 0, 0, 0)", bordercolor: inks.line },
      shapedefaults: { line: { color: inks.line } },
    },
    data: {
      ...Object.fromEntries(coloured.map((type) => [type, [{ colorbar, colorscale: "Viridis" }]])),
      scatter: [{ marker: { colorbar } }],
      scattergl: [{ marker: { colorbar } }],
      histogram: [{ marker: { line: { width: 0 } } }],
      bar: [{ marker: { line: { width: 0 } } }],
    },
  };
}

/** Traces that paint values, which take no colour scale from the layout. */
const coloured = ["heatmap", "contour", "surface", "histogram2d", "histogram2dcontour", "mesh3d"];

const colorbar = { outlinewidth: 0, thickness: 14, ticks: "outside", ticklen: 4 };

/** Blue for below, grey for none, vermillion for above. */
const divergingScale = [
  [0, "#00517f"],
  [0.25, "#4a9bc9"],
  [0.5, "#d9d9d9"],
  [0.75, "#e58a4a"],
  [1, "#9c4500"],
];
