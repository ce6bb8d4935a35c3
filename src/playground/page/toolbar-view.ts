// The bar that stays in sight: the accuracy, undo, redo, a fresh start, and the link.
import { accuracyText, changeText } from "./accuracy-view";
import { element, setAttributes, setText } from "./dom";
import type { Playground, View } from "./playground";

export function toolbarView({ setup, change, undo, redo, say }: Playground): View {
  const number = element("strong");
  const live = element("span", {
    class: "unseen",
    role: "status",
    "aria-live": "polite",
    id: "accuracy-live",
  });
  const failure = element("p", { class: "problem", role: "alert" });
  const button = (text: string, onclick: () => void, keys?: string) =>
    element("button", { type: "button", onclick, "aria-keyshortcuts": keys }, text);
  const back = button("Undo", undo, "Control+Z");
  const forth = button("Redo", redo, "Control+Shift+Z");
  const reset = button("Restore", () => change({ ...setup(), off: [], flips: [] }));
  setAttributes(reset, { title: "Switch everything on and take all flips back" });
  const link = button("Copy link", () => void copyLink());

  async function copyLink(): Promise<void> {
    if (location.protocol === "about:") {
      say("Open the playground on a page of its own to get a link");
      return;
    }
    try {
      await navigator.clipboard.writeText(location.href);
      say("Link copied");
    } catch {
      say("The set-up's link stands in the address bar");
    }
  }

  return {
    root: element(
      "div",
      { class: "toolbar", role: "group", "aria-label": "Accuracy and changes" },
      element("p", { class: "score", "aria-hidden": "true" }, number, " exact"),
      live,
      element("div", { class: "buttons" }, back, forth, reset, link),
      failure,
    ),
    update(shown) {
      setText(number, accuracyText(shown));
      const change = changeText(shown);
      if (shown.evaluation)
        setText(live, `${accuracyText(shown)} answered exactly${change && `, ${change}`}`);
      else setText(live, "");
      setText(failure, shown.failure ? `The model cannot be run so. ${shown.failure}` : "");
      // Not `disabled`, which would throw the focus away.
      setAttributes(back, { "aria-disabled": String(!shown.canUndo) });
      setAttributes(forth, { "aria-disabled": String(!shown.canRedo) });
      const intact = shown.setup.off.length === 0 && shown.setup.flips.length === 0;
      setAttributes(reset, { "aria-disabled": String(intact) });
    },
  };
}
