// What the figures of W2 share.
import { colours } from "../../colours";
import { spans } from "../../panels";
import type { DecidingConfiguration } from "../configuration";
import type { W2Run } from "../experiment";
import { worthCaution } from "../results/checkpoint-worth";
import type { History } from "../training/phases";

/** The part of a run that its figures are drawn from. */
export type ShownRun = Pick<W2Run, "results" | "configuration">;

/** How a network's history is drawn and called. */
export const looks: Record<History, { colour: string; symbol: string; title: string }> = {
  ordered: { colour: colours.ordered, symbol: "circle", title: "from ordered" },
  collapse: { colour: colours.collapse, symbol: "square", title: "from collapse" },
  control: { colour: colours.control, symbol: "diamond", title: "control: fresh start" },
};

/** Where panels side by side begin and end. @param widest gap between them, of the whole width */
export function panels(count: number, widest = 0.09): [number, number][] {
  return spans(count, Math.min(widest, 0.4 / count));
}

export interface FigureName {
  /** What the title calls the run, where it is not the one at hand. */
  name?: string;
}

/** A title that says whose it is. @param name nothing for the run at hand */
export const named = (title: string, name?: string) => (name ? `${name}. ${title}` : title);

const TITLE_HEIGHT = 30; // pixels, with the room above it
const LINE_HEIGHT = 19;

interface TitleOptions {
  /** Characters that a line below the title holds. */
  width?: number;
  /** Pixels for what stands between the title and the panels. */
  below?: number;
}

/**
 * A figure's title, and below it whatever a reader must know first: that images were generated, and a caution where
 * checkpoints do not deserve their names; with the margin that they need.
 *
 * @param text one line a <br>
 */
export function cautiousTitle(text: string, { results, configuration }: ShownRun, options?: TitleOptions) {
  const caution = worthCaution(results, configuration);
  return titleOf(text, configuration, { ...options, caution });
}

/** The same of what no verdict is drawn from: without the caution, unless one is given. */
export function titleOf(
  text: string,
  { data }: Pick<DecidingConfiguration, "data">,
  { width = 110, below = 0, caution }: TitleOptions & { caution?: string } = {},
) {
  const warnings = [
    ...(data === "generated" ? ["Generated images, not CIFAR-10."] : []),
    ...(caution ? [`Caution. ${caution}.`] : []),
  ];
  const subtitle = warnings.map((warning) => wrapped(warning, width)).join("<br>");
  const lines = text.split("<br>").length + (subtitle ? subtitle.split("<br>").length : 0);
  const font = { size: 13, color: colours.vermillion };
  return {
    title: { text, ...(subtitle ? { subtitle: { text: subtitle, font } } : {}) },
    margin: { t: TITLE_HEIGHT + LINE_HEIGHT * (lines + 0.5) + below },
  };
}

function wrapped(text: string, width: number): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    if (last && last.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines.join("<br>");
}
