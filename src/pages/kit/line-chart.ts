// A small line chart: titled axes with round numbers, a line a series in the colour that the series has everywhere, and its
// name in a legend under the chart.
import { colours } from "../../experiments/colours";
import { element, svgElement } from "./dom";

export interface Series {
  name: string;
  /** [x, y] in the order of x; a point that is no finite number breaks the line. */
  points: readonly (readonly [number, number])[];
  /** A colour of src/experiments/colours.ts; by default the next of its order. */
  colour?: string;
  /** Whether points are drawn as dots without a line. */
  dots?: boolean;
}

export interface LineChartOptions {
  /** What the chart shows, for readers who cannot see it, such as "Loss by step". */
  label: string;
  /** The axes' titles with their units. */
  x: string;
  y: string;
}

export interface LineChart {
  root: HTMLElement;
  /**
   * Draws the series anew.
   *
   * @param frame.x the ends of an axis, by default those of the points
   * @param frame.marker where a vertical line stands, such as at the chosen step
   */
  draw(
    series: readonly Series[],
    frame?: { x?: readonly [number, number]; y?: readonly [number, number]; marker?: number },
  ): void;
}

const WIDTH = 420;
const HEIGHT = 220;
const EDGE = { left: 52, right: 10, top: 10, bottom: 40 };
const ORDER = [colours.blue, colours.orange, colours.green, colours.vermillion, colours.purple, colours.sky];

/** Makes an empty chart. */
export function lineChart({ label, x: xTitle, y: yTitle }: LineChartOptions): LineChart {
  const svg = svgElement("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label });
  const legend = element("p", { class: "legend" });
  return {
    root: element("div", { class: "chart" }, svg, legend),
    draw(series, frame = {}) {
      const finite = series.flatMap(({ points }) => points.filter((point) => point.every(Number.isFinite)));
      const [left, right] = frame.x ?? ends(finite.map(([x]) => x));
      const [low, high] = frame.y ?? ends(finite.map(([, y]) => y));
      const xAt = (x: number) => EDGE.left + ((x - left) / (right - left)) * (WIDTH - EDGE.left - EDGE.right);
      const yAt = (y: number) =>
        HEIGHT - EDGE.bottom - ((y - low) / (high - low)) * (HEIGHT - EDGE.top - EDGE.bottom);
      const bottom = HEIGHT - EDGE.bottom;
      const text = (words: string, attributes: Record<string, string | number>) =>
        svgElement("text", attributes, words);
      svg.replaceChildren(
        ...ticks(low, high).flatMap((y) => [
          svgElement("line", {
            class: "grid",
            x1: EDGE.left,
            x2: WIDTH - EDGE.right,
            y1: yAt(y),
            y2: yAt(y),
          }),
          text(short(y), { x: EDGE.left - 5, y: yAt(y) + 4, "text-anchor": "end" }),
        ]),
        ...ticks(left, right).map((x) =>
          text(short(x), { x: xAt(x), y: bottom + 15, "text-anchor": "middle" }),
        ),
        svgElement("line", {
          class: "axis-line",
          x1: EDGE.left,
          x2: WIDTH - EDGE.right,
          y1: bottom,
          y2: bottom,
        }),
        text(xTitle, { x: (EDGE.left + WIDTH - EDGE.right) / 2, y: HEIGHT - 6, "text-anchor": "middle" }),
        text(yTitle, {
          transform: `translate(11 ${(EDGE.top + bottom) / 2}) rotate(-90)`,
          "text-anchor": "middle",
        }),
        ...(frame.marker === undefined
          ? []
          : [
              svgElement("line", {
                class: "marker-line",
                x1: xAt(frame.marker),
                x2: xAt(frame.marker),
                y1: EDGE.top,
                y2: bottom,
              }),
            ]),
        ...series.flatMap((one, i) => drawn(one, one.colour ?? ORDER[i % ORDER.length], xAt, yAt)),
      );
      legend.replaceChildren(
        ...series.map(({ name, colour }, i) => {
          const key = element("span", { class: "key" });
          key.style.background = colour ?? ORDER[i % ORDER.length];
          return element("span", {}, key, name);
        }),
      );
    },
  };
}

function drawn(
  { points, dots }: Series,
  colour: string,
  xAt: (x: number) => number,
  yAt: (y: number) => number,
) {
  const finite = points.map((point) => point.every(Number.isFinite));
  if (dots)
    return points.flatMap(([x, y], i) =>
      finite[i] ? [svgElement("circle", { cx: xAt(x), cy: yAt(y), r: 3, fill: colour })] : [],
    );
  const path = points
    .flatMap(([x, y], i) => (finite[i] ? [`${i > 0 && finite[i - 1] ? "L" : "M"}${xAt(x)} ${yAt(y)}`] : []))
    .join("");
  return [svgElement("path", { d: path, fill: "none", stroke: colour, "stroke-width": 2 })];
}

/** The least and the greatest, a little apart where they are the same; 0 to 1 where there is none. */
function ends(values: readonly number[]): [number, number] {
  if (values.length === 0) return [0, 1];
  const least = values.reduce((a, b) => Math.min(a, b));
  const most = values.reduce((a, b) => Math.max(a, b));
  const margin = most > least ? 0 : Math.abs(least) / 10 || 1;
  return [least - margin, most + margin];
}

/** About five round numbers of a range. */
function ticks(low: number, high: number): number[] {
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, i) => (first + i) * step);
}

const short = (value: number) => String(Number(value.toPrecision(3)));
