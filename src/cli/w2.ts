// dolab w2: source document 000's causal intervention on training.
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { Command } from "commander";
import { parseAssignments, w2 } from "../experiments";
import { openRunFolder, type RunFile } from "../io";
import { terminalProgress } from "../notebook";
import { drawStaticPictures } from "../report";
import { interruptedBySigint } from "../train";

interface RunFlags {
  preset: string;
  set: string[];
  out: string;
  figures: boolean;
  replace?: boolean;
}

/** What a shell reports of a program that Ctrl-C ended. */
const INTERRUPTED = 130;

export function addW2(program: Command) {
  const command = program
    .command("w2")
    .description(
      "causal intervention on training: does history decide the state at the same λ? (document 000)",
    );
  const collect = (pair: string, pairs: string[]) => [...pairs, pair];
  command
    .command("run")
    .description("train both checkpoints, jump, compare; Ctrl-C pauses, and the same command goes on")
    .option("--preset <name>", "smoke, quick, standard or paper", "quick")
    .option(
      "--set <key=value>",
      "override a parameter, such as seeds=3 or targets=[0.5]; repeatable",
      collect,
      [],
    )
    .requiredOption("--out <folder>", "folder for checkpoints and results")
    .option("--no-figures", "leave the pictures out")
    .option("--replace", "replace results of another configuration in that folder")
    .action(async ({ preset, set, out, figures, replace }: RunFlags) => {
      const given = { preset, ...parseAssignments(set) } as Partial<w2.W2Configuration>;
      await train(w2.parameters(given), out, { figures, replace });
    });
  command
    .command("resume")
    .description("go on with a run that was paused or killed")
    .argument("<folder>")
    .option("--processes <n>", "seeds at once (default: the preset's)", Number)
    .option("--no-figures", "leave the pictures out")
    .action(async (folder: string, { processes, figures }: { processes?: number; figures: boolean }) => {
      const given = { ...w2.savedConfiguration(folder), ...(processes !== undefined && { processes }) };
      await train(w2.parameters(given), folder, { figures });
    });
  command
    .command("report")
    .description("write figures, table and summary anew from saved results; trains nothing")
    .argument("<folder>")
    .option("--no-figures", "leave the pictures out")
    .action(async (folder: string, { figures }: { figures: boolean }) => {
      await report(w2.loadShownRun(folder), { figures });
    });
}

type Resolved = ReturnType<typeof w2.parameters>;

async function train(
  run: Resolved,
  folder: string,
  { figures, replace }: { figures: boolean; replace?: boolean },
): Promise<void> {
  if (run.configuration.load)
    throw new RangeError('Cannot train as load shows saved results: use "dolab w2 report" for these');
  const { signal, release } = interruptedBySigint();
  try {
    const progress = terminalProgress();
    const data = await w2.loadRunData(run.configuration, { progress, signal });
    console.log(`data: ${data.dataSource}`);
    await report(await w2.run(run, data, { folder, replace, progress, signal }), { figures });
  } catch (error) {
    if (!(error instanceof w2.RunPausedError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = INTERRUPTED;
  } finally {
    release();
  }
}

/** Writes what the results say, and prints the summary; everything is drawn before anything is written. */
async function report(run: w2.W2Run, { figures }: { figures: boolean }): Promise<void> {
  const { folder, configuration, environment } = run;
  const [pictures, note] = figures ? await draw(run) : [[], undefined];
  const output = openRunFolder(folder, [{ name: w2.runName, configuration, environment }]);
  try {
    const { date } = environment; // nothing is made anew
    const paths = output.write([...w2.resultFiles(run), ...pictures], date === undefined ? {} : { date });
    console.log(w2.summaryText(run.results, configuration));
    for (const { fact, value } of w2.factTable(run)) console.log(`${fact}: ${value}`);
    for (const path of paths) console.log(path);
    if (note) console.log(note);
    const missing = configuration.seeds - run.results.length;
    if (missing > 0)
      console.log(`${missing} of ${configuration.seeds} seeds are not done: "dolab w2 resume ${folder}"`);
  } finally {
    output.close();
  }
}

async function draw(run: w2.W2Run): Promise<[RunFile[], string | undefined]> {
  const requests = w2.resultPictures(run).flatMap(({ name, figure, width, height }) =>
    ["png", "pdf"].map((format) => ({
      spec: figure,
      width,
      height,
      path: `${name}.${format}`,
      scale: 1.5,
    })),
  );
  const { pictures, beside, note } = await drawStaticPictures(requests);
  const scripts = beside.filter(({ path }) => !existsSync(join(run.folder, path)));
  const files = new Map(
    [...scripts, ...pictures].map(({ path, content }) => [path, { name: path, content }]),
  );
  return [Array.from(files.values()), note]; // without a browser .png and .pdf are the same page
}
