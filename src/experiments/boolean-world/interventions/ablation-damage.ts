// Each part of a model switched off alone: how many of a world's states are still answered exactly?
import { allStates } from "../../../data";
import { type Intervention, prepareInterventions } from "../../../models";
import { mean } from "../../../stats";
import type { PlotlyFigure } from "../../result-file";
import { sequentialScale } from "../figures/heat-map";
import type { AnsweringModel } from "../model/answer-states";
import { evaluateModel } from "../model/evaluate";
import { stateText } from "./state-text";

export interface DamageRow {
  layer: number;
  /** "head 0", ..., "attention", "MLP". */
  part: string;
  /** Share of all states that are answered exactly without it. */
  exact: number;
  /** Shares of right values, by the name of an output or sum. */
  [value: string]: number | string;
}

/**
 * Switches off each head, each layer's attention, and each layer's MLP, one at a time.
 *
 * @param model a model and the rules of its world
 * @param options.by what stands in: the mean over the texts of all states (by default), or zeros
 * @param options.onRow is told of each row
 * @returns layer by layer
 * @example
 * import { booleanWorld, createRandom, parseRules, startBackend } from "dolab";
 * await startBackend();
 * const model = booleanWorld.untrainedModel(parseRules("newA = A XOR B"), { rng: createRandom(0) });
 * const rows = await booleanWorld.ablationDamage(model, { by: "zero" });
 * rows.map(({ part }) => part); // => ["head 0", "head 1", "attention", "MLP"]
 */
export async function ablationDamage(
  model: AnsweringModel,
  { by = "mean", onRow }: { by?: "mean" | "zero"; onRow?: (row: DamageRow) => void } = {},
): Promise<DamageRow[]> {
  const { parameters, configuration, rules } = model;
  const texts = allStates(rules).map((state) => stateText(model, state).ids);
  const longest = texts.reduce((most, { length }) => Math.max(most, length), 0);
  const reference = texts.map((ids) => [
    ...ids,
    ...Array<number>(longest - ids.length).fill(model.tokenizer.endOfText),
  ]);
  const rows: DamageRow[] = [];
  for (let layer = 0; layer < configuration.layers; layer++) {
    const heads = Array.from({ length: configuration.heads }, (_, head) => ({
      part: `head ${head}`,
      ablation: { kind: "ablate-head", layer, head, by } as Intervention,
    }));
    const whole = (["attention", "mlp"] as const).map((part) => ({
      part: part === "mlp" ? "MLP" : part,
      ablation: { kind: "ablate-layer", layer, part, by } as Intervention,
    }));
    for (const { part, ablation } of [...heads, ...whole]) {
      const observe = await prepareInterventions(parameters, configuration, [ablation], { reference });
      const { rows: states } = await evaluateModel({ ...model, excluded: [] }, { observe });
      const names = Object.keys(states[0].parts);
      const right = names.map((name) => [name, mean(states.map((row) => Number(row.parts[name])))]);
      const exact = mean(states.map((row) => Number(row.exact)));
      rows.push({ layer, part, exact, ...Object.fromEntries(right) });
      onRow?.(rows[rows.length - 1]);
    }
  }
  return rows;
}

/**
 * Draws what switching off each part loses: a cell for each, dark where much is lost.
 *
 * @param rows as `ablationDamage` gives them
 * @example
 * import { booleanWorld } from "dolab";
 * const rows = [{ layer: 0, part: "head 0", exact: 1 }, { layer: 0, part: "MLP", exact: 0.25 }];
 * booleanWorld.ablationFigure(rows).data[0].z; // => [[0, 0.75]]
 */
export function ablationFigure(rows: readonly DamageRow[]): PlotlyFigure {
  const layers = [...new Set(rows.map(({ layer }) => layer))];
  const parts = [...new Set(rows.map(({ part }) => part))];
  const lost = layers.map((layer) =>
    parts.map((part) => {
      const row = rows.find((one) => one.layer === layer && one.part === part);
      return row ? 1 - row.exact : null;
    }),
  );
  const labels = lost.flatMap((row, i) =>
    row.map((value, j) => ({
      x: j,
      y: i,
      text: value === null ? "" : `${Math.round(value * 100)} %`,
      showarrow: false,
      font: { color: value !== null && value > 0.6 ? "#FFFFFF" : "#333333" }, // on a map that is white in the dark too
    })),
  );
  return {
    data: [
      {
        type: "heatmap",
        z: lost,
        zmin: 0,
        zmax: 1,
        colorscale: sequentialScale,
        xgap: 2,
        ygap: 2,
        colorbar: { title: { text: "lost" }, tickformat: ".0%" },
        hovertemplate: "layer %{y}, %{x}: %{z:.0%} of the states lost<extra></extra>",
      },
    ],
    layout: {
      title: { text: "States lost when one part is switched off" },
      xaxis: {
        title: { text: "part" },
        tickvals: Array.from(parts.keys()),
        ticktext: parts,
        showgrid: false,
        zeroline: false,
      },
      yaxis: {
        title: { text: "layer" },
        tickvals: Array.from(layers.keys()),
        ticktext: layers.map(String),
        showgrid: false,
        zeroline: false,
      },
      annotations: labels,
    },
  };
}
