// Where each head looks, as small maps by layer with a switch each, and one large map to read.
import {
  drawHeatMap,
  element,
  type HeatMapData,
  heatMap,
  section,
  setAttributes,
  setText,
  whenSchemeChanges,
} from "../../kit";
import { type Playground, type Shown, shownToken, type View } from "../playground";
import { partTitle } from "../setup";
import { partSwitch } from "./part-switch";
import { percent } from "./tokens-view";

export function attentionView(playground: Playground): View {
  const { model } = playground;
  const { layers, heads } = model.configuration;
  let last: Shown | undefined;
  let chosen = { layer: 0, head: 0 };
  const large = heatMap({
    label: "Attention of the chosen head; rows look at columns",
    describe: (row, column) => {
      const { at } = dataOf(chosen.layer, chosen.head);
      if (column > row) return `Token ${row + 1} “${token(row)}” cannot look ahead at token ${column + 1}`;
      return `Token ${row + 1} “${token(row)}” looks at token ${column + 1} “${token(column)}”: ${percent(at(row, column))}`;
    },
  });
  const title = element("h3", { "aria-live": "polite" });
  const axis = {
    top: element("div", { class: "axis top", "aria-hidden": "true" }),
    left: element("div", { class: "axis left", "aria-hidden": "true" }),
  };
  const token = (index: number) =>
    shownToken(model.tokenizer.decode([last?.reading?.tokens[index] as number]));

  const updates: ((shown: Shown) => void)[] = [];
  const rows = Array.from({ length: layers }, (_, layer) => layerRow(layer));

  function dataOf(layer: number, head: number): HeatMapData {
    const patterns = last?.reading?.rows.get(`h.${layer}.attn.pattern`) ?? [];
    const at = (row: number, column: number) => {
      const total = patterns[row].length / heads;
      return column < total ? patterns[row][head * total + column] : 0;
    };
    return { rows: patterns.length, columns: patterns.length, at, most: -1 };
  }

  function layerRow(layer: number): HTMLElement {
    const maps = Array.from({ length: heads }, (_, head) => {
      const canvas = element("canvas", { class: "heat", "aria-hidden": "true" });
      const open = element(
        "button",
        {
          type: "button",
          class: "small-map",
          "aria-label": `Enlarge head ${head + 1} of layer ${layer + 1}`,
          onclick: () => {
            chosen = { layer, head };
            if (last) update(last);
          },
        },
        canvas,
      );
      const power = partSwitch(playground, { kind: "head", layer, index: head }, `Head ${head + 1}`);
      updates.push((shown) => {
        drawHeatMap(canvas, signed(dataOf(layer, head)));
        setAttributes(open, { "aria-pressed": String(chosen.layer === layer && chosen.head === head) });
        power.update(shown);
      });
      return element("div", { class: "head" }, open, power.root);
    });
    const parts = (["attention", "mlp"] as const).map((kind) =>
      partSwitch(playground, { kind, layer }, kind === "mlp" ? "MLP" : "Attention"),
    );
    updates.push(...parts.map((part) => part.update));
    return element(
      "div",
      { class: "layer", role: "group", "aria-label": `Layer ${layer + 1}` },
      element(
        "div",
        { class: "layer-head" },
        element("h3", {}, `Layer ${layer + 1}`),
        ...parts.map(({ root }) => root),
      ),
      element("div", { class: "heads" }, ...maps),
    );
  }

  function update(shown: Shown): void {
    last = shown;
    for (const each of updates) each(shown);
    const data = dataOf(chosen.layer, chosen.head);
    large.draw(signed(data));
    setText(title, partTitle({ kind: "head", layer: chosen.layer, index: chosen.head }));
    const labels = Array.from({ length: data.rows }, (_, i) => token(i));
    for (const side of [axis.top, axis.left])
      side.replaceChildren(...labels.map((text) => element("span", {}, text)));
  }
  whenSchemeChanges(() => last && update(last));

  return {
    root: section(
      "attention",
      "Attention",
      "Each row of a map is a token, and how strongly it looks at the tokens before it. Switch heads or whole parts of a layer off.",
      element(
        "div",
        { class: "attention" },
        element("div", { class: "layers" }, ...rows),
        element(
          "div",
          { class: "enlarged", "aria-label": "Enlarged map", role: "group" },
          title,
          element("div", { class: "with-axes" }, element("div"), axis.top, axis.left, large.root),
          element(
            "p",
            { class: "legend" },
            "0 %",
            element("span", { class: "ramp one", "aria-hidden": "true" }),
            "100 %",
          ),
        ),
      ),
    ),
    update,
  };
}

/** Patterns are from 0 to 1 and drawn in blue, the colour below zero. */
const signed = (data: HeatMapData): HeatMapData => ({
  ...data,
  most: 1,
  at: (row, column) => -data.at(row, column),
});
