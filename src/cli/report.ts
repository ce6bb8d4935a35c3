// dolab report: runs notebooks headless and writes an offline HTML report for each, and an index of all of them.
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import type { Command } from "commander";
import { findBrowser, withoutBrowser } from "../environment/browser.mjs";
import { inProject } from "../environment/paths.mjs";
import { nearest, parseAssignments } from "../experiments";
import type { Progress } from "../io";
import { terminalProgress } from "../notebook";
import { type ExecutionEvent, makeReport, type Report, writeReportIndex } from "../report";

/** Every notebook that `--all` runs, quickest first. */
const notebooks = ["two-by-two", "boolean-world", "w2-causal-intervention"];

interface ReportOptions {
  all?: boolean;
  preset?: string;
  set: string[];
  out: string;
}

export function addReport(program: Command) {
  const collect = (pair: string, pairs: string[]) => [...pairs, pair];
  program
    .command("report")
    .description("run notebooks and write an offline HTML report of each")
    .argument("[notebook...]", "names under notebooks/, such as two-by-two, or paths of .ipynb files")
    .option("--all", "every notebook of the project, quickest first")
    .option("--preset <name>", "smoke, quick, standard or paper (default: what the notebook says)")
    .option(
      "--set <key=value>",
      "override a parameter of the notebook; may be given several times",
      collect,
      [],
    )
    .option("--out <folder>", "where the reports go", inProject("results", "reports"))
    .action(async (names: string[], options: ReportOptions) => {
      const wanted = options.all ? notebooks : names;
      if (wanted.length === 0)
        throw new RangeError("Cannot report on nothing: name a notebook, or give --all");
      const overrides = {
        ...parseAssignments(options.set),
        ...(options.preset ? { preset: options.preset } : {}),
      };
      const paths = wanted.map(notebookPath); // all are looked up before the first runs
      const outcomes: boolean[] = [];
      for (const notebook of paths) outcomes.push(await report(notebook, overrides, options.out));
      console.log(`index: ${shown(writeReportIndex(options.out))}`);
      if (!findBrowser()) console.log(`note: ${withoutBrowser}`);
      if (outcomes.includes(false)) process.exitCode = 1;
    });
}

function notebookPath(name: string): string {
  const candidates = [name, inProject("notebooks", `${name}.ipynb`)].filter((file) =>
    file.endsWith(".ipynb"),
  );
  const found = candidates.find((file) => existsSync(file));
  if (found) return found;
  const known = readdirSync(inProject("notebooks")).flatMap((file) => /^(.*)\.ipynb$/.exec(file)?.[1] ?? []);
  throw new RangeError(
    `Cannot report on "${name}" as there is no such notebook: did you mean "${nearest(name, known)}"?`,
  );
}

/** @returns whether every cell passed */
async function report(notebook: string, overrides: Record<string, unknown>, out: string): Promise<boolean> {
  const name = path.basename(notebook, ".ipynb");
  const { onProgress, end } = cellProgress(name);
  try {
    const made = await makeReport({ notebook, out, overrides, onProgress });
    end(made);
    const { passed, htmlPath, wallTimeSeconds, error, dataSource } = made;
    const facts = [passed ? "passed" : "FAILED", `${wallTimeSeconds.toFixed(0)} s`, dataSource].filter(
      Boolean,
    );
    console.log(`${shown(htmlPath)}  (${facts.join("; ")})`);
    if (error) console.log(`  cell ${error.cell}: ${error.name}: ${error.message}`);
    return passed;
  } catch (error) {
    end();
    console.log(`${name}: FAILED: ${(error as Error).message}`);
    return false;
  }
}

/** A bar over the notebook's cells; it starts when their number is known. */
function cellProgress(name: string) {
  let bar: Progress | undefined;
  return {
    onProgress(event: ExecutionEvent) {
      if (event.event === "start") bar = terminalProgress()(event.cells, { label: name, unit: "cells" });
      if (event.event === "cell-start")
        bar?.update(event.cell - 1, event.heading ? { at: event.heading } : {});
      if (event.event === "cell-end") bar?.update(event.cell);
    },
    end(report?: Report) {
      if (report?.passed) bar?.finish();
      else bar?.fail();
    },
  };
}

/** A path as one types it from where one stands. */
const shown = (file: string) => {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith("..") ? file : relative;
};
