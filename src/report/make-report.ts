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
  /** Is told of a report of the cells that are done, NAME.running.html in `out`, which goes when the run ends. */
  onSoFar?: (html: string) => void;
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

/** The end of the name of a report that still grows, before the extension. */
const runningSuffix = ".running";

/** A report of what is there is made after so many seconds, and then every so many: each takes two seconds of a core. */
const looks = { first: 15, every: 60 };

const extensions = ["ipynb", "png", "html"] as const; // the report comes last

/**
 * Runs a notebook and writes its report, also when a cell fails: the report then shows what came before, and the error, and
 * the last good report stays as it is.
 *
 * @param options the notebook, the folder for its report, and how it is run
 * @returns how the run ended, where its report is, and what the notebook announced
 * @throws {Error} if the notebook could not be run or exported at all; then nothing is written
 */
export async function makeReport(options: MakeReportOptions): Promise<Report> {
  const { notebook, out, onSoFar, onProgress, ...running } = options;
  const name = path.basename(notebook, ".ipynb");
  const soFar = path.join(out, `${name}${runningSuffix}.html`);
  const making = fs.mkdtempSync(path.join(os.tmpdir(), "dolab-report-"));
  try {
    let growing = Promise.resolve();
    const showSoFar = async (executed: string, tell: (html: string) => void) => {
      await exportReport(executed, soFar).then(
        () => tell(soFar),
        () => {},
      ); // the whole report will say what is wrong
    };
    const made = (extension: (typeof extensions)[number]) => path.join(making, `${name}.${extension}`);
    const { passed, seconds, error } = await executeNotebook(notebook, {
      looks: onSoFar && looks,
      ...running,
      executed: made("ipynb"),
      onProgress(event) {
        onProgress?.(event);
        if (event.event === "saved" && onSoFar) growing = growing.then(() => showSoFar(event.path, onSoFar));
      },
    });
    await growing;
    const { title, run, claims, figure } = readExecutedNotebook(made("ipynb"));
    await Promise.all([exportReport(made("ipynb"), made("html")), drawThumbnail(figure, made("png"))]);
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
    fs.rmSync(soFar, { force: true });
  }
}

/** Draws nothing without a figure or a browser. */
async function drawThumbnail(figure: PlainFigure | undefined, file: string): Promise<void> {
  if (!figure) return;
  const { title: _title, margin: _margin, ...layout } = figure.layout; // without its title, as the card has it
  const picture = { spec: { data: figure.data, layout }, path: file, width: 640, height: 400, scale: 1.5 };
  await renderStaticPictures([picture], { withoutBrowser: "skip" });
}
