// dolab report: runs notebooks headless and writes an offline HTML report for each, and an index of all of them.
import { existsSync, readdirSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import path from "node:path";
import process from "node:process";
import { type Command, InvalidArgumentError } from "commander";
import type { z } from "zod";
import { findBrowser, withoutBrowser } from "../environment/browser.mjs";
import { inProject } from "../environment/paths.mjs";
import { experiments, parseAssignments, resolveConfiguration } from "../experiments";
import type { ConfigurationSource } from "../experiments/configuration";
import { nearest } from "../io/nearest-name";
import { makeReports, type NotebookState } from "../report";
import { interruptedBySigint } from "../train";
import { reportLines } from "./report-lines";

interface ReportOptions {
  all?: boolean;
  preset?: string;
  set: string[];
  out: string;
  atOnce?: number;
}

/**
 * What configures a notebook, by its file name without .ipynb; quickest first, as `--all` shows them. Where two experiments share
 * a notebook, the later one in the registry, which runs what the earlier one analyses, has its parameters.
 */
const sources = new Map<string, ConfigurationSource<z.ZodRawShape>>(
  experiments.map((experiment) => [experiment.notebook, experiment]),
);

export function addReport(program: Command) {
  const collect = (pair: string, pairs: string[]) => [...pairs, pair];
  program
    .command("report")
    .description("run notebooks and write an offline HTML report of each")
    .argument("[notebook...]", "names under notebooks/, such as two-by-two, or paths of .ipynb files")
    .option("--all", "every notebook of the project")
    .option("--preset <name>", "smoke, quick, standard or paper (default: what the notebook says)")
    .option(
      "--set <key=value>",
      "override a parameter of the notebook; may be given several times",
      collect,
      [],
    )
    .option("--out <folder>", "where the reports go", inProject("results", "reports"))
    .option("--at-once <n>", "notebooks that run side by side, each on its part of the cores", wholeNumber)
    .action(async (names: string[], options: ReportOptions) => {
      const wanted = options.all
        ? [...sources.keys()].filter((name) => existsSync(inNotebooks(name)))
        : names;
      if (wanted.length === 0)
        throw new RangeError("Cannot report on nothing: name a notebook, or give --all");
      const overrides = {
        ...parseAssignments(options.set),
        ...(options.preset ? { preset: options.preset } : {}),
      };
      const notebooks = wanted.map(notebookPath);
      for (const notebook of notebooks) requireParameters(notebook, overrides);
      await report(notebooks, overrides, options);
    });
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError("It must be a whole number of at least 1.");
}

/** A kernel that trains takes up to this many bytes. */
const kernelBytes = 2e9;

/** A notebook a core, as long as the memory suffices: most steps of quick presets leave a second core idle. */
const usualAtOnce = () => Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / kernelBytes)));

const inNotebooks = (name: string) => inProject("notebooks", `${name}.ipynb`);

function notebookPath(name: string): string {
  const found = [name, inNotebooks(name)].find((file) => file.endsWith(".ipynb") && existsSync(file));
  if (found) return found;
  const known = readdirSync(inProject("notebooks")).flatMap((file) => /^(.*)\.ipynb$/.exec(file)?.[1] ?? []);
  throw new RangeError(
    `Cannot report on "${name}" as there is no such notebook: did you mean "${nearest(name, known)}"? ` +
      `The notebooks are ${known.join(", ")}`,
  );
}

/** Checks what is set for a notebook of the project before a kernel starts. @throws {RangeError} naming the key */
function requireParameters(notebook: string, overrides: Record<string, unknown>): void {
  const source = sources.get(path.basename(notebook, ".ipynb"));
  if (source) resolveConfiguration(source, {}, overrides);
}

/** Makes the reports, shows how far they are, and prints where they lie. */
async function report(
  notebooks: readonly string[],
  overrides: Record<string, unknown>,
  { out, atOnce = usualAtOnce() }: ReportOptions,
): Promise<void> {
  const lines = reportLines();
  const { signal, release } = interruptedBySigint();
  try {
    const made = await makeReports({ notebooks, out, overrides, signal, atOnce, onChange: lines.show });
    lines.end();
    for (const state of made.notebooks) console.log(ending(state));
    console.log(`index: ${shown(made.index)}`);
    if (!findBrowser()) console.log(`note: ${withoutBrowser}`);
    if (made.notebooks.some(({ state }) => state !== "ready")) process.exitCode = signal.aborted ? 130 : 1;
  } finally {
    release();
  }
}

/** How a notebook ended, in a line, or two where it failed. */
function ending(state: NotebookState): string {
  if (!("report" in state)) return `${state.name}: ${state.problem ? `FAILED: ${state.problem}` : "not run"}`;
  const { passed, htmlPath, wallTimeSeconds, error, dataSource } = state.report;
  const facts = [passed ? "passed" : "FAILED", `${wallTimeSeconds.toFixed(0)} s`, dataSource].filter(Boolean);
  const line = `${shown(htmlPath)}  (${facts.join("; ")})`;
  return error ? `${line}\n  cell ${error.cell}: ${error.name}: ${error.message}` : line;
}

/** A path as one types it from where one stands. */
const shown = (file: string) => {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith("..") ? file : relative;
};
