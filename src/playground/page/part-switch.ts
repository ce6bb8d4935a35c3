// A switch for a part of the model.
import { element, setAttributes, setText } from "./dom";
import type { Playground, View } from "./playground";
import { isOff, type Part, partTitle, withPart } from "./setup";

export function partSwitch({ setup, change }: Playground, part: Part, text: string): View {
  const state = element("span", { class: "switch-state", "aria-hidden": "true" });
  const root = element(
    "button",
    {
      ...{ type: "button", role: "switch", class: "switch", "aria-label": partTitle(part) },
      onclick: () => change(withPart(setup(), part, !isOff(setup(), part))),
    },
    element("span", {}, text),
    state,
  );
  return {
    root,
    update({ setup: now }) {
      const off = isOff(now, part);
      setAttributes(root, { "aria-checked": String(!off) });
      setText(state, off ? "off" : "on");
    },
  };
}
