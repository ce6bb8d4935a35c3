// What a sweep hands to a cluster: a list of units, and the scripts that do them, for Slurm or for a plain shell. An element of
// the job array does a chunk of the list; whatever becomes of it, units that are done stay done, so that an element may be
// requeued, and the same sweep submitted again.
import process from "node:process";
import { inProject } from "../environment/paths.mjs";
import type { Sweep } from "./sweep-file";

/** The units that are to be done, in chunks. */
export interface Work {
  folder: string;
  sweep: Sweep;
  /** Where list, scripts and outputs lie. */
  place: string;
  /** Units an element. */
  chunk: number;
  elements: number;
  /** Elements at once. */
  atOnce: number;
}

/** Seconds before its time is over at which an element is told to pause at a checkpoint. */
const SECONDS_TO_PAUSE = 60;

export const listFile = "units.tsv";

/** The job array. */
export function arrayScript({ folder, sweep, place, chunk, elements, atOnce }: Work): string {
  const { cores, memory, gpu, minutes } = sweep.resources;
  const time = minutes * chunk;
  const options = [
    `job-name=${jobName(sweep)}`,
    `array=0-${elements - 1}%${Math.min(atOnce, elements)}`,
    "requeue",
    "open-mode=append",
    `output=${place}/%a.out`,
    `cpus-per-task=${cores}`,
    `mem=${Math.ceil(memory * 1000)}M`,
    `time=${time}`,
    ...(gpu > 0 ? [`gres=gpu:${gpu}`] : []),
    ...(60 * time > 4 * SECONDS_TO_PAUSE ? [`signal=B:TERM@${SECONDS_TO_PAUSE}`] : []),
  ];
  return `#!/bin/sh
${options.map((option) => `#SBATCH --${option.replace(/(?<==)(.*\s.*)$/, '"$1"')}`).join("\n")}
export TF_NUM_INTRAOP_THREADS=${cores}
exec ${elementCommand(folder, place, chunk)} --element "$SLURM_ARRAY_TASK_ID" --wait
`;
}

/** The job that puts the table together after the array. */
export function collectScript({ folder, sweep, place }: Work): string {
  return `#!/bin/sh
#SBATCH --job-name=${jobName(sweep)}-collect
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output="${place}/collect.out"
#SBATCH --time=60
exec ${dolab()} sweep collect ${quoted(folder)}
`;
}

/** A loop over all elements, for any machine. */
export function shellScript({ folder, sweep, place, chunk, elements }: Work): string {
  return `#!/bin/sh
# Does the units of ${sweep.name}, one after the other. It may be started on several machines that share the folder, and again
# after it was stopped: no unit is done twice.
export TF_NUM_INTRAOP_THREADS=${sweep.resources.cores}
element=0
while [ "$element" -lt ${elements} ]; do
  ${elementCommand(folder, place, chunk)} --element "$element"
  [ $? -eq 130 ] && exit 130
  element=$((element + 1))
done
exec ${dolab()} sweep collect ${quoted(folder)}
`;
}

const elementCommand = (folder: string, place: string, chunk: number) =>
  `${dolab()} sweep work ${quoted(folder)} --list ${quoted(`${place}/${listFile}`)} --chunk ${chunk}`;

const dolab = () => `${quoted(process.execPath)} ${quoted(inProject("src", "cli", "dolab.mjs"))}`;

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

const jobName = ({ name }: Sweep) => name.replace(/[^\w.-]+/g, "-");
