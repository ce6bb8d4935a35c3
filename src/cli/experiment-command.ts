// dolab NAME run | resume | report: the same three commands, flags and exit codes for every experiment.
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { Command } from "commander";
import {
  claimCount,
  type Experiment,
  parseAssignments,
  RunPausedError,
  readRun,
  readShownRun,
  resolveConfiguration,
  runExperiment,
  runOneUnit,
  type SavedRun,
  unitsOf,
} from "../experiments";
import type { CommonConfiguration } from "../experiments/experiment";
import { assumedInWords, recordName } from "../experiments/saved-run";
import { openRunFolder, type RunFile } from "../io";
import { terminalProgress } from "../notebook";
import { drawStaticPictures } from "../report";
import { interruptedBySigint } from "../train";

/** The flags of `run`. */
export interface RunFlags {
  preset: string;
  set: string[];
  out?: string;
  figures: boolean;
  replace?: boolean;
  processes?: number;
  listUnits?: boolean;
  unit?: string;
}

/** What a shell reports of a program that Ctrl-C ended. */
export const INTERRUPTED = 130;

/** Adds an experiment's command. @returns it, for commands that only this experiment has */
export function addExperiment(program: Command, experiment: Experiment): Command {
  const command = program.command(experiment.name).description(experiment.description);
  const collect = (pair: string, pairs: string[]) => [...pairs, pair];
  command
    .command("run")
    .description("do every unit that is not done yet; Ctrl-C pauses, and the same command goes on")
    .option("--preset <name>", "smoke, quick, standard or paper", "quick")
    .option(
      "--set <key=value>",
      "override a parameter, such as seed=3; may be given several times",
      collect,
      [],
    )
    .option("--out <folder>", "folder for checkpoints and results")
    .option(
      "--processes <n>",
      "units at once, each in a process of its own (default: the preset's)",
      atLeast(1, "--processes"),
    )
    .option("--no-figures", "leave the pictures out")
    .option("--replace", "replace results of another configuration in that folder")
    .option("--list-units", "print the units as JSON, and do nothing")
    .option("--unit <key>", "do this unit alone; others may do theirs in the same folder meanwhile")
    .action(async ({ preset, set, ...flags }: RunFlags) => {
      const given = { preset, ...parseAssignments(set) };
      await runCommand(experiment, given, flags);
    });
  command
    .command("resume")
    .description("go on with a run that was paused or killed")
    .argument("<folder>")
    .option("--processes <n>", "units at once (default: the preset's)", atLeast(1, "--processes"))
    .option("--no-figures", "leave the pictures out")
    .action(async (folder: string, flags: Pick<RunFlags, "processes" | "figures">) => {
      const given = { ...readRun(experiment, folder).configuration };
      await runCommand(experiment, given, { ...flags, out: folder });
    });
  command
    .command("report")
    .description("write figures, tables and summary anew from saved results; nothing is computed again")
    .argument("<folder>")
    .option("--no-figures", "leave the pictures out")
    .action(async (folder: string, { figures }: { figures: boolean }) => {
      await report(experiment, readShownRun(experiment, folder), { figures });
    });
  return command;
}

