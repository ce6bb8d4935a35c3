// Trainings side by side, each without other states: what the sweep over numbers of excluded states is made of.
import {
  allStates,
  type BooleanRules,
  documentRules,
  formatState,
  generateWorldDataset,
  harderRules,
  type State,
} from "../../data";
import { createRandom, type Random } from "../../random";
import { tensorflow } from "../../tensor";
import { type BooleanWorldConfiguration, trainingConfiguration } from "./configuration";
import { evaluateModel } from "./evaluate";
import { trainModel } from "./train-model";
import { type TokenPlaces, tokenPlaces, unseenTokens } from "./unseen-tokens";
import { createWorldTrainer, type WorldTrainer } from "./world-trainer";

/** The rule sets of the sweep. */
export const trialWorlds = { document: documentRules, harder: harderRules } as const;
export type TrialWorld = keyof typeof trialWorlds;

export interface Trial {
  world: TrialWorld;
  excluded: readonly State[];
  /** Of the data, the weights and their order. */
  seed: number;
}

export interface TrialRow {
  world: TrialWorld;
  /** How many states the world has, and how many of them were left out. */
  states: number;
  excluded: number;
  seed: number;
  /** Such as "1,0,1,0,1;0,1,0,1,0". */
  without: string;
  /** Shares of states that are answered exactly. */
  seen_exact: number;
  excluded_exact: number;
  /** Of excluded states whose answer has the right value in its place, by the name of an output or sum. */
  excluded_parts: Record<string, number>;
  steps: number;
  seconds: number;
}

/** What a process of the sweep is asked. */
export interface TrialJob {
  trial: Trial;
  settings: BooleanWorldConfiguration;
}

/** Tells one of a sweep's trials, or its row, from the others. */
export function trialName(trial: Trial | TrialRow): string {
  const without = "without" in trial ? trial.without : formatStates(trial.excluded);
  return `of seed ${trial.seed} in the ${trial.world} world without ${without}`;
}

const formatStates = (states: readonly State[]) => states.map(formatState).join(";");

const MOST_DRAWS = 2_000;

/**
 * Draws states to exclude such that what remains shows every token of their answers in its place: only then is an answer a
 * matter of the rules.
 *
 * @param options.places of the rules; made by default
 * @throws {RangeError} where no such states are found, or there are not so many
 */
export function drawExcluded(
  rules: BooleanRules,
  count: number,
  { rng, places }: { rng: Random; places?: TokenPlaces },
): State[] {
  const states = allStates(rules);
  const refuse = (rule: string) =>
    new RangeError(`Cannot draw states to exclude as ${rule}: got ${count} of ${states.length}`);
  if (!Number.isInteger(count) || count < 1 || count >= states.length)
    throw refuse("some are kept and some left out");
  const known = places ?? tokenPlaces(rules);
  for (let attempt = 0; attempt < MOST_DRAWS; attempt++) {
    const order = rng.permutation(states.length).slice(0, count).sort();
    const drawn = Array.from(order, (place) => states[place]);
    if (unseenTokens(rules, drawn, known).length === 0) return drawn;
  }
  throw refuse("the rest must show every token of their answers in its place");
}

/** The sweep's trials; the harder world, of twice as many states, leaves out twice as many. */
export function sweepTrials({ seed, sweepCounts, sweepDraws }: BooleanWorldConfiguration): Trial[] {
  const rng = createRandom(seed).split("excluded states");
  return (Object.keys(trialWorlds) as TrialWorld[]).flatMap((world) => {
    const rules = trialWorlds[world];
    const places = tokenPlaces(rules);
    const factor = 2 ** (rules.inputs.length - documentRules.inputs.length);
    return sweepCounts.flatMap((count) =>
      Array.from({ length: sweepDraws }, (_, draw): Trial => {
        const stream = rng.split(`${world} ${count} ${draw}`);
        return {
          world,
          excluded: drawExcluded(rules, count * factor, { rng: stream, places }),
          seed: seed + draw,
        };
      }),
    );
  });
}

/** The network of each world, made when it is first asked for. */
export interface TrialTrainers {
  of(world: TrialWorld): WorldTrainer;
  dispose(): void;
}

/** @param configuration whose epochs are those of a trial */
export function createTrialTrainers(configuration: BooleanWorldConfiguration): TrialTrainers {
  const trainers = new Map<TrialWorld, WorldTrainer>();
  const { epochs, trainExamples, batchSize } = configuration;
  return {
    of(world) {
      const made =
        trainers.get(world) ??
        createWorldTrainer(
          trialWorlds[world],
          trainingConfiguration(configuration),
          epochs * Math.floor(trainExamples / batchSize),
        );
      trainers.set(world, made);
      return made;
    },
    dispose() {
      for (const trainer of trainers.values()) {
        trainer.dispose();
        tensorflow().dispose(Object.values(trainer.parameters));
      }
      trainers.clear();
    },
  };
}

export interface TrialOptions {
  trainers: TrialTrainers;
  signal?: AbortSignal;
}

/** Trains on what a trial leaves, and asks for every state. @returns undefined where the signal stopped it */
export async function runTrial(
  { world, excluded, seed }: Trial,
  configuration: BooleanWorldConfiguration,
  { trainers, signal }: TrialOptions,
): Promise<TrialRow | undefined> {
  const rules = trialWorlds[world];
  const { trainExamples: train, validExamples: valid, testExamples: test } = configuration;
  const dataset = generateWorldDataset(rules, { excluded, seed, sizes: { train, valid, test } });
  const settings = { ...trainingConfiguration(configuration), seed };
  const trainer = trainers.of(world);
  const { model, outcome } = await trainModel({ rules, excluded, ...dataset }, settings, { trainer, signal });
  if (outcome.status !== "finished") return undefined;
  const { accuracy } = await evaluateModel(model);
  const [, seen, { states: _, count: __, exact, ...parts }] = accuracy;
  return {
    ...{ world, states: 2 ** rules.inputs.length, excluded: excluded.length, seed },
    without: formatStates(excluded),
    ...{ seen_exact: seen.exact, excluded_exact: exact, excluded_parts: parts as Record<string, number> },
    ...{ steps: outcome.step, seconds: outcome.seconds },
  };
}
