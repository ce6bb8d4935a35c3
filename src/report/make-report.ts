// From a notebook to its report: run it, export what came out, and say how it went.
import fs from "node:fs";
import path from "node:path";
import type { PlainFigure } from "../notebook/figure";
import { type ExecutionEvent, executeNotebook, type RunError } from "./execute-notebook";
import { readExecutedNotebook } from "./executed-notebook";
import { exportReport } from "./export-report";
import { renderStaticPictures } from "./static-picture";

export interface MakeReportOptions {
  /** The notebook to run; it is only read. */
  notebook: string;
  /** The folder that receives NAME.html, NAME.ipynb (executed) and, with a browser, NAME.png (for the index). */
  out: string;
  /** Parameters that win over those in the notebook. */
  overrides?: Readonly<Record<string, unknown>>;
  /** Seconds that one cell may take; no limit by default. */
  cellTimeoutSeconds?: number;
  signal?: AbortSignal;
  onProgress?: (event: ExecutionEvent) => void;
}

export interface Report {
  title: string;
  passed: boolean;
  htmlPath: string;
  executedPath: string;
  wallTimeSeconds: number;
  preset?: string;
  dataSource?: string;
  dataIsSynthetic?: boolean;
  error?: RunError;
  /** A picture of the notebook's telling figure. */
  thumbnail?: string;
}

/**
 * Runs a notebook and writes its report, also when a cell fails: the report then shows what came before, and the error.
 * @throws {Error} if the notebook could not be run or exported at all
 */
export async function makeReport(options: MakeReportOptions): Promise<Report> {
  const { notebook, out, overrides, cellTimeoutSeconds, signal, onProgress } = options;
  const place = path.join(out, path.basename(notebook, ".ipynb"));
  const [htmlPath, executedPath] = [`${place}.html`, `${place}.ipynb`];
  const running = { executed: executedPath, overrides, cellTimeoutSeconds, signal, onProgress };
  const { passed, seconds, error } = await executeNotebook(notebook, running);
  await exportReport(executedPath, htmlPath);
  const { title, run, figure } = readExecutedNotebook(executedPath);
  const thumbnail = await drawThumbnail(figure, `${place}.png`);
  return {
    ...{ title, passed, htmlPath, executedPath, wallTimeSeconds: seconds },
    preset: run?.preset,
    dataSource: run?.dataSource,
    dataIsSynthetic: run?.dataIsSynthetic,
    error,
    thumbnail,
  };
}

/** @returns the picture's path; undefined, and no picture left from an earlier run, without a figure or a browser */
async function drawThumbnail(figure: PlainFigure | undefined, file: string): Promise<string | undefined> {
  const { written } = figure ? await draw(figure, file) : { written: [] };
  if (written.length === 0) fs.rmSync(file, { force: true });
  return written[0];
}

function draw({ data, layout: { title: _title, margin: _margin, ...layout } }: PlainFigure, file: string) {
  const spec = { data, layout }; // without its title, as the card has it
  const picture = { spec, path: file, width: 640, height: 400, scale: 1.5 };
  return renderStaticPictures([picture], { withoutBrowser: "skip" });
}
