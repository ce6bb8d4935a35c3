// The intervention page of a run's model as one HTML text that needs no network.
import { readFileSync } from "node:fs";
import { renderScenes, type SceneFactor } from "../../../data/temporal-scenes";
import { inProject } from "../../../environment/paths.mjs";
import type { CitrisRun } from "../../../experiments/citris/experiment";
import { rowOf } from "../../../experiments/citris/figures/run-figures";
import { latentsOf, type SceneModel, sceneModelFile } from "../../../experiments/citris/saved-model";
import type { PageDefinition } from "../../kit/node/bundle-page";
import { pageHtml } from "../../kit/node/page-html";
import type { CarriedScene, FactorPath } from "../scene-paths";

const page: PageDefinition = {
  title: "Interventions on causal variables",
  lead: "CITRIS has learned the causal variables of synthetic scenes from pictures and the targets of interventions alone. Set one, and see whether the others stay as they are; then let the scene run on as the model expects, and set one on the way.",
  entry: inProject("src", "pages", "citris", "main.ts"),
  styles: [inProject("src", "pages", "citris", "citris.css")],
};

/** Points of the grid along each column, by how many columns a factor has. */
const POINTS = [25, 9, 6];
const first: Record<string, number> = {
  x: 0.4,
  y: -0.3,
  depth: 0,
  rotation: 0.8,
  spotlight: 2.4,
  objectHue: 0.2,
  spotlightHue: 1,
  backgroundHue: 3.6,
};

/**
 * Makes the page of one model of a run.
 *
 * @param run a run, as `citris.run` and `citris.loadRun` give it
 * @param model what `loadSceneModel` gave of it
 * @param seed which of the run's models: by default the first
 * @throws {RangeError} where the run has no such seed, or the page would take 10 MB
 */
export function citrisPageHtml(
  { folder, configuration: c, rows }: Pick<CitrisRun, "folder" | "configuration" | "rows">,
  model: SceneModel,
  seed?: number,
): Promise<string> {
  const row = rowOf(rows, seed);
  const { diag, sep } = row.citris;
  const { factors } = model;
  const values = factors.flatMap(({ columns }) => columns.map(({ name }) => first[name]));
  const scene: CarriedScene = {
    size: c.size,
    channels: c.channels,
    latents: c.latents,
    blocks: c.blocks,
    networks: c.networks,
    flowParts: c.flowParts,
    flowHidden: c.flowHidden,
    prior: c.prior,
    priorHidden: c.priorHidden,
    psi0Weight: c.psi0Weight,
    factors,
    diag,
    sep,
    first: { values, latents: encode(model, values) },
    paths: factors.map((_, factor) => pathOf(model, factor, values)),
  };
  return pageHtml(
    page,
    {
      "model.safetensors": readFileSync(sceneModelFile(folder, row.seed)),
      "scene.json": JSON.stringify(scene),
    },
    { what: `the model in ${folder}`, remedy: "train with fewer channels" },
  );
}

const encode = (model: SceneModel, values: readonly number[]): number[] =>
  Array.from(latentsOf(model, renderScenes(values, model.factors, model.autoencoder.encoder.size)));

/** The factor's latents on a grid of its values, all else as in the first scene. */
function pathOf(model: SceneModel, factor: number, values: readonly number[]): FactorPath {
  const { factors, assignment, citris } = model;
  const own = factors[factor].columns;
  const before = factors.slice(0, factor).reduce((sum, { columns }) => sum + columns.length, 0);
  const axes = own.map((column) => axisOf(column, POINTS[own.length - 1]));
  const grid = axes.reduce<number[][]>(
    (rows, axis) => rows.flatMap((row) => axis.map((value) => [...row, value])),
    [[]],
  );
  const scenes = grid.flatMap((point) =>
    values.map((value, i) => (i >= before && i < before + own.length ? point[i - before] : value)),
  );
  const z = latentsOf(model, renderScenes(scenes, factors, model.autoencoder.encoder.size));
  const latents = assignment.flatMap((set, latent) => (set === factor ? [latent] : []));
  const points = grid.map((_, row) => latents.map((latent) => z[row * citris.latents + latent]));
  return { latents, axes, points };
}

function axisOf(column: SceneFactor["columns"][number], points: number): number[] {
  const [least, most] = column.kind === "angle" ? [0, 2 * Math.PI] : [-column.bound, column.bound];
  return Array.from({ length: points }, (_, i) => least + ((most - least) * i) / (points - 1));
}
