// What is switched off, and what stands in for it.
import { element, replaceKeepingFocus, section } from "../../kit";
import type { Playground, View } from "../playground";
import { partKey, partTitle, withPart } from "../setup";
import { partSwitch } from "./part-switch";

export function offView(playground: Playground): View {
  const { model, setup, change } = playground;
  const layers = Array.from({ length: model.configuration.layers }, (_, layer) =>
    partSwitch(playground, { kind: "layer", layer }, `Layer ${layer + 1}`),
  );
  const list = element("ul", { class: "chips" });
  const none = element(
    "p",
    { class: "note" },
    "Nothing is off. Whole layers are switched here, heads, attention and MLPs under Attention, neurons under Activations.",
  );
  const by = element(
    "select",
    { id: "off-by", onchange: () => change({ ...setup(), by: by.value as "zero" | "mean" }) },
    element("option", { value: "zero" }, "zero"),
    element("option", { value: "mean" }, "its mean over all states"),
  );
  return {
    root: section(
      "off",
      "Switched off",
      "",
      none,
      list,
      element(
        "div",
        { class: "inline switches", role: "group", "aria-label": "Whole layers" },
        ...layers.map(({ root }) => root),
      ),
      element(
        "div",
        { class: "inline" },
        element("label", { for: "off-by" }, "What is off is replaced by"),
        by,
      ),
    ),
    update(shown) {
      const now = shown.setup;
      for (const layer of layers) layer.update(shown);
      none.hidden = now.off.length > 0;
      by.value = now.by;
      replaceKeepingFocus(
        list,
        ...now.off.map((part) =>
          element(
            "li",
            {},
            element(
              "button",
              {
                type: "button",
                "data-key": partKey(part),
                "aria-label": `Switch on: ${partTitle(part)}`,
                onclick: () => change(withPart(setup(), part, false)),
              },
              `${partTitle(part)} ✕`,
            ),
          ),
        ),
      );
    },
  };
}
