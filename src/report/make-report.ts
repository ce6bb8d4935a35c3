// From a notebook to its report: run it, export what came out, and put it in place. The report of a failed run is put beside
// the last good one, as NAME.failed.html, and goes when a later run passes.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Claim } from "../experiments/claims";
import { writeTogether } from "../io/write-together";
import type { PlainFigure } from "../notebook/figure";
import { type ExecuteOptions, executeNotebook, type RunError } from "./execute-notebook";
import { readExecutedNotebook } from "./executed-notebook";
import { exportReport } from "./export-report";
import { failedSuffix } from "./report-index";
import { renderStaticPictures } from "./static-picture";

export interface MakeReportOptions extends Omit<ExecuteOptions, "executed"> {
  /** The notebook to run; it is only read. */
  notebook: string;
  /**
   * The folder that receives NAME.html, NAME.ipynb (executed) and, with a browser, NAME.png (for the index), or, where a cell
   * failed, the same as NAME.failed.*.
   */
  out: string;
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
  claims?: readonly Claim[];
  error?: RunError;
  /** The path of a picture of the notebook's telling figure. */
  thumbnail?: string;
}

const extensions = ["ipynb", "png", "html"] as const; // the report comes last

/**
 * Runs a notebook and writes its report, also when a cell fails: the report then shows what came before, and the error, and
 * the last good report stays as it is.
 *
 * @throws {Error} if the notebook could not be run or exported at all; then nothing is written
 */
export async function makeReport({ notebook, out, ...running }: MakeReportOptions): Promise<Report> {
  const name = path.basename(notebook, ".ipynb");
  const making = fs.mkdtempSync(path.join(os.tmpdir(), "dolab-report-"));
  try {
    const made = (extension: (typeof extensions)[number]) => path.join(making, `${name}.${extension}`);
    const { passed, seconds, error } = await executeNotebook(notebook, {
      ...running,
      executed: made("ipynb"),
    });
    await exportReport(made("ipynb"), made("html"));
    const { title, run, claims, figure } = readExecutedNotebook(made("ipynb"));
    await drawThumbnail(figure, made("png"));
    const place = passed ? name : `${name}${failedSuffix}`;
    const [written, absent] = [true, false].map((there) =>
      extensions.filter((extension) => fs.existsSync(made(extension)) === there),
    );
    fs.mkdirSync(out, { recursive: true });
    writeTogether(
      out,
      written.map((extension) => ({
        name: `${place}.${extension}`,
        content: fs.readFileSync(made(extension)),
      })),
      {
        remove: [
          ...absent.map((extension) => `${place}.${extension}`),
          ...(passed ? extensions.map((extension) => `${name}${failedSuffix}.${extension}`) : []),
        ],
      },
    );
    return {
      title,
      passed,
      htmlPath: path.join(out, `${place}.html`),
      executedPath: path.join(out, `${place}.ipynb`),
      wallTimeSeconds: seconds,
      preset: run?.preset,
      dataSource: run?.dataSource,
      dataIsSynthetic: run?.dataIsSynthetic,
      claims,
      error,
      thumbnail: written.includes("png") ? path.join(out, `${place}.png`) : undefined,
    };
  } finally {
    fs.rmSync(making, { recursive: true, force: true });
  }
}

/** Draws nothing without a figure or a browser. */
async function drawThumbnail(figure: PlainFigure | undefined, file: string): Promise<void> {
  if (!figure) return;
  const { title: _title, margin: _margin, ...layout } = figure.layout; // without its title, as the card has it
  const picture = { spec: { data: figure.data, layout }, path: file, width: 640, height: 400, scale: 1.5 };
  await renderStaticPictures([picture], { withoutBrowser: "skip" });
}
