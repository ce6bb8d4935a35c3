// dolab sweep: one experiment over many configurations, here, on several machines, or as a job array of Slurm.
import { join } from "node:path";
import process from "node:process";
import type { Command } from "commander";
import { type PresetName, readShownRun } from "../experiments";
import { trackingLine } from "../experiments/track-run";
import { doneKeys } from "../experiments/unit-rows";
import { writeFileAtomically } from "../io";
import { terminalProgress } from "../notebook";
import { collectSweep, planSweep, readSweep, readSweepFile, runSweep, sweepStatus } from "../sweep";
import { processesFor, workUnits } from "../sweep/run-sweep";
import { submitSweep, unitsOfElement } from "../sweep/submit-sweep";
import { isSweepThere, joinSweep, pointFolder, sweepRun } from "../sweep/sweep-folder";
import { sweepPage } from "../sweep/sweep-page";
import { shown } from "../sweep/sweep-points";
import { trackSweep } from "../sweep/track-sweep";
import { interruptedBySigint } from "../train";
import { atLeast, INTERRUPTED, writeResults } from "./experiment-command";
import { counted, failureLines, listed, MOST_NAMED, queueLines, statusLines } from "./sweep-lines";

interface FileFlags {
  preset?: PresetName;
  out?: string;
}

export function addSweep(program: Command): void {
  const command = program
    .command("sweep")
    .description("one experiment over many configurations: here, on several machines, or on Slurm");
  const withFile = (name: string, description: string) =>
    command
      .command(name)
      .description(description)
      .argument("<file>", "the sweep's YAML file, such as data/sweeps/w2-ten-seeds.yaml")
      .option("--preset <name>", "another preset than the file's, such as smoke");

  withFile("plan", "what would be done: points, units, cost, and what is done already")
    .option("--out <folder>", "a folder in which it was begun")
    .action(async (file: string, flags: FileFlags) => plan(file, flags));

  withFile("run", "do every unit that is not done yet; Ctrl-C pauses, and the same command goes on")
    .requiredOption("--out <folder>", "folder for results; several machines may share it")
    .option(
      "--processes <n>",
      "units at once (default: as many as cores and memory allow)",
      atLeast(1, "--processes"),
    )
    .option("--limit <n>", "do no more units than this, as a trial", atLeast(1, "--limit"))
    .action(async (file: string, flags: FileFlags & { out: string; processes?: number; limit?: number }) =>
      run(file, flags),
    );

  command
    .command("status")
    .description("how many units are done, which are being done, which failed")
    .argument("<folder>")
    .action((folder: string) => {
      const planned = planSweep(readSweep(folder));
      const status = sweepStatus(folder, planned);
      console.log([...statusLines(planned, status), ...queueLines(folder, status)].join("\n"));
    });

  command
    .command("collect")
    .description(
      "write sweep.csv and sweep.jsonl, a line a unit, and the experiment's files and figures of points",
    )
    .argument("<folder>")
    .option("--figures <n>", "for at most so many points", atLeast(0, "--figures"), 8)
    .action((folder: string, { figures }: { figures: number }) => collect(folder, figures));

  command
    .command("report")
    .description("write report.html: every point's summary, claims and figures on one page, for any browser")
    .argument("<folder>")
    .action((folder: string) => report(folder));

  withFile("submit", "hand every unit that is neither done nor in the queue to a cluster")
    .requiredOption("--out <folder>", "folder for results, on a disk that all machines share")
    .option(
      "--slurm",
      "as a job array, and a job that collects after it; SBATCH_PARTITION and its like apply",
    )
    .option("--shell", "as a shell script, for any machine")
    .option("--at-once <n>", "elements of the array at once", atLeast(1, "--at-once"), 50)
    .option("--chunk <n>", "units an element, one after the other", atLeast(1, "--chunk"), 1)
    .option("--dry-run", "print the scripts, and write and submit nothing")
    .action((file: string, flags: SubmitFlags) => submit(file, flags));

  command
    .command("work", { hidden: true })
    .description("do the units of one element, as the scripts of `submit` ask for")
    .argument("<folder>")
    .requiredOption("--list <file>", "the list of units")
    .requiredOption("--element <n>", "which element", atLeast(0, "--element"))
    .requiredOption("--chunk <n>", "units an element", atLeast(1, "--chunk"))
    .option("--wait", "wait for units that another process does, which may be dead")
    .action((folder: string, flags: WorkFlags) => work(folder, flags));
}

interface SubmitFlags extends FileFlags {
  out: string;
  slurm?: boolean;
  shell?: boolean;
  atOnce: number;
  chunk: number;
  dryRun?: boolean;
}

async function submit(file: string, { preset, out, slurm, shell, dryRun = false, ...rest }: SubmitFlags) {
  if (Boolean(slurm) === Boolean(shell))
    throw new RangeError("Cannot submit without knowing where to: give --slurm or --shell");
  const sweep = await readSweepFile(file, preset && { preset });
  const kind = slurm ? "slurm" : "shell";
  const submitted = await submitSweep(sweep, planSweep(sweep), { folder: out, kind, dryRun, ...rest });
  if (!submitted) {
    console.log("Nothing to submit: every unit is done or in the queue");
    return;
  }
  const {
    units,
    waiting,
    work: { chunk, elements, place },
    files,
    jobs,
  } = submitted;
  if (dryRun)
    for (const { path, content } of files.filter(({ path: name }) => name.endsWith(".sh")))
      console.log(`# ${path}\n${content}`);
  const more = waiting > 0 ? `; ${counted(waiting, "unit")} more are in the queue already` : "";
  console.log(`${counted(units, "unit")} in ${counted(elements, "element")} of ${chunk}${more}`);
  if (chunk > rest.chunk)
    console.log(`an element has ${chunk} units, as Slurm takes no larger array (MaxArraySize)`);
  if (jobs)
    console.log(
      `submitted: array ${jobs.array}, and ${jobs.collect}, which collects; "dolab sweep status ${out}"`,
    );
  else if (!dryRun) console.log(`sh ${place}/run.sh`);
}

