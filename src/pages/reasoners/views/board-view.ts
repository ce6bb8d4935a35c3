// The board: in each cell the most probable digit, under it the probability of every digit as a bar. A chosen cell can be given
// another digit, or be held at one from the shown step on.
import { button, element, replaceKeepingFocus, section, setAttributes, setText } from "../../kit";
import { inputsOf, type Shown, type Theatre, type View } from "../theatre";
import { answerOf } from "../trajectory";

const BLANK = 1;
const percent = (share: number) => `${Math.round(100 * share)} %`;

export function boardView(page: Theatre): View {
  const { carried } = page.model;
  const { side, boxWidth, boxHeight, configuration } = carried;
  const { cells, vocabulary } = configuration;
  const digits = Array.from({ length: side }, (_, i) => i + 1);
  let chosen = 0;
  let newest: Shown | undefined;

  const made = Array.from({ length: cells }, (_, cell) => {
    const digit = element("span", { class: "digit" });
    const mark = element("span", { class: "mark", "aria-hidden": "true" });
    const bars = digits.map(() => element("span"));
    const [row, column] = [Math.floor(cell / side), cell % side];
    const edges = `${column % boxWidth === 0 ? " left" : ""}${row % boxHeight === 0 ? " upper" : ""}`;
    const root = element(
      "button",
      {
        type: "button",
        class: `cell${edges}`,
        "data-key": `cell-${cell}`,
        onclick: () => {
          chosen = cell;
          if (newest) update(newest);
        },
      },
      digit,
      mark,
      element("span", { class: "bars", "aria-hidden": "true" }, ...bars),
    );
    return { root, digit, mark, bars };
  });
  const board = element(
    "div",
    { class: `board side-${side}`, role: "group", "aria-label": "Board" },
    ...made.map(({ root }) => root),
  );
  const line = element("p", { class: "readout", "aria-live": "polite" });
  const actions = element("div", { class: "cell-actions" });

  function update(shown: Shown): void {
    newest = shown;
    const { setup, steps } = shown;
    const { labels, inputs: given } = carried.puzzles[setup.puzzle];
    const inputs = inputsOf(page.model, setup);
    const step = steps?.[Math.min(setup.at, steps.length - 1)];
    const answer = step && answerOf(step, cells);
    const holdOf = (cell: number) =>
      setup.holds.find((hold) => hold.cell === cell && hold.from <= setup.at)?.token;
    for (const [cell, { root, digit, mark, bars }] of made.entries()) {
      const token = answer?.[cell] ?? BLANK;
      const right = token === labels[cell];
      const isGiven = inputs[cell] !== BLANK;
      const share = (wanted: number) => step?.probabilities[cell * vocabulary + wanted] ?? 0;
      setText(digit, token > BLANK ? String(token - 1) : "·");
      setText(mark, step === undefined || right ? "" : "✗");
      for (const [i, bar] of bars.entries()) bar.style.height = `${100 * share(i + 2)}%`;
      const state = `${isGiven ? " given" : ""}${step && !right ? " wrong" : ""}${holdOf(cell) === undefined ? "" : " held"}`;
      root.className = `${root.className.replace(/ (given|wrong|held)/g, "")}${state}`;
      setAttributes(root, {
        "aria-pressed": String(cell === chosen),
        "aria-label": `${place(cell)}: ${token > BLANK ? token - 1 : "nothing"}, ${percent(share(token))}, ${right ? "right" : "wrong"}${isGiven ? ", given" : ""}`,
      });
    }
    const share = (token: number) => step?.probabilities[chosen * vocabulary + token] ?? 0;
    const shares = digits.map((value) => `${value}: ${percent(share(value + 1))}`).join(", ");
    setText(line, `${place(chosen)} is ${labels[chosen] - 1}; the thought says ${shares}`);
    const others = setup.givens.filter(({ cell }) => cell !== chosen);
    const give = (token: number) => {
      const givens = token === given[chosen] ? others : [...others, { cell: chosen, token }];
      page.change({ ...page.setup(), givens });
    };
    const hold = (token: number) => {
      const now = page.setup();
      const from = Math.max(1, Math.min(now.at, now.steps) + (now.at < now.steps ? 1 : 0));
      const steps = from >= now.steps ? now.steps + carried.actSteps : now.steps;
      const holds = [...now.holds.filter(({ cell }) => cell !== chosen), { cell: chosen, token, from }];
      page.change({ ...now, holds, steps, at: steps });
    };
    const row = (label: string, each: (token: number) => void, first?: HTMLButtonElement) =>
      element(
        "p",
        {},
        `${label} `,
        ...digits.map((value) =>
          button(String(value), () => each(value + 1), {
            "aria-label": `${label} ${value}`,
            "data-key": `${label}-${value}`,
          }),
        ),
        ...(first ? [first] : []),
      );
    const clear = button("blank", () => give(BLANK), {
      "aria-label": "Give nothing",
      "data-key": "give-blank",
    });
    replaceKeepingFocus(actions, row("Give", give, clear), row("Hold at", hold));
  }

  function place(cell: number): string {
    return `row ${Math.floor(cell / side) + 1}, column ${(cell % side) + 1}`;
  }

  return {
    root: section(
      "board",
      "Board",
      "Bold digits are given, a cross marks a wrong one; the bars are the probabilities of all digits. Choose a cell to give it another digit, or to hold the network's belief about it.",
      board,
      line,
      actions,
    ),
    update,
  };
}
