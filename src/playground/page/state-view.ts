// Where a state is clicked or typed.
import { allStates, formatState, parseState } from "../../data/boolean-world/states";
import { element, section, setAttributes, setText } from "./dom";
import type { Playground, View } from "./playground";
import { LONGEST_TEXT } from "./setup";

export function stateView({ model, setup, change, endGesture }: Playground): View {
  const { rules } = model;
  const toggles = rules.inputs.map((name, place) =>
    element(
      "button",
      {
        ...{ type: "button", class: "bit", "data-key": name, "aria-label": name },
        onclick: () => {
          const state = [...stateOf(setup().text)];
          state[place] = state[place] === 1 ? 0 : 1;
          change({ ...setup(), text: formatState(state) });
        },
      },
      element("span", { class: "bit-name" }, name),
      element("span", { class: "bit-value" }),
    ),
  );
  const field = element("input", {
    ...{ id: "state-text", type: "text", inputmode: "text", maxlength: LONGEST_TEXT, spellcheck: "false" },
    ...{ autocomplete: "off", "aria-describedby": "state-problem" },
    oninput: () => change({ ...setup(), text: field.value }, "typing"),
    onchange: endGesture,
  });
  const problem = element("p", { id: "state-problem", class: "problem", role: "alert" });
  const following = element(
    "button",
    {
      type: "button",
      class: "quiet",
      onclick: () => {
        const states = allStates(rules).map(formatState);
        change({ ...setup(), text: states[(states.indexOf(setup().text) + 1) % states.length] });
      },
    },
    "Next state",
  );

  function stateOf(text: string) {
    try {
      return parseState(rules, text);
    } catch {
      return rules.inputs.map(() => 0 as const);
    }
  }

  return {
    root: section(
      "state",
      "State",
      "",
      element("div", { class: "bits", role: "group", "aria-label": "Inputs" }, ...toggles),
      element(
        "div",
        { class: "typed" },
        element("label", { for: "state-text" }, "as text"),
        field,
        following,
      ),
      problem,
    ),
    update({ setup: { text }, problem: found = "" }) {
      const state = stateOf(text);
      for (const [place, toggle] of toggles.entries()) {
        setAttributes(toggle, { "aria-pressed": String(state[place] === 1) });
        setText(toggle.lastElementChild as Element, String(state[place]));
      }
      if (field.value !== text) field.value = text;
      setAttributes(field, { "aria-invalid": found ? "true" : undefined });
      setText(problem, found);
    },
  };
}