interface WorkFlags {
  list: string;
  element: number;
  chunk: number;
  wait?: boolean;
}

async function work(folder: string, { list, wait = false, ...which }: WorkFlags): Promise<void> {
  const { signal, release } = interrupted();
  try {
    const units = unitsOfElement(folder, readSweep(folder), list, which);
    const { done, failed, taken, paused } = await workUnits(folder, units, { wait, signal });
    console.log(
      `${counted(done, "unit")} done${taken > 0 ? `, ${taken} left to the processes that do them` : ""}`,
    );
    process.stderr.write(failureLines(failed));
    if (failed.length > 0) process.exitCode = 1;
    if (paused) process.exitCode = INTERRUPTED;
  } finally {
    release();
  }
}

async function plan(file: string, { preset, out }: FileFlags): Promise<void> {
  const sweep = await readSweepFile(file, preset && { preset });
  const planned = planSweep(sweep);
  const { points, units, cost, experiment, varied } = planned;
  if (out) isSweepThere(out, sweepRun(sweep));
  const names = varied.length > 0 ? ` over ${varied.join(", ")}` : "";
  console.log(
    `${experiment.name}, preset ${sweep.preset}: ${counted(units, "unit")} in ${counted(points.length, "point")}${names}`,
  );
  for (const point of points.slice(0, MOST_NAMED))
    console.log(`  ${point.name}: ${counted(point.units.length, "unit")}`);
  if (points.length > MOST_NAMED) console.log(`  and ${shown(points.length - MOST_NAMED)} more`);
  const { cores, memory, gpu, minutes } = sweep.resources;
  const each = `${counted(cores, "core")}, ${memory} GB${gpu > 0 ? `, ${counted(gpu, "GPU")}` : ""}`;
  console.log(`cost: ${shown(cost)} ${experiment.counts}; a unit has ${each} for at most ${minutes} min`);
  console.log(
    `at most ${shown(Math.ceil((units * minutes * cores) / 60))} core hours; ${processesFor(sweep.resources)} at once on this machine`,
  );
  const status = sweepStatus(out ?? "", out ? planned : { ...planned, points: [] });
  console.log(
    out
      ? statusLines(planned, status).join("\n")
      : "nothing is looked up as done: name its folder with --out",
  );
}

async function run(
  file: string,
  { preset, out, processes, limit }: FileFlags & { out: string; processes?: number; limit?: number },
): Promise<void> {
  const sweep = await readSweepFile(file, preset && { preset });
  const { signal, release } = interrupted();
  try {
    const progress = terminalProgress();
    const planned = planSweep(sweep);
    await joinSweep(out, sweep);
    const tracking = await trackSweep(out, sweep, planned);
    const { done, failed, paused } = await runSweep(sweep, planned, {
      folder: out,
      processes,
      limit,
      progress,
      signal,
    });
    const status = failed.length > 0 ? "FAILED" : paused ? "KILLED" : "FINISHED";
    if (tracking) process.stderr.write(`${trackingLine(await tracking.end(status), out)}\n`);
    console.log(`${counted(done, "unit")} done; "dolab sweep collect ${out}" puts the table together`);
    process.stderr.write(failureLines(failed));
    if (failed.length > 0) process.exitCode = 1;
    if (paused) {
      process.stderr.write("Paused: the same command goes on from here\n");
      process.exitCode = INTERRUPTED;
    }
  } finally {
    release();
  }
}

async function collect(folder: string, figures: number): Promise<void> {
  const sweep = readSweep(folder);
  const planned = planSweep(sweep);
  const { paths, missing } = collectSweep(folder, sweep, planned);
  const tracking = await trackSweep(folder, sweep, planned);
  if (tracking)
    console.log(trackingLine(await tracking.end(missing.length > 0 ? "KILLED" : "FINISHED"), folder));
  for (const path of paths) console.log(path);
  const begun = planned.points.filter((point) => doneKeys(pointFolder(folder, point)).size > 0);
  for (const point of begun.slice(0, figures)) {
    const run = readShownRun(planned.experiment, pointFolder(folder, point));
    const written = await writeResults(planned.experiment, run, { figures: true });
    for (const path of written.paths) console.log(path);
  }
  if (begun.length > figures)
    console.log(
      `figures of ${shown(figures)} of ${counted(begun.length, "point")}: --figures, or "dolab ${planned.experiment.name} report FOLDER" for one`,
    );
  if (missing.length === 0) return;
  console.log(`${counted(missing.length, "unit")} missing: ${listed(missing)}`);
  process.exitCode = 1;
}

function report(folder: string): void {
  const sweep = readSweep(folder);
  const planned = planSweep(sweep);
  const path = join(folder, "report.html");
  writeFileAtomically(path, sweepPage(folder, sweep, planned));
  console.log(statusLines(planned, sweepStatus(folder, planned)).join("\n"));
  console.log(path);
}

/** Aborts on Ctrl-C, and on the signal with which a scheduler ends a job. */
function interrupted(): { signal: AbortSignal; release: () => void } {
  const sigint = interruptedBySigint();
  const controller = new AbortController();
  const abort = () => controller.abort();
  process.once("SIGTERM", abort);
  return {
    signal: AbortSignal.any([sigint.signal, controller.signal]),
    release() {
      sigint.release();
      process.off("SIGTERM", abort);
    },
  };
}
