// Activations of each layer as heat maps, tokens down and channels across; a neuron is switched off by its cell.
import { element, greatest, heatMap, section, setText } from "../../kit";
import { type Playground, type Shown, shownToken, type View } from "../playground";
import { isOff, type Part, withPart } from "../setup";

const KINDS = {
  "mlp.neurons": "MLP neurons",
  residual: "Residual stream",
  "attn.output": "What attention writes",
  "mlp.output": "What the MLP writes",
} as const;

export function activationsView({ model, setup, change, say }: Playground): View {
  const { layers, width } = model.configuration;
  let kind: keyof typeof KINDS = "mlp.neurons";
  let last: Shown | undefined;
  const rowsOf = (layer: number) => last?.reading?.rows.get(`h.${layer}.${kind}`) ?? [];
  const extremes = element("p", { class: "legend" });
  const maps = Array.from({ length: layers }, (_, layer) => layerMap(layer));

  function layerMap(layer: number) {
    const map = heatMap({
      label: `Activations of layer ${layer + 1}`,
      describe(row, column) {
        const value = rowsOf(layer)[row][column];
        const text = shownToken(model.tokenizer.decode([last?.reading?.tokens[row] as number]));
        const what = kind === "mlp.neurons" ? "neuron" : "channel";
        const off = kind === "mlp.neurons" && isOff(setup(), neuron(column)) ? ", off" : "";
        const hint = kind === "mlp.neurons" ? " (Enter or click: on or off)" : "";
        return `Token ${row + 1} “${text}”, ${what} ${column + 1}: ${value.toFixed(3)}${off}${hint}`;
      },
      choose(_row, column) {
        if (kind === "mlp.neurons") toggle(neuron(column));
      },
    });
    const neuron = (index: number): Part => ({ kind: "neuron", layer, index });
    const root = element(
      "div",
      { class: "activations-layer" },
      element("h3", {}, `Layer ${layer + 1}`),
      map.root,
    );
    return {
      root,
      update: () => {
        const rows = rowsOf(layer);
        const at = (row: number, column: number) => rows[row][column];
        map.draw({
          rows: rows.length,
          columns: rows[0]?.length ?? 0,
          at,
          most: greatest(rows),
        });
      },
    };
  }

  function toggle(part: Part): void {
    change(withPart(setup(), part, !isOff(setup(), part)));
  }

  const select = element(
    "select",
    {
      id: "activation-kind",
      onchange: () => {
        kind = select.value as keyof typeof KINDS;
        if (last) update(last);
      },
    },
    ...Object.entries(KINDS).map(([value, text]) => element("option", { value }, text)),
  );
  const layerField = element(
    "select",
    { id: "neuron-layer" },
    ...Array.from({ length: layers }, (_, layer) => element("option", { value: layer }, `${layer + 1}`)),
  );
  const neuronField = element("input", {
    id: "neuron-number",
    type: "number",
    min: 1,
    max: 4 * width,
    value: 1,
    onkeydown: (event) => {
      if ((event as KeyboardEvent).key === "Enter") switchNumbered();
    },
  });
  // No form: a notebook's or report's frame lets none be sent, not even to a listener.
  const numbered = element(
    "div",
    { class: "inline", role: "group", "aria-label": "A neuron by its number" },
    element("label", { for: "neuron-layer" }, "Layer"),
    layerField,
    element("label", { for: "neuron-number" }, "neuron"),
    neuronField,
    element("button", { type: "button", onclick: switchNumbered }, "Switch"),
  );

  function switchNumbered(): void {
    const index = Number(neuronField.value) - 1;
    const inside = Number.isInteger(index) && index >= 0 && index < 4 * width;
    if (inside) toggle({ kind: "neuron", layer: Number(layerField.value), index });
    else say(`Neurons are numbered from 1 to ${4 * width}`);
  }

  function update(shown: Shown): void {
    last = shown;
    for (const map of maps) map.update();
    const all = maps.flatMap((_, layer) => rowsOf(layer));
    const most = greatest(all).toPrecision(2);
    const finite = all.every((row) => row.every(Number.isFinite));
    setText(
      extremes.firstElementChild as Element,
      `colours of each map go from minus its largest absolute value to plus it, ${most} at most`,
    );
    if (!finite) setText(extremes.firstElementChild as Element, "hatched grey: no longer a finite number");
  }
  extremes.append(element("span"), element("span", { class: "ramp two", "aria-hidden": "true" }));

  return {
    root: section(
      "activations",
      "Activations",
      "",
      element(
        "div",
        { class: "inline spread" },
        element("div", { class: "inline" }, element("label", { for: "activation-kind" }, "Show"), select),
        numbered,
      ),
      element("div", { class: "activation-maps" }, ...maps.map(({ root }) => root)),
      extremes,
    ),
    update,
  };
}
