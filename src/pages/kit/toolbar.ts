// The bar that stays in sight: what matters most in a few words, undo, redo, a fresh start, and the link.
import { element, setAttributes, setText } from "./dom";
import type { Page, SetupLink, View } from "./start-page";

export interface ToolbarOptions<Setup, Content> {
  /** What matters most, such as "31 of 32 states" with the unit "exact"; `spoken` is what a screen reader says of it. */
  headline?(shown: Content): { value: string; unit: string; spoken: string };
  /** What Restore goes back to; by default, the page's first set-up. */
  restore?(setup: Setup): Setup;
  /** What Restore does, in words. */
  restoreTitle?: string;
}

export function toolbar<
  Model,
  Setup,
  Content extends { setup: Setup; failure?: string; canUndo: boolean; canRedo: boolean },
>(
  { setup, change, undo, redo, say }: Page<Model, Setup>,
  link: SetupLink<Setup>,
  {
    headline,
    restore = () => link.read(""),
    restoreTitle = "Go back to the first set-up",
  }: ToolbarOptions<Setup, Content> = {},
): View<Content> {
  const number = element("strong");
  const unit = element("span");
  const live = element("span", { class: "unseen", role: "status", "aria-live": "polite", id: "headline" });
  const failure = element("p", { class: "problem", role: "alert" });
  const button = (text: string, onclick: () => void, keys?: string) =>
    element("button", { type: "button", onclick, "aria-keyshortcuts": keys }, text);
  const back = button("Undo", undo, "Control+Z");
  const forth = button("Redo", redo, "Control+Shift+Z");
  const reset = button("Restore", () => change(restore(setup())));
  setAttributes(reset, { title: restoreTitle });
  const copy = button("Copy link", () => void copyLink());

  async function copyLink(): Promise<void> {
    if (location.protocol === "about:") {
      say("Open this page on its own to get a link");
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
      { class: "toolbar", role: "group", "aria-label": "Result and changes" },
      element("p", { class: "score", "aria-hidden": "true" }, number, " ", unit),
      live,
      element("div", { class: "buttons" }, back, forth, reset, copy),
      failure,
    ),
    update(shown) {
      const line = headline?.(shown);
      setText(number, line?.value ?? "");
      setText(unit, line?.unit ?? "");
      setText(live, line?.spoken ?? "");
      setText(failure, shown.failure ? `The model cannot be run so. ${shown.failure}` : "");
      // Not `disabled`, which would throw the focus away.
      setAttributes(back, { "aria-disabled": String(!shown.canUndo) });
      setAttributes(forth, { "aria-disabled": String(!shown.canRedo) });
      const isFirst = link.write(restore(shown.setup)) === link.write(shown.setup);
      setAttributes(reset, { "aria-disabled": String(isFirst) });
    },
  };
}
