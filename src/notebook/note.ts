// Shows a sentence or two that must be seen, such as that data are synthetic, or that a result did not come out.
import { type DisplayBundle, display } from "./display";
import { escapeHtml } from "./escape-html";

export type NoteKind = "information" | "success" | "warning" | "error";

const looks: Record<NoteKind, { colour: string; word: string }> = {
  information: { colour: "var(--jp-info-color1, #0072b2)", word: "Note" },
  success: { colour: "var(--jp-success-color1, #009e73)", word: "OK" },
  warning: { colour: "var(--jp-warn-color1, #e69f00)", word: "Caution" },
  error: { colour: "var(--jp-error-color1, #d55e00)", word: "Error" },
};

/**
 * Shows a note in the running cell.
 *
 * @param text plain text, with `code` and **bold** as in Markdown; a line break stays one
 * @param kind what the note is: its first word and the colour of its edge follow from this
 * @throws {RangeError} for a kind that is not one of the four
 * @example
 * import { note, noteBundle } from "dolab";
 * note("The generator stands in for **CIFAR-10**", "warning");
 * noteBundle("The generator stands in for **CIFAR-10**", "warning").data["text/plain"]; // => "Caution: The generator stands in for CIFAR-10"
 */
export function note(text: string, kind: NoteKind = "information"): void {
  display(noteBundle(text, kind));
}

/**
 * Makes the output that `note` shows, as HTML and plain text.
 *
 * @param text plain text, with `code` and **bold** as in Markdown
 * @param kind what the note is
 * @throws {RangeError} for a kind that is not one of the four
 * @example
 * import { noteBundle } from "dolab";
 * noteBundle("All files are there", "success").data["text/plain"]; // => "OK: All files are there"
 */
export function noteBundle(text: string, kind: NoteKind = "information"): DisplayBundle {
  if (!looks[kind]) {
    throw new RangeError(
      `Cannot show a note as its kind must be one of ${Object.keys(looks).join(", ")}: got "${kind}"`,
    );
  }
  const { colour, word } = looks[kind];
  const html =
    `<div class="dolab-note" role="note" style="max-width: 46em; margin: 0.6em 0; padding: 0.4em 0.9em; ` +
    `border-left: 3px solid ${colour}; background: var(--jp-layout-color2, rgba(128, 128, 128, 0.1))">` +
    `<strong>${word}.</strong> ${inlineMarkup(text)}</div>`;
  return { data: { "text/html": html, "text/plain": `${word}: ${text.replace(/\*\*/g, "")}` }, metadata: {} };
}

/** Escaped text in which only `code`, **bold** and line breaks have a meaning. */
const inlineMarkup = (text: string) =>
  text
    .split(/(`[^`]+`)/)
    .map((part, index) =>
      index % 2
        ? `<code>${escapeHtml(part.slice(1, -1))}</code>`
        : escapeHtml(part)
            .replace(/\*\*(.+?)\*\*/g, "<strong>$1</strong>")
            .replace(/\n/g, "<br>"),
    )
    .join("");
