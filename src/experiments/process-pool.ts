// Independent trainings side by side, in processes that each take one after the other (pool-worker.ts), since TensorFlow runs
// one step at a time in each. The cores are dealt out among them: a small network's step leaves much of several threads idle,
// so that of ResNet-18 at width 8 and batch 128 three trainings at once take 12 steps a second on two cores, one alone 9.
import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism } from "node:os";
import process from "node:process";
import { loadsTypeScript, projectRoot } from "../environment/paths.mjs";

/** What a process is asked: jobs, and perhaps to pause the one that it is at. */
export type JobRequest<Job> = { kind: "start"; job: Job } | { kind: "pause" };

/** What it answers. */
export type JobAnswer<Result, Facts> =
  | { kind: "progress"; facts: Facts }
  | { kind: "done"; result: Result }
  | { kind: "paused" }
  | { kind: "failed"; message: string };

export interface JobsOptions<Job, Result, Facts> {
  /** The file that answers jobs: it calls `answerJobs`. */
  program: string;
  /** At most so many at once. */
  processes: number;
  /** Threads of each; by default all cores are dealt out. */
  threads?: number;
  /** Pauses all jobs when it aborts. */
  signal?: AbortSignal;
  /** A job in an error, such as "seed 2". */
  nameOf: (job: Job) => string;
  onStart?: (job: Job) => void;
  onProgress?: (job: Job, facts: Facts) => void;
  onResult: (job: Job, result: Result) => void;
  /** Is told of a job that fails, and says whether it is tried again after the others; without it, a failure ends all. */
  onFailed?: (job: Job, error: Error) => boolean;
}

/** How much of what a process says is kept for the error of its end. */
const MOST_SAID = 2000;

/**
 * Runs jobs until all are done, the signal pauses them, or one fails; then the others are paused, unless `onFailed` says
 * what to do.
 *
 * @throws {Error} of the first that fails, without `onFailed`
 */
export async function runJobs<Job, Result, Facts = never>(
  jobs: readonly Job[],
  {
    program,
    processes,
    threads,
    signal,
    nameOf,
    onStart,
    onProgress,
    onResult,
    onFailed,
  }: JobsOptions<Job, Result, Facts>,
): Promise<void> {
  const waiting = jobs.slice();
  const atOnce = Math.min(processes, jobs.length);
  const threadsOfEach = threads ?? Math.max(1, Math.floor(availableParallelism() / atOnce));
  const running = new Set<ChildProcess>();
  let stopped = signal?.aborted ?? false;
  const pause = () => {
    stopped = true;
    for (const child of running) send<Job>(child, { kind: "pause" });
  };
  signal?.addEventListener("abort", pause);
  const work = async (child: JobProcess, job: Job) => {
    const ended = answerOf<Result, Facts>(child, nameOf(job), (facts) => onProgress?.(job, facts));
    onStart?.(job);
    send<Job>(child.process, { kind: "start", job });
    const answer = await ended;
    if (answer.kind === "failed") throw new Error(answer.message);
    if (answer.kind === "done") onResult(job, answer.result);
  };
  const worker = async () => {
    let child: JobProcess | undefined;
    try {
      for (let job = next(); job !== undefined; job = next()) {
        if (!child?.process.connected) {
          if (child) running.delete(child.process);
          child = startProcess(program, threadsOfEach);
          running.add(child.process);
        }
        try {
          await work(child, job);
        } catch (error) {
          if (!onFailed) throw error;
          if (onFailed(job, error as Error) && !stopped) waiting.push(job);
        }
      }
    } catch (error) {
      pause();
      throw error;
    } finally {
      if (child) running.delete(child.process);
      if (child?.process.connected) child.process.disconnect();
    }
  };
  const next = () => (stopped ? undefined : waiting.shift());
  try {
    const ends = await Promise.allSettled(Array.from({ length: atOnce }, worker));
    const failure = ends.find((end): end is PromiseRejectedResult => end.status === "rejected");
    if (failure) throw failure.reason;
  } finally {
    signal?.removeEventListener("abort", pause);
  }
}

interface JobProcess {
  process: ChildProcess;
  /** The last of what it wrote to its standard error. */
  said: () => string;
}

function startProcess(program: string, threads: number): JobProcess {
  const child = fork(program, {
    cwd: projectRoot,
    execArgv: program.endsWith(".ts") ? loadsTypeScript : [],
    serialization: "advanced",
    env: { TF_NUM_INTRAOP_THREADS: String(threads), ...process.env },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-MOST_SAID);
  });
  return { process: child, said: () => said.trim() };
}

function send<Job>(child: ChildProcess, request: JobRequest<Job>): void {
  if (child.connected) child.send(request as object);
}

/** The answer that ends a job. @throws {Error} where the process ends without one */
function answerOf<Result, Facts>(
  { process: child, said }: JobProcess,
  name: string,
  onProgress: (facts: Facts) => void,
): Promise<Exclude<JobAnswer<Result, Facts>, { kind: "progress" }>> {
  return new Promise((resolve, reject) => {
    const forget = () => {
      child.off("message", onMessage).off("error", fail).off("close", onClose);
    };
    const fail = (error: Error) => {
      forget();
      reject(error);
    };
    const onClose = (code: number | null, signal: string | null) =>
      fail(
        new Error(
          `Cannot go on with ${name} as its process ended: ${signal ?? `exit code ${code}`}\n${said()}`,
        ),
      );
    const onMessage = (answer: JobAnswer<Result, Facts>) => {
      if (answer.kind === "progress") {
        onProgress(answer.facts);
        return;
      }
      forget();
      resolve(answer);
    };
    child.on("message", onMessage).on("error", fail).on("close", onClose);
  });
}
