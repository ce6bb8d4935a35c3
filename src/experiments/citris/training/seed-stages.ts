// The stages that a seed is trained in, in order, and their steps; each has a folder of its own, so that a seed goes on where it
// was interrupted.
import type { UnitContext } from "../../experiment";
import type { DecidingConfiguration } from "../configuration";
import { type CurvePoint, runStage, type Stage, stagesFolder, stepsKept } from "./stage";

/** Steps of an attempt before one is chosen. */
export const attemptSteps = ({ attempts, attemptShare, flowSteps }: DecidingConfiguration): number =>
  attempts === 1 ? flowSteps : Math.max(1, Math.round(flowSteps * attemptShare));

/** The stages of a seed with their steps, in order. */
export function stagesOf(c: DecidingConfiguration): ReadonlyMap<string, number> {
  const first = attemptSteps(c);
  const stages = new Map([["autoencoder", c.autoencoderSteps]]);
  for (let k = 0; k < c.attempts; k++) stages.set(`flow-${k}`, first);
  if (first < c.flowSteps) stages.set("flow", c.flowSteps - first);
  if (c.causalEncoderSteps > 0) stages.set("causal-encoder", c.causalEncoderSteps);
  if (c.vaeSteps > 0) stages.set("vae", c.vaeSteps);
  if (c.control) stages.set("shuffled", c.flowSteps);
  if (c.betaVaeSteps > 0) stages.set("beta-vae", c.betaVaeSteps);
  return stages;
}

/** Steps of all stages of one seed. */
export const seedSteps = (c: DecidingConfiguration): number =>
  Array.from(stagesOf(c).values()).reduce((sum, steps) => sum + steps, 0);

/** Steps of one seed that its checkpoints hold. */
export const seedStepsDone = (c: DecidingConfiguration, folder: string, seed: number): number =>
  stepsKept(stagesFolder(folder, seed), Array.from(stagesOf(c).keys()));

/** What a signal has stopped between two steps. */
export class Paused extends Error {}

/** Runs the stages of one seed, and keeps their curves and seconds. */
export class SeedStages {
  readonly curves: CurvePoint[] = [];
  /** How long training took, all stages so far. */
  seconds = 0;
  readonly #steps: ReadonlyMap<string, number>;
  #before = 0;

  constructor(
    readonly configuration: DecidingConfiguration,
    readonly seed: number,
    readonly context: UnitContext,
  ) {
    this.#steps = stagesOf(configuration);
  }

  /** Where the stages keep their checkpoints. */
  get folder(): string {
    return stagesFolder(this.context.folder, this.seed);
  }

  has(name: string): boolean {
    return this.#steps.has(name);
  }

  /** Trains a stage, or goes on with it. @throws {Paused} where the signal stopped it */
  async run(stage: Omit<Stage, "steps" | "seed">): Promise<void> {
    const { seed, context } = this;
    const { preset: _, seeds: __, ...config } = this.configuration;
    const steps = this.#steps.get(stage.name) as number;
    const number = 1000 * seed + Array.from(this.#steps.keys()).indexOf(stage.name);
    const done = await runStage(
      { ...stage, steps, seed: number },
      {
        folder: this.folder,
        config,
        signal: context.signal,
        onProgress: (step, metrics) =>
          context.onProgress(this.#before + step, { at: `seed ${seed}, ${stage.name}`, ...metrics }),
      },
    );
    if (!done) throw new Paused();
    this.#before += steps;
    this.seconds += done.seconds;
    this.curves.push(...done.curve);
  }
}
