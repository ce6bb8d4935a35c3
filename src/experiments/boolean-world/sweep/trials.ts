// The trainings of which the sweep over numbers of held-out states consists; each holds other states out.
import {
  allStates,
  type BooleanRules,
  documentRules,
  formatState,
  generateWorldDataset,
  harderRules,
  type State,
} from "../../../data";
import type { ProgressReporter } from "../../../io";
import { createRandom, type Random } from "../../../random";
import { tensorflow } from "../../../tensor";
import { type BooleanWorldConfiguration, trainingConfiguration } from "../configuration";
import { evaluateModel } from "../model/evaluate";
import { trainModel } from "../model/train-model";
import { type TokenPlaces, tokenPlaces, unseenTokens } from "../model/unseen-tokens";
import { createWorldTrainer, type WorldTrainer } from "../model/world-trainer";

/** The rule sets of the sweep. */
export const trialWorlds = { document: documentRules, harder: harderRules } as const;
export type TrialWorld = keyof typeof trialWorlds;

export interface Trial {
  world: TrialWorld;
  excluded: readonly State[];
  /** The seed of the data, the weights and the order of the examples. */
  seed: number;
}

export interface TrialRow {
  world: TrialWorld;
  /** How many states the world has, and how many of them were held-out. */
  states: number;
  excluded: number;
  seed: number;
  /** Such as "1,0,1,0,1;0,1,0,1,0". */
  without: string;
  /** Shares of states that are answered exactly. */
  seen_exact: number;
  excluded_exact: number;
  /** The share of held-out states whose answer has the right value in its place, by the name of an output or sum. */
  excluded_parts: Record<string, number>;
  steps: number;
  seconds: number;
}

/**
 * Names one of a sweep's trainings, or its row, as a file and to `--unit`: such as "document-8-of-32-seed-1".
 *
 * @param excluded how many states are held-out
 */
export const trialKey = ({ world, excluded, seed }: Pick<TrialRow, "world" | "excluded" | "seed">): string =>
  `${world}-${excluded}-of-${statesOf(world)}-seed-${seed}`;

/** How many states a world has. */
export const statesOf = (world: TrialWorld): number => 2 ** trialWorlds[world].inputs.length;

/** A training of the sweep before its held-out states are drawn. */
export interface PlannedTrial {
  world: TrialWorld;
  /** How many states are held-out. */
  excluded: number;
  seed: number;
  /** The place among trainings of the same world and number. */
  draw: number;
}

/** The sweep's trainings, in their order; the harder world, of twice as many states, holds out twice as many. */
export function plannedTrials({
  seed,
  sweepCounts,
  sweepDraws,
}: Pick<BooleanWorldConfiguration, "seed" | "sweepCounts" | "sweepDraws">): PlannedTrial[] {
  return (Object.keys(trialWorlds) as TrialWorld[]).flatMap((world) =>
    sweepCounts.flatMap((count) =>
      Array.from({ length: sweepDraws }, (_, draw) => ({
        world,
        excluded: (count * statesOf(world)) / statesOf("document"),
        seed: seed + draw,
        draw,
      })),
    ),
  );
}

const formatStates = (states: readonly State[]) => states.map(formatState).join(";");

const MOST_DRAWS = 2_000;

/**
 * Draws states to exclude such that what remains shows every token of their answers in its place: only then is an answer a
 * matter of the rules.
 *
 * @param rules the world's rules
 * @param count how many states are drawn: some, and not all
 * @param options.rng draws them
 * @param options.places the tokens of the world's texts; made by default
 * @throws {RangeError} where no such states are found, or there are not so many
 * @example
 * import { booleanWorld, createRandom, documentRules } from "dolab";
 * const rng = createRandom(1);
 * booleanWorld.drawExcluded(documentRules, 1, { rng }); // => [[0, 0, 1, 1, 0]]
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

/**
 * Draws the held-out states of every training of the sweep.
 *
 * @throws {RangeError} for a number of states that a world cannot hold out
 */
export function sweepTrials(configuration: BooleanWorldConfiguration): Trial[] {
  const rng = createRandom(configuration.seed).split("excluded states");
  const places = new Map<TrialWorld, TokenPlaces>();
  return plannedTrials(configuration).map(({ world, excluded: count, seed, draw }) => {
    const rules = trialWorlds[world];
    const known = places.get(world) ?? tokenPlaces(rules);
    places.set(world, known);
    const perDocument = (count * statesOf("document")) / statesOf(world); // as sweepCounts has it
    const stream = rng.split(`${world} ${perDocument} ${draw}`);
    return { world, excluded: drawExcluded(rules, count, { rng: stream, places: known }), seed };
  });
}

/** The network of each world, made when it is first asked for. */
export interface TrialTrainers {
  of(world: TrialWorld): WorldTrainer;
  dispose(): void;
}

/** Makes the trainers of a sweep. @param settingsOf a world's settings; their epochs are those of a trial */
export function createTrialTrainers(
  settingsOf: (world: TrialWorld) => BooleanWorldConfiguration,
): TrialTrainers {
  const trainers = new Map<TrialWorld, WorldTrainer>();
  return {
    of(world) {
      const settings = settingsOf(world);
      const { epochs, trainExamples, batchSize } = settings;
      const made =
        trainers.get(world) ??
        createWorldTrainer(
          trialWorlds[world],
          trainingConfiguration(settings),
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
  progress?: ProgressReporter;
  signal?: AbortSignal;
}

/** Trains on what a trial leaves, and asks for every state. @returns undefined where the signal stopped it */
export async function runTrial(
  { world, excluded, seed }: Trial,
  configuration: BooleanWorldConfiguration,
  { trainers, progress, signal }: TrialOptions,
): Promise<TrialRow | undefined> {
  const rules = trialWorlds[world];
  const { trainExamples: train, validExamples: valid, testExamples: test } = configuration;
  const dataset = generateWorldDataset(rules, { excluded, seed, sizes: { train, valid, test } });
  const settings = { ...trainingConfiguration(configuration), seed };
  const trainer = trainers.of(world);
  const { model, outcome } = await trainModel({ rules, excluded, ...dataset }, settings, {
    trainer,
    progress,
    signal,
  });
  if (outcome.status !== "finished") return undefined;
  const { accuracy } = await evaluateModel(model);
  const [, seen, { states: _, count: __, exact, ...parts }] = accuracy;
  return {
    world,
    states: statesOf(world),
    excluded: excluded.length,
    seed,
    without: formatStates(excluded),
    seen_exact: seen.exact,
    excluded_exact: exact,
    excluded_parts: parts as Record<string, number>,
    steps: outcome.step,
    seconds: outcome.seconds,
  };
}
