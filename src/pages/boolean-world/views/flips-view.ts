// Flipped weights: which weight, which bit, what share of its elements, and when.
import { element, section, setAttributes, setText } from "../../kit";
import type { Playground, Shown, View } from "../playground";
import { type FlipSetup, flippable, GREATEST_SEED, MOST_FLIPS, SIGN_BIT } from "../setup";

/** Steps of the slider: small shares matter most. */
const SHARES = [0, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];

const BITS: readonly [number, string][] = [
  [SIGN_BIT, "sign"],
  ...Array.from({ length: 8 }, (_, i): [number, string] => [30 - i, `exponent bit ${30 - i}`]),
  ...Array.from({ length: 23 }, (_, i): [number, string] => [22 - i, `mantissa bit ${22 - i}`]),
];

const TITLES: Record<string, string> = {
  "attn.c_attn": "attention in",
  "attn.c_proj": "attention out",
  "mlp.c_fc": "MLP in",
  "mlp.c_proj": "MLP out",
};

/** Such as "Layer 1, MLP out". */
function weightTitle(weight: string): string {
  const [, layer, rest] = /^h\.(\d+)\.(.*)$/.exec(weight) ?? [];
  if (rest) return `Layer ${Number(layer) + 1}, ${TITLES[rest]}`;
  return weight === "wte" ? "Token embedding" : "Position embedding";
}

export function flipsView({ model, setup, change, endGesture }: Playground): View {
  const rows: FlipRow[] = [];
  const list = element("ol", { class: "flips" });
  const none = element(
    "p",
    { class: "note" },
    "No weight is flipped. Flip the sign or any bit of a share of a weight's numbers.",
  );
  const add = element(
    "button",
    {
      type: "button",
      onclick: () => {
        const first: FlipSetup = {
          weight: "h.0.mlp.c_fc",
          seed: 1,
          fraction: 0.01,
          bit: SIGN_BIT,
          atToken: 0,
        };
        change({ ...setup(), flips: [...setup().flips, first] });
        rows[rows.length - 1]?.focus();
      },
    },
    "Flip weights",
  );
  const replace = (index: number, changed: Partial<FlipSetup>, gesture?: string) =>
    change(
      { ...setup(), flips: setup().flips.map((flip, i) => (i === index ? { ...flip, ...changed } : flip)) },
      gesture && `${gesture} ${index}`,
    );

  function flipRow(index: number): FlipRow {
    const id = (name: string) => `flip-${index}-${name}`;
    const size = (weight: string) => model.parameters[`transformer.${weight}.weight`].size;
    const weight = element(
      "select",
      { id: id("weight"), onchange: () => replace(index, { weight: weight.value }) },
      ...flippable(model.configuration).map((value) => element("option", { value }, weightTitle(value))),
    );
    const share = element("input", {
      id: id("share"),
      type: "range",
      min: 0,
      max: SHARES.length - 1,
      step: 1,
      oninput: () => replace(index, { fraction: SHARES[Number(share.value)] }, "share"),
      onchange: endGesture,
    });
    const shown = element("output", { for: id("share") });
    const bit = element(
      "select",
      { id: id("bit"), onchange: () => replace(index, { bit: Number(bit.value) }) },
      ...BITS.map(([value, text]) => element("option", { value }, text)),
    );
    const seed = element("input", {
      id: id("seed"),
      type: "number",
      min: 0,
      max: GREATEST_SEED,
      step: 1,
      oninput: () => {
        if (seed.value !== "" && seed.validity.valid) replace(index, { seed: Number(seed.value) }, "seed");
      },
      onchange: endGesture,
    });
    const when = element(
      "select",
      { id: id("when"), onchange: () => replace(index, { atToken: Number(when.value) }) },
      ...Array.from({ length: model.mostWritten }, (_, token) =>
        element(
          "option",
          { value: token },
          token === 0 ? "before reading" : `before written token ${token + 1}`,
        ),
      ),
    );
    const remove = element(
      "button",
      {
        type: "button",
        class: "quiet",
        onclick: () => {
          change({ ...setup(), flips: setup().flips.filter((_, i) => i !== index) });
          (rows[Math.min(index, rows.length - 1)] ?? { focus: () => add.focus() }).focus();
        },
      },
      "Remove",
    );
    const field = (name: string, text: string, control: HTMLElement, ...more: HTMLElement[]) =>
      element("div", { class: "field" }, element("label", { for: id(name) }, text), control, ...more);
    const legend = element("legend", {}, `Flip ${index + 1}`);
    return {
      root: element(
        "li",
        {},
        element(
          "fieldset",
          {},
          legend,
          field("weight", "Weight", weight),
          field("share", "Share", share, shown),
          field("bit", "Bit", bit),
          field("when", "When", when),
          field("seed", "Seed", seed),
          remove,
        ),
      ),
      focus: () => weight.focus(),
      update(flip) {
        weight.value = flip.weight;
        bit.value = String(flip.bit);
        when.value = String(flip.atToken);
        if (document.activeElement !== seed || Number(seed.value) !== flip.seed)
          seed.value = String(flip.seed);
        share.value = String(nearest(flip.fraction));
        const elements = size(flip.weight);
        const count = Math.round(flip.fraction * elements);
        const text = `${Number((100 * flip.fraction).toPrecision(3))} %, ${count.toLocaleString("en")} of ${elements.toLocaleString("en")}`;
        setText(shown, text);
        setAttributes(share, { "aria-valuetext": text });
      },
    };
  }

  return {
    root: section("flips", "Flipped weights", "", none, list, add),
    update({ setup: { flips } }: Shown) {
      while (rows.length < flips.length) {
        rows.push(flipRow(rows.length));
        list.append(rows[rows.length - 1].root);
      }
      none.hidden = flips.length > 0;
      add.hidden = flips.length >= MOST_FLIPS;
      for (const { root } of rows.splice(flips.length)) {
        if (root.contains(document.activeElement)) add.focus(); // undone while in use
        root.remove();
      }
      for (const [i, row] of rows.entries()) row.update(flips[i]);
    },
  };
}

interface FlipRow {
  root: HTMLElement;
  focus(): void;
  update(flip: FlipSetup): void;
}

function nearest(fraction: number): number {
  const distances = SHARES.map((share) => Math.abs(share - fraction));
  return distances.indexOf(Math.min(...distances));
}
