// The figures of a run that need its numbers alone: R² matrices, R² by factor beside the baselines, ψ, and training curves.
import { colours } from "../../colours";
import type { PlotlyFigure } from "../../result-file";
import type { CitrisRun } from "../experiment";
import { models } from "../tables";
import type { CitrisRow } from "../training/train-seed";
import { onPanel, panelAxes } from "./panel-axes";

type Shown = Pick<CitrisRun, "rows" | "factorNames">;

/** One colour a model, the same in every figure. */
const modelColours = [
  colours.blue,
  colours.green,
  colours.control,
  colours.sky,
  colours.orange,
  colours.purple,
];

const setNames = (factorNames: readonly string[]) => [...factorNames, "ψ₀"];

/** What heat maps with a row a set of latents have in common: sets from top to bottom, and white to blue from 0 to 1. */
const setsDown = { autorange: "reversed" };
const whiteToBlue = {
  type: "heatmap",
  zmin: 0,
  zmax: 1,
  colorscale: [
    [0, "#FFFFFF"],
    [1, colours.blue],
  ],
};

/**
 * Draws what each set of latents tells of each factor, for CITRIS-NF and, beside it, for its control.
 *
 * @param run a run, or its rows and the factors' names
 * @param options.seed which of the run's seeds is shown: by default the first
 * @example
 * import { citris } from "dolab";
 * const run = citris.loadRun("results/reference/citris-five-seeds");
 * citris.matrixFigure(run).data.map(({ type }) => type); // => ["heatmap", "heatmap"]
 */
export function matrixFigure({ rows, factorNames }: Shown, { seed }: { seed?: number } = {}): PlotlyFigure {
  const row = rowOf(rows, seed);
  const shown = [
    { title: "CITRIS-NF", measured: row.citris },
    ...(row.vae ? [{ title: "CITRIS-VAE", measured: row.vae }] : []),
    ...(row.shuffled ? [{ title: "control: shuffled targets", measured: row.shuffled }] : []),
  ];
  const panels = shown.map(({ title }, i) => ({
    title,
    x: { title: { text: "factor" }, tickangle: 35 },
    y: { ...setsDown, ...(i === 0 ? { title: { text: "latents of" } } : { showticklabels: false }) },
  }));
  return {
    data: shown.map(({ measured }, i) => ({
      ...whiteToBlue,
      ...onPanel(i),
      z: measured.r2,
      x: factorNames,
      y: setNames(factorNames),
      showscale: i === 0,
      colorbar: { title: { text: "R²" } },
      texttemplate: "%{z:.2f}",
      hovertemplate: "%{y} tell %{x}: R² %{z:.3f}<extra></extra>",
    })),
    layout: {
      title: { text: `What latents tell of factors, on independent frames (seed ${row.seed})` },
      ...panelAxes(panels, 0.16),
      margin: { b: 100, t: 80 },
    },
  };
}

/**
 * Draws R² of each factor from its own latents: of CITRIS-NF, its control and the baselines; dots are seeds.
 *
 * @param run a run, or its rows and the factors' names
 * @example
 * import { citris } from "dolab";
 * const run = citris.loadRun("results/reference/citris-five-seeds");
 * citris.factorFigure(run).data[0].name; // => "CITRIS-NF"
 */
export function factorFigure({ rows, factorNames }: Shown): PlotlyFigure {
  const shown = models.filter(({ of }) => rows.some((row) => of(row)));
  const values = (factor: number, of: (typeof models)[number]["of"]) =>
    rows.flatMap((row) => of(row)?.r2[factor][factor] ?? []);
  const average = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
  return {
    data: [
      ...shown.map(({ name, of }) => ({
        type: "bar",
        name,
        x: factorNames,
        y: factorNames.map((_, factor) => average(values(factor, of))),
        customdata: factorNames.map((_, factor) =>
          values(factor, of)
            .map((v) => v.toFixed(2))
            .join(", "),
        ),
        marker: { color: modelColours[models.findIndex((model) => model.name === name)] },
        hovertemplate: "%{x}: mean R² %{y:.2f}<br>seeds: %{customdata}<extra>%{fullData.name}</extra>",
      })),
      {
        type: "scatter",
        mode: "markers",
        name: "all numbers of a code",
        x: factorNames,
        y: factorNames.map((_, factor) => average(rows.map(({ readout }) => readout[factor]))),
        marker: { symbol: "line-ew", size: 34, line: { width: 3, color: colours.vermillion } },
        hovertemplate: "%{x}: R² %{y:.2f} from the whole code<extra></extra>",
      },
    ],
    layout: {
      title: { text: "R² of each factor from its own latents" },
      barmode: "group",
      xaxis: { title: { text: "factor" } },
      yaxis: { title: { text: "R² (mean over seeds)" }, range: [-0.1, 1.05] },
      legend: { orientation: "h", y: -0.25 },
      margin: { b: 120 },
    },
  };
}

