// The four programs of Slurm that a sweep speaks with: sbatch, scontrol, squeue and, where accounts are kept, sacct.
import { spawnSync } from "node:child_process";

/** A program that is not there, or says no. */
export class SlurmError extends Error {
  override readonly name = "SlurmError";
}

/** @returns what it prints */
function ask(program: string, args: readonly string[]): string {
  const { error, status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  if ((error as NodeJS.ErrnoException | undefined)?.code === "ENOENT")
    throw new SlurmError(
      `Cannot find ${program}: run this on a machine of a Slurm cluster, or write a plain shell loop with --shell`,
    );
  if (error) throw new SlurmError(`Cannot run ${program}: ${error.message}`);
  if (status === 0) return stdout;
  throw new SlurmError(`Cannot go on as ${program} refuses: ${(stderr || stdout).trim()}`);
}

/** The greatest number of elements of an array. */
export function mostElements(): number {
  const [, size] = /MaxArraySize\s*=\s*(\d+)/.exec(ask("scontrol", ["show", "config"])) ?? [];
  return Number(size ?? 1001);
}

/**
 * Submits an array and what comes after it: both, or nothing. The array is held until the other is accepted, too.
 *
 * @returns the two jobs' numbers
 * @throws {SlurmError} with sbatch's own words; nothing of it is in the queue then
 */
export function submitTogether(array: string, after: string): { array: string; collect: string } {
  const number = (answer: string) => answer.trim().split(";")[0];
  const first = number(ask("sbatch", ["--parsable", "--hold", array]));
  try {
    const second = number(ask("sbatch", ["--parsable", `--dependency=afterany:${first}`, after]));
    try {
      ask("scontrol", ["release", first]);
    } catch (error) {
      ask("scancel", [second]);
      throw error;
    }
    return { array: first, collect: second };
  } catch (error) {
    ask("scancel", [first]);
    throw error;
  }
}

/** An element of an array in the queue, or one that has ended. */
export interface ElementState {
  job: string;
  element: number;
  /** As Slurm says it, such as PENDING or TIMEOUT. */
  state: string;
  /** Why it waits. */
  reason: string;
}

/** The elements of these jobs that are in the queue. */
export function queued(jobs: readonly string[]): ElementState[] {
  return jobs.flatMap((job) => {
    let text: string;
    try {
      text = ask("squeue", ["--noheader", "--array", "--format=%i|%T|%r", `--jobs=${job}`]);
    } catch (error) {
      if (/invalid job id/i.test((error as Error).message)) return []; // it has left the queue
      throw error;
    }
    return text.split("\n").flatMap(elementOf);
  });
}

/** How elements of these jobs ended; none where no accounts are kept. */
export function accounted(jobs: readonly string[]): ElementState[] {
  if (jobs.length === 0) return [];
  const options = ["--noheader", "--parsable2", "--allocations", "--format=JobID,State,ExitCode"];
  try {
    return ask("sacct", [...options, `--jobs=${jobs.join(",")}`])
      .split("\n")
      .flatMap(elementOf);
  } catch {
    return []; // the results folder tells what is done all the same
  }
}

function elementOf(line: string): ElementState[] {
  const [, job, element, state, reason] = /^(\d+)_(\d+)\|([^|]*)\|(.*)$/.exec(line.trim()) ?? [];
  if (job === undefined) return [];
  return [{ job, element: Number(element), state: state.split(" ")[0], reason }];
}
