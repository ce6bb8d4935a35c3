// How many of all states the model answers exactly, live, and which; a state is chosen by its cell.
import { formatState, parseState } from "../../../data/boolean-world/states";
import { element, section, setAttributes, setText } from "../../kit";
import type { Playground, Shown, View } from "../playground";

/** Such as "31 of 32 states". */
export function accuracyText({ evaluation, failure }: Shown): string {
  if (!evaluation) return failure ? "?" : "…";
  const { rows } = evaluation;
  return `${rows.filter(({ exact }) => exact).length} of ${rows.length} states`;
}

/** Such as "1 fewer than the model as saved". */
export function changeText({ evaluation, intact }: Shown): string {
  if (!evaluation || !intact) return "";
  const count = ({ rows }: typeof intact) => rows.filter(({ exact }) => exact).length;
  const change = count(evaluation) - count(intact);
  if (change === 0) return "as many as the model as saved";
  return `${Math.abs(change)} ${change < 0 ? "fewer" : "more"} than the model as saved`;
}

/** Such as "10101", as cells show a state. */
const digits = (state: string): string => state.replace(/,/g, "");

export function accuracyView({ model, setup, change }: Playground): View {
  const number = element("strong", { id: "accuracy-number" });
  const difference = element("span", { class: "note" });
  const bars = element("dl", { class: "bars" });
  const cells = new Map<string, HTMLButtonElement>();
  const grid = element("ul", { class: "states" });

  function cellOf(state: string): HTMLButtonElement {
    const known = cells.get(state);
    if (known) return known;
    const cell = element("button", {
      type: "button",
      onclick: () => change({ ...setup(), text: state }),
    });
    cells.set(state, cell);
    grid.append(element("li", {}, cell));
    return cell;
  }

  return {
    root: section(
      "accuracy",
      "All states",
      "",
      element("p", { class: "big" }, number, " answered exactly ", difference),
      grid,
      element(
        "p",
        { class: "note" },
        "✓ exact, ✗ not. A dashed frame marks a state that is held-out: training never showed it. Choose one to look at it.",
      ),
      element("h3", {}, "Right values, by variable"),
      bars,
    ),
    update(shown) {
      setText(number, accuracyText(shown));
      setText(difference, changeText(shown));
      const { evaluation } = shown;
      if (!evaluation) {
        for (const [state, cell] of cells) showUnknown(cell, state);
        bars.replaceChildren();
        return;
      }
      const chosen = stateText(shown.setup.text);
      for (const { state, exact, excluded, answer } of evaluation.rows) {
        const cell = cellOf(state);
        const label = `${state}: ${exact ? "exact" : "not exact"}${excluded ? ", held-out" : ""}`;
        setAttributes(cell, {
          class: `${exact ? "exact" : "missed"}${excluded ? " held" : ""}`,
          "aria-label": label,
          "aria-pressed": String(state === chosen),
          title: `${label}; ${JSON.stringify(answer)}`,
        });
        setText(cell, `${digits(state)} ${exact ? "✓" : "✗"}`);
      }
      const names = Object.keys(evaluation.rows[0].parts);
      bars.replaceChildren(
        ...names.flatMap((name) => {
          const right = evaluation.rows.filter(({ parts }) => parts[name]).length;
          const bar = element("meter", {
            min: 0,
            max: evaluation.rows.length,
            value: right,
            "aria-hidden": "true",
          });
          return [
            element("dt", {}, name),
            element("dd", {}, bar, element("span", {}, `${right} of ${evaluation.rows.length}`)),
          ];
        }),
      );
    },
  };

  function showUnknown(cell: HTMLButtonElement, state: string): void {
    setAttributes(cell, { class: undefined, "aria-label": `${state}: not known`, title: undefined });
    setText(cell, digits(state));
  }

  function stateText(text: string): string {
    try {
      return formatState(parseState(model.rules, text));
    } catch {
      return "";
    }
  }
}