/**
 * Draws which latents belong to which factor.
 *
 * @param run a run, or its rows and the factors' names
 * @param options.seed which of the run's seeds is shown: by default the first
 * @example
 * import { citris } from "dolab";
 * const run = citris.loadRun("results/reference/citris-five-seeds");
 * citris.assignmentFigure(run, { seed: 1 }).data[0].type; // => "heatmap"
 */
export function assignmentFigure(
  { rows, factorNames }: Shown,
  { seed }: { seed?: number } = {},
): PlotlyFigure {
  const row = rowOf(rows, seed);
  const { assignment } = row.citris;
  return {
    data: [
      {
        ...whiteToBlue,
        x: assignment.map((_, latent) => `z${latent + 1}`),
        y: setNames(factorNames),
        z: setNames(factorNames).map((_, set) => assignment.map((own) => (own === set ? 1 : 0))),
        showscale: false,
        xgap: 2,
        ygap: 2,
        hovertemplate: "%{x} and %{y}: %{z}<extra></extra>",
      },
    ],
    layout: {
      title: { text: `The assignment ψ: which latents belong to which factor (seed ${row.seed})` },
      xaxis: { title: { text: "latent" }, type: "category" },
      yaxis: { ...setsDown, title: { text: "factor" } },
    },
  };
}

/**
 * Draws the losses of all stages over their steps, one panel each.
 *
 * @param run a run, or its rows
 * @param options.seed which of the run's seeds is shown: by default the first
 * @example
 * import { citris } from "dolab";
 * const run = citris.loadRun("results/reference/citris-five-seeds");
 * citris.curvesFigure(run).data.length; // => 5
 */
export function curvesFigure(
  { rows }: Pick<CitrisRun, "rows">,
  { seed }: { seed?: number } = {},
): PlotlyFigure {
  const row = rowOf(rows, seed);
  const flowStages = (name: string) => name.startsWith("flow") || name === "shuffled";
  const shown = [
    { title: "autoencoder", stages: ["autoencoder"] },
    { title: "flows", stages: stageNames(row).filter(flowStages) },
    { title: "CITRIS-VAE", stages: stageNames(row).filter((name) => name === "vae") },
    { title: "beta-VAE", stages: stageNames(row).filter((name) => name === "beta-vae") },
    { title: "causal encoder", stages: stageNames(row).filter((name) => name === "causal-encoder") },
  ].filter(({ stages }) => stages.length > 0);
  const panels = shown.map(({ title }) => ({
    title,
    x: { title: { text: "step" } },
    y: title === "flows" ? { title: { text: "loss (nats)" } } : { title: { text: "loss" }, type: "log" },
  }));
  const chosen = `flow-${row.attempts.findIndex((attempt) => attempt.chosen)}`;
  const lines = [colours.sky, colours.orange, colours.purple, colours.green, colours.vermillion];
  const colourOf = (stage: string, place: number) =>
    stage === "shuffled"
      ? colours.control
      : ["flow", chosen, "autoencoder", "causal-encoder", "vae", "beta-vae"].includes(stage)
        ? colours.blue
        : lines[place % lines.length];
  return {
    data: shown.flatMap(({ stages }, i) =>
      stages.map((stage, place) => {
        const points = row.curves.filter((point) => point.stage === stage);
        const offset = stage === "flow" ? firstStepsOf(row) : 0;
        return {
          type: "scatter",
          mode: "lines",
          name: stage,
          ...onPanel(i),
          x: points.map(({ step }) => offset + step),
          y: points.map(({ loss }) => loss),
          line: { color: colourOf(stage, place), width: 2, dash: stage === "shuffled" ? "dot" : "solid" },
          hovertemplate: `step %{x}: %{y:.4g}<extra>${stage}</extra>`,
        };
      }),
    ),
    layout: {
      title: { text: `Training curves (seed ${row.seed})` },
      ...panelAxes(panels, 0.12),
      legend: { orientation: "h", y: -0.25 },
      margin: { b: 100, t: 80 },
    },
  };
}

const stageNames = ({ curves }: CitrisRow) => Array.from(new Set(curves.map(({ stage }) => stage)));

/** Steps that the chosen attempt took before it went on. */
const firstStepsOf = ({ curves }: CitrisRow) =>
  Math.max(0, ...curves.filter(({ stage }) => stage === "flow-0").map(({ step }) => step));

/** The row of a seed. @throws {RangeError} where the run has none */
export function rowOf(rows: readonly CitrisRow[], seed = rows[0]?.seed): CitrisRow {
  const row = rows.find((one) => one.seed === seed);
  if (row) return row;
  const seeds = rows.map((one) => one.seed).join(", ");
  throw new RangeError(`Cannot show seed ${seed} as the run has seeds ${seeds}`);
}
