// What is switched off, and what stands in for it.
import { element, replaceKeepingFocus, section } from "./dom";
import type { Playground, View } from "./playground";
import { partKey, partTitle, withPart } from "./setup";

export function offView({ setup, change }: Playground): View {
  const list = element("ul", { class: "chips" });
  const none = element(
    "p",
    { class: "note" },
    "Nothing. Switches stand beside each head and layer under Attention, and for neurons under Activations.",
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
        { class: "inline" },
        element("label", { for: "off-by" }, "What is off is replaced by"),
        by,
      ),
    ),
    update({ setup: now }) {
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
                ...{
                  type: "button",
                  "data-key": partKey(part),
                  "aria-label": `Switch on: ${partTitle(part)}`,
                },
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
