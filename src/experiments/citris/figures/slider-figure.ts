// The document's slider: scenes in which one factor moves at a time, each beside its latents, in the colours of the factors that
// they belong to.
import { renderScenes, type SceneFactor } from "../../../data/temporal-scenes";
import { colours } from "../../colours";
import type { PlotlyFigure } from "../../result-file";
import { latentsOf, type SceneModel } from "../saved-model";
import { frameAt } from "./frames-figure";

const STEPS = 10;
/** The factors that move, in the document's order. */
const moving = ["position", "spotlight", "backgroundHue"] as const;

/** One colour a factor, in their order, and ψ_0's. */
const factorColours = [
  colours.blue,
  colours.vermillion,
  colours.orange,
  colours.green,
  colours.purple,
  colours.sky,
];

/**
 * Makes scenes in which first the position, then the light, then the background moves, all else as it was.
 *
 * @returns the factors' columns, [30, columns], and what moves in each scene
 */
export function sliderScenes(factors: readonly SceneFactor[]): { latents: Float32Array; moves: string[] } {
  const rest: Record<string, number> = {
    x: 0.8,
    y: -0.6,
    rotation: 0.8,
    spotlight: 2.4,
    objectHue: 0.2,
    backgroundHue: 3.6,
  };
  const columns = factors.flatMap((factor) =>
    factor.columns.map(({ name, kind }) => ({ factor: factor.name, name, kind })),
  );
  const moves = moving.flatMap((factor) => Array.from({ length: STEPS }, () => factor as string));
  const latents = moves.flatMap((factor, frame) => {
    const turn = (2 * Math.PI * (frame % STEPS)) / STEPS;
    return columns.map((column) => {
      if (column.factor !== factor) return rest[column.name] ?? 0;
      if (column.kind === "angle") return turn;
      return 1.6 * (column.name === "x" ? Math.sin(turn) : Math.cos(turn));
    });
  });
  return { latents: Float32Array.from(latents), moves };
}

/**
 * Draws a slider over scenes in which one factor moves at a time: image, and bars of the latents, sorted by their factors.
 *
 * @param model a model of scenes
 * @example
 * import { citris, createRandom, startBackend } from "dolab";
 * await startBackend();
 * const { configuration } = citris.parameters({ preset: "smoke", channels: 2, latents: 6 });
 * const model = citris.untrainedSceneModel(configuration, { rng: createRandom(0) });
 * citris.sliderFigure(model).layout.sliders[0].steps.length; // => 30
 */
export function sliderFigure(model: SceneModel): PlotlyFigure {
  const { factors, assignment, citris } = model;
  const { size } = model.autoencoder.encoder;
  const { latents, moves } = sliderScenes(factors);
  const images = renderScenes(latents, factors, size);
  const z = latentsOf(model, images);
  const names = [...factors.map(({ name }) => name as string), "ψ₀"];
  const order = Array.from(assignment.keys()).sort((a, b) => assignment[a] - assignment[b] || a - b);
  const reach = Math.max(...Array.from(z, Math.abs));
  const colourOf = (set: number) => (set === factors.length ? colours.grey : factorColours[set]);
  const traces = moves.flatMap((_, frame) => {
    const pixels = frameAt(images, size, frame);
    const rows = Array.from({ length: size }, (_, y) =>
      Array.from({ length: size }, (_, x) =>
        Array.from(pixels.subarray(3 * (y * size + x), 3 * (y * size + x) + 3)),
      ),
    );
    return [
      { type: "image", z: rows, hoverinfo: "skip", visible: frame === 0 },
      {
        type: "bar",
        xaxis: "x2",
        yaxis: "y2",
        showlegend: false,
        visible: frame === 0,
        x: order.map((latent) => `z${latent + 1}`),
        y: order.map((latent) => z[frame * citris.latents + latent]),
        marker: { color: order.map((latent) => colourOf(assignment[latent])) },
        customdata: order.map((latent) => names[assignment[latent]]),
        hovertemplate: "%{x} of %{customdata}: %{y:.2f}<extra></extra>",
      },
    ];
  });
  const legend = names.flatMap((name, set) =>
    assignment.includes(set)
      ? [
          {
            type: "scatter",
            mode: "markers",
            name,
            x: [null],
            y: [null],
            xaxis: "x2",
            yaxis: "y2",
            marker: { color: colourOf(set), symbol: "square", size: 10 },
          },
        ]
      : [],
  );
  const hidden = { visible: false, showgrid: false, zeroline: false };
  return {
    data: [...traces, ...legend],
    layout: {
      title: { text: "One factor moves at a time: only its own latents should" },
      xaxis: { ...hidden, domain: [0, 0.34], range: [-0.5, size - 0.5] },
      yaxis: { ...hidden, range: [size - 0.5, -0.5], scaleanchor: "x", constrain: "domain" },
      xaxis2: { domain: [0.44, 1], anchor: "y2", title: { text: "latent" }, type: "category" },
      yaxis2: { anchor: "x2", title: { text: "value" }, range: [-1.05 * reach, 1.05 * reach] },
      legend: { orientation: "h", x: 0.44, y: 1.12 },
      sliders: [
        {
          active: 0,
          pad: { t: 60 },
          currentvalue: { prefix: "moves: " },
          steps: moves.map((factor, frame) => ({
            label: `${factor} ${(frame % STEPS) + 1}`,
            method: "restyle",
            args: [
              {
                visible: [...moves.flatMap((_, i) => [i === frame, i === frame]), ...legend.map(() => true)],
              },
            ],
          })),
        },
      ],
      margin: { b: 110 },
      height: 480,
    },
  };
}