/** Does the work of `dolab NAME run`. @param given the configuration as it was asked for */
export async function runCommand(
  experiment: Experiment,
  given: Record<string, unknown>,
  { out, figures, replace, processes, listUnits, unit }: Omit<RunFlags, "preset" | "set">,
): Promise<void> {
  const resolved = resolveConfiguration(experiment, given);
  const configuration = resolved.configuration as unknown as CommonConfiguration;
  const run = { ...resolved, configuration };
  if (configuration.load)
    throw new RangeError(
      `Cannot run ${experiment.name} as load shows saved results: use "dolab ${experiment.name} report" for these`,
    );
  if (listUnits) {
    console.log(JSON.stringify(unitsOf(experiment, configuration), null, 2));
    return;
  }
  if (out === undefined)
    throw new RangeError(
      `Cannot run ${experiment.name} as it needs a folder for its results: name one with --out`,
    );
  const { signal, release } = interruptedBySigint();
  try {
    const progress = terminalProgress();
    const data = await experiment.load(configuration, { progress, signal });
    console.log(`data: ${data.dataSource}`);
    if (unit !== undefined) {
      const done = await runOneUnit(experiment, run, data, unit, { folder: out, progress, signal });
      if (!done) process.exitCode = INTERRUPTED;
      return;
    }
    const saved = await runExperiment(experiment, run, data, {
      folder: out,
      replace,
      processes,
      progress,
      signal,
    });
    await report(experiment, saved, { figures });
  } catch (error) {
    if (!(error instanceof RunPausedError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = INTERRUPTED;
  } finally {
    release();
  }
}

/** Writes a run's result files and figures; everything is drawn before anything is written. */
export async function writeResults(
  experiment: Experiment,
  run: SavedRun<CommonConfiguration, unknown>,
  { figures }: { figures: boolean },
): Promise<{ outcome: unknown; paths: string[]; note?: string }> {
  const { output: place, recorded, environment } = run;
  const outcome = experiment.outcome(run);
  const [pictures, note] = figures ? await draw(experiment, outcome, place) : [[], undefined];
  const record = { name: recordName(experiment), configuration: recorded, environment };
  const output = openRunFolder(place, [record]);
  try {
    const { date } = environment; // nothing is made anew
    const files = [...experiment.resultFiles(outcome), ...pictures];
    return { outcome, note, paths: output.write(files, date === undefined ? {} : { date }) };
  } finally {
    output.close();
  }
}

/** Writes what the results say, and prints summary and claims. */
async function report(
  experiment: Experiment,
  run: SavedRun<CommonConfiguration, unknown>,
  options: { figures: boolean },
): Promise<void> {
  const { folder, units, rows } = run;
  const { outcome, paths, note } = await writeResults(experiment, run, options);
  console.log(experiment.summary(outcome));
  const claims = experiment.claims(outcome);
  for (const { claim, published, found, verdict, why } of claims) {
    const beside = published ? `; published: ${published.value} (${published.source})` : "";
    console.log(`${verdict.toUpperCase()}: ${claim}. Found: ${found}${beside}${why ? `. ${why}` : ""}`);
  }
  if (claims.length > 0) console.log(claimCount(claims));
  for (const path of paths) console.log(path);
  if (note) console.log(note);
  const assumed = assumedInWords(run);
  if (assumed) console.log(`${folder}: ${assumed}`);
  const missing = units.length - rows.length;
  if (missing > 0)
    console.log(
      `${missing} of ${units.length} units are not done: "dolab ${experiment.name} resume ${folder}"`,
    );
}

async function draw(
  { pictures: picturesOf, pictureFormats = ["png"] }: Experiment,
  outcome: unknown,
  folder: string,
): Promise<[RunFile[], string | undefined]> {
  const requests = picturesOf(outcome).flatMap(({ name, figure, width, height }) =>
    pictureFormats.map((format) => ({ spec: figure, width, height, path: `${name}.${format}`, scale: 1.5 })),
  );
  const { pictures, beside, note } = await drawStaticPictures(requests);
  const scripts = beside.filter(({ path }) => !existsSync(join(folder, path)));
  const files = new Map(
    [...scripts, ...pictures].map(({ path, content }) => [path, { name: path, content }]),
  );
  return [Array.from(files.values()), note]; // without a browser .png and .pdf are the same page
}

/** Reads the number that a flag is given. */
export const atLeast =
  (least: number, flag: string) =>
  (text: string): number => {
    const value = Number(text);
    if (text !== "" && Number.isSafeInteger(value) && value >= least) return value;
    throw new RangeError(
      `Cannot read ${flag} as it must be a whole number of at least ${least}: got "${text}"`,
    );
  };
