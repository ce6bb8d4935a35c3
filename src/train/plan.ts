// Checks the options of a run and fills in what they leave open.
import type { PlainObject } from "../io";
import { requireKnownOptions } from "../io/known-options";
import { plainObject } from "../io/plain-data";
import { surroundings } from "../io/surroundings";
import { requireVariables } from "./require-variables";
import type { StoreOptions } from "./run-store";
import { stepSeed } from "./step-seed";
import type { TrainOptions } from "./train-options";

type Kept = "step" | "seed" | "folder" | "state" | "evaluate" | "earlyStop" | "label" | "signal";

/** A run without epochs has Infinity steps in each; what is never due has Infinity too. */
export interface Plan extends Pick<TrainOptions, Kept>, StoreOptions {
  steps: number;
  stepsPerEpoch: number;
  logEvery: number;
  checkpointEvery: number;
  checkpointEveryMinutes: number;
  progress: NonNullable<TrainOptions["progress"]>;
  nonFinite: "stop" | "continue";
  /** Whether the caller says what decides the run. */
  configured: boolean;
}

/** @throws {RangeError | TypeError} naming an option that is out of its range */
export function planOf(options: TrainOptions): Plan {
  requireOptions(options);
  const { variables, seed, folder, config = {}, checkpoint = {}, resume = "auto", replace = false } = options;
  const { every = Infinity, keep = 2, keepSteps = [] } = checkpoint;
  const { everyMinutes = every === Infinity ? 5 : Infinity } = checkpoint;
  const stepsPerEpoch = options.stepsPerEpoch ?? Infinity;
  const logEvery = options.log?.every ?? 10;
  const steps = stepsOf(options);
  stepSeed(seed, 0);
  for (const [what, value] of Object.entries({
    steps,
    stepsPerEpoch,
    "log.every": logEvery,
    "evaluate.every": options.evaluate?.every ?? 1,
    "checkpoint.every": every,
    "checkpoint.keep": keep,
  }))
    requireWhole(what, value, value === Infinity);
  for (const step of keepSteps) requireWhole("checkpoint.keepSteps", step);
  if (!(everyMinutes > 0)) throw refuse("checkpoint.everyMinutes is above 0", everyMinutes);
  if (
    typeof resume === "number" ? !Number.isInteger(resume) : !["auto", "never", "previous"].includes(resume)
  )
    throw refuse('resume is "auto", "never", "previous" or a step', resume);
  if (folder === undefined && resume !== "auto" && resume !== "never")
    throw refuse(`resume: ${JSON.stringify(resume)} needs a folder`, folder);
  return {
    ...options,
    steps,
    stepsPerEpoch,
    logEvery,
    variables,
    resume,
    replace,
    keep,
    keepSteps,
    checkpointEvery: every,
    checkpointEveryMinutes: everyMinutes,
    config: plainObject(config, "config") as PlainObject,
    progress: options.progress ?? surroundings().progress,
    signal: options.signal ?? surroundings().signal,
    nonFinite: options.nonFinite ?? "stop",
    configured: Object.keys(config).length > 0,
  };
}

const optionNames = [
  "variables",
  "steps",
  "epochs",
  "stepsPerEpoch",
  "step",
  "seed",
  "folder",
  "config",
  "state",
  "log",
  "evaluate",
  "earlyStop",
  "checkpoint",
  "resume",
  "replace",
  "nonFinite",
  "progress",
  "label",
  "signal",
];

const nestedNames = {
  log: ["every"],
  evaluate: ["every", "run"],
  earlyStop: ["metric", "patience", "mode"],
  checkpoint: ["every", "everyMinutes", "keep", "keepSteps"],
} as const;

function requireOptions(options: TrainOptions): void {
  requireKnownOptions("train", options, optionNames);
  for (const [name, known] of Object.entries(nestedNames)) {
    const nested = options[name as keyof typeof nestedNames];
    if (nested !== undefined) requireKnownOptions(`train by its ${name}`, nested, known);
  }
  if (typeof options.step !== "function")
    throw new TypeError(`Cannot train as step must be a function of its place: got ${options.step}`);
  requireVariables("train", "variables", options.variables);
  const { folder } = options;
  if (folder !== undefined && (typeof folder !== "string" || folder === ""))
    throw new TypeError(
      `Cannot train as folder must be the path of a folder: got ${folder === "" ? '""' : folder}`,
    );
}

function stepsOf({ steps, epochs, stepsPerEpoch }: TrainOptions): number {
  if ((steps === undefined) === (epochs === undefined))
    throw refuse("it needs either steps or epochs", steps === undefined ? undefined : "both");
  if (steps !== undefined) return steps;
  if (stepsPerEpoch === undefined) throw refuse("epochs need stepsPerEpoch", stepsPerEpoch);
  return (epochs as number) * stepsPerEpoch;
}

function requireWhole(what: string, value: number, endless = false): void {
  if (endless && what !== "steps") return;
  if (!Number.isSafeInteger(value) || value < 1)
    throw refuse(`${what} is a whole number of at least 1`, value);
}

const refuse = (rule: string, got: unknown) => new RangeError(`Cannot train as ${rule}: got ${got}`);
