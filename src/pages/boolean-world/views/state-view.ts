// Where a state is clicked or typed.
import type { State } from "../../../data/boolean-world/rules";
import { allStates, formatState, parseState } from "../../../data/boolean-world/states";
import { element, section, setAttributes, setText } from "../../kit";
import type { Playground, View } from "../playground";
import { LONGEST_TEXT } from "../setup";

/** How long nothing must be typed before a problem is told: a state is none until its last digit. */
const PAUSE = 700;

export function stateView({ model, setup, change, endGesture }: Playground): View {
  const { rules } = model;
  const nothing: State = rules.inputs.map(() => 0);
  /** What was found for the newest text, whether or not it has been told. */
  let found = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  const toggles = rules.inputs.map((name, place) =>
    element(
      "button",
      {
        type: "button",
        class: "bit",
        "data-key": name,
        "aria-label": name,
        onclick: () => {
          const state = [...(stateOf(setup().text) ?? nothing)];
          state[place] = state[place] === 1 ? 0 : 1;
          change({ ...setup(), text: formatState(state) });
        },
      },
      element("span", { class: "bit-name" }, name),
      element("span", { class: "bit-value" }),
    ),
  );
  const field = element("input", {
    id: "state-text",
    type: "text",
    inputmode: "text",
    maxlength: LONGEST_TEXT,
    spellcheck: "false",
    autocomplete: "off",
    "aria-describedby": "state-problem",
    oninput: () => change({ ...setup(), text: field.value }, "typing"),
    onchange: endGesture,
    onblur: () => tell(),
  });
  const problem = element("p", { id: "state-problem", class: "problem", role: "status" });
  const following = element(
    "button",
    {
      type: "button",
      class: "quiet",
      onclick: () => {
        const states = allStates(rules).map(formatState);
        const place = states.indexOf(formatState(stateOf(setup().text) ?? []));
        change({ ...setup(), text: states[(place + 1) % states.length] });
      },
    },
    "Next state",
  );

  function stateOf(text: string): State | undefined {
    try {
      return parseState(rules, text);
    } catch {
      return undefined;
    }
  }

  function tell(): void {
    clearTimeout(timer);
    setAttributes(field, { "aria-invalid": found ? "true" : undefined });
    setText(problem, found);
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
    update({ setup: { text }, problem: now = "" }) {
      const state = stateOf(text) ?? nothing;
      for (const [place, toggle] of toggles.entries()) {
        setAttributes(toggle, { "aria-pressed": String(state[place] === 1) });
        setText(toggle.lastElementChild as Element, String(state[place]));
      }
      if (field.value !== text) field.value = text;
      if (now === found) return;
      found = now;
      clearTimeout(timer);
      if (found && document.activeElement === field) timer = setTimeout(tell, PAUSE);
      else tell();
    },
  };
}
