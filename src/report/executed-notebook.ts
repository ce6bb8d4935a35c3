// What an executed notebook says of itself: its title, how it was run and how that ended, its claims and its telling figure.
import fs from "node:fs";
import path from "node:path";
import type { Claim } from "../experiments/claims";
import { type ClaimsRecord, claimsMime } from "../notebook/claims";
import { type PlainFigure, plotlyMime } from "../notebook/figure";
import { type RunRecord, runMime } from "../notebook/provenance";
import type { RunError } from "./execute-notebook";

interface Output {
  output_type: string;
  data?: Record<string, unknown>;
  metadata?: { dolab?: { thumbnail?: boolean } };
}

interface Notebook {
  cells: { cell_type: string; source: string | string[]; outputs?: Output[] }[];
  metadata: { dolab?: RunOutcome };
}

/** Written by execute.py. */
interface RunOutcome {
  passed: boolean;
  startedAt: string;
  wallTimeSeconds: number;
  error?: RunError;
}

export interface ExecutedNotebook {
  title: string;
  /** Absent if the notebook was never run by `executeNotebook`. */
  outcome?: RunOutcome;
  /** Absent if no cell announced the run. */
  run?: RunRecord;
  /** The rows that were announced last; absent if none were. */
  claims?: readonly Claim[];
  /** The figure marked as thumbnail, else the first. */
  figure?: PlainFigure;
}

/**
 * Reads what an executed notebook says of itself; one that was never run has its title alone.
 *
 * @param file the notebook's path
 * @throws {SyntaxError} if the file is not a notebook
 * @example
 * readExecutedNotebook("notebooks/citris.ipynb").outcome; // => undefined
 */
export function readExecutedNotebook(file: string): ExecutedNotebook {
  const { cells, metadata } = parse(file);
  const outputs = cells.flatMap((cell) => cell.outputs ?? []);
  const figures = outputs.filter((output) => output.data?.[plotlyMime]);
  const telling = figures.find((output) => output.metadata?.dolab?.thumbnail) ?? figures[0];
  const run = outputs.find((output) => output.data?.[runMime])?.data?.[runMime] as RunRecord | undefined;
  const announced = outputs.flatMap(
    (output) => (output.data?.[claimsMime] as ClaimsRecord | undefined) ?? [],
  );
  return {
    title: firstHeading(cells) ?? run?.title ?? path.basename(file, ".ipynb"),
    outcome: metadata.dolab,
    run,
    claims: announced[announced.length - 1]?.claims,
    figure: telling?.data?.[plotlyMime] as PlainFigure | undefined,
  };
}

function parse(file: string): Notebook {
  let notebook: Partial<Notebook> | null = null;
  try {
    notebook = JSON.parse(fs.readFileSync(file, "utf8"));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (Array.isArray(notebook?.cells)) return { cells: notebook.cells, metadata: notebook.metadata ?? {} };
  throw new SyntaxError(`Cannot read ${file} as it must be a Jupyter notebook: got something without cells`);
}

/** The first "# heading" outside of code, without Markdown's marks. */
function firstHeading(cells: Notebook["cells"]): string | undefined {
  for (const { cell_type: type, source } of cells) {
    if (type !== "markdown") continue;
    const text = (Array.isArray(source) ? source.join("") : source).replace(/^```[\s\S]*?^```/gm, "");
    const heading = /^#\s+(.+?)\s*#*$/m.exec(text);
    if (heading) return heading[1].replace(/[*_`$]/g, "");
  }
  return undefined;
}
