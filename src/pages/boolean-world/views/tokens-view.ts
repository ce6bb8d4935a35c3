// The tokens read and written, and what each written one was chosen from.
import { element, replaceKeepingFocus, section } from "../../kit";
import { type Playground, type Shown, shownToken, type View } from "../playground";
import { partsOfOne } from "../softmax";

const SHOWN = 8;

export function tokensView({ model }: Playground): View {
  const list = element("ol", { class: "tokens" });
  const title = element("h3", { id: "choice-title" });
  const table = element("table", { class: "choices", "aria-labelledby": "choice-title" });
  let chosen = 0;
  let last: Shown | undefined;
  const textOf = (id: number) => shownToken(model.tokenizer.decode([id]));

  function tokenButton(shown: Shown, index: number): HTMLElement {
    const reading = shown.reading as NonNullable<Shown["reading"]>;
    const { tokens, prompt, logits } = reading;
    const text = textOf(tokens[index]);
    const written = index - prompt;
    if (written < 0) return element("li", { class: "read" }, element("span", {}, text));
    const share = partsOfOne(logits[written])[tokens[index]];
    const flips = shown.setup.flips.filter(
      ({ atToken, fraction }) => atToken === written && fraction > 0,
    ).length;
    const label = `Written token ${written + 1}, ${text}, ${percent(share)}${flips > 0 ? ", weights flip before it" : ""}`;
    return element(
      "li",
      { class: flips > 0 && written > 0 ? "written flipped" : "written" },
      element(
        "button",
        {
          type: "button",
          "data-key": `${written}`,
          "aria-label": label,
          "aria-pressed": String(written === chosen),
          onclick: () => {
            chosen = written;
            if (last) update(last);
          },
        },
        element("span", {}, text),
        element("small", {}, percent(share)),
      ),
    );
  }

  function choices({ reading }: Shown): void {
    if (!reading) {
      table.replaceChildren();
      return;
    }
    const { logits, tokens, prompt } = reading;
    const at = Math.min(chosen, logits.length - 1);
    const shares = partsOfOne(logits[at]);
    const order = Array.from(shares.keys()).sort((a, b) => shares[b] - shares[a] || a - b);
    title.textContent = `Candidates for written token ${at + 1}`;
    const rows = order.slice(0, SHOWN).map((id) => {
      const taken = id === tokens[prompt + at];
      return element(
        "tr",
        { class: taken ? "taken" : "" },
        element("th", { scope: "row" }, element("code", {}, textOf(id))),
        element(
          "td",
          {},
          element("meter", { min: 0, max: 1, value: shares[id] || 0, "aria-hidden": "true" }),
        ),
        element("td", { class: "number" }, percent(shares[id])),
        element("td", {}, taken ? "✓ written" : ""),
      );
    });
    const heads = ["Token", "Bar", "Probability", "Choice"].map((text) =>
      element("th", { scope: "col" }, text),
    );
    table.replaceChildren(
      element("thead", { class: "unseen" }, element("tr", {}, ...heads)),
      element("tbody", {}, ...rows),
    );
  }

  function update(shown: Shown): void {
    last = shown;
    const count = shown.reading?.tokens.length ?? 0;
    chosen = Math.max(0, Math.min(chosen, (shown.reading?.logits.length ?? 1) - 1));
    replaceKeepingFocus(list, ...Array.from({ length: count }, (_, index) => tokenButton(shown, index)));
    title.hidden = count === 0;
    choices(shown);
  }

  return {
    root: section(
      "tokens",
      "Tokens",
      "Grey tokens were read; the model wrote the others one after the other. Choose one to see its rivals.",
      list,
      title,
      table,
    ),
    update,
  };
}

/** Such as "97 %", "<0.1 %"; a probability that is no number is "no number". */
export function percent(share: number): string {
  if (Number.isNaN(share)) return "no number";
  const value = 100 * share;
  if (value > 0 && value < 0.1) return "<0.1 %";
  return `${value < 10 && value > 0 ? value.toFixed(1) : value > 99 && value < 99.95 ? value.toFixed(1) : value.toFixed(0)} %`;
}
