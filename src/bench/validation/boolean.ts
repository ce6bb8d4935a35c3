// The claim of the boolean world: GPT-2 models that are trained as `dolab boolean --train` does by default, without two of the
// document's 32 states, answer at least 99 % of all states exactly, pooled over five seeds. Errors are shares of states that are
// answered otherwise than the rules do; only the pooled one has a limit.
import { documentRules, parseStates } from "../../data";
import { booleanWorld } from "../../experiments";
import { createTrialTrainers, runTrial } from "../../experiments/boolean-world/sweep/trials";
import type { Finding, Validation, ValidationOptions } from "./validation";

/** Every token of their answers stands in its place in another answer, too. */
const heldOut = "1,0,1,0,1;0,1,0,1,0";
const seeds = 5;
const allowed = 0.01;

export const boolean: Validation = {
  name: "boolean",
  title: "tiny GPT-2 models of five seeds on all states of the boolean world, two of them never read",
  needs: "minutes",
  run: (options) => validateAnswers(booleanWorld.parameters({ preset: "paper" }).configuration, options),
};

/**
 * Trains a model for each seed from `seed` on, and asks each for every state.
 *
 * @param options.rounds times five seeds
 */
export async function validateAnswers(
  configuration: booleanWorld.BooleanWorldConfiguration,
  { seed, rounds, onCases = () => {} }: ValidationOptions,
): Promise<Finding[]> {
  const excluded = parseStates(documentRules, heldOut);
  const trials = Array.from(
    { length: Math.ceil(seeds * rounds) },
    (_, i): booleanWorld.Trial => ({ world: "document", excluded, seed: seed + i }),
  );
  const rows: booleanWorld.TrialRow[] = [];
  const trainers = createTrialTrainers(() => configuration);
  onCases(0, trials.length);
  try {
    for (const trial of trials) {
      const row = await runTrial(trial, configuration, { trainers });
      if (row) rows.push(row);
      onCases(rows.length, trials.length);
    }
  } finally {
    trainers.dispose();
  }
  return answerFindings(rows);
}

/** For each training a line of the states that it read and one of those that it did not, and a last one of all together. */
export function answerFindings(rows: readonly booleanWorld.TrialRow[]): Finding[] {
  const finding = (check: string, states: number, right: number, tolerance: number): Finding => ({
    check,
    against: "the rules",
    cases: states,
    numbers: states,
    tolerance,
    disagreements: [],
    worst: (states - right) / states,
  });
  const parts = rows.flatMap(({ seed, states, excluded, seen_exact, excluded_exact }) => [
    { check: `seed ${seed}, read`, states: states - excluded, share: seen_exact },
    { check: `seed ${seed}, held-out`, states: excluded, share: excluded_exact },
  ]);
  const counted = parts.map((part) => ({ ...part, right: Math.round(part.share * part.states) }));
  const [states, right] = (["states", "right"] as const).map((key) =>
    counted.reduce((sum, part) => sum + part[key], 0),
  );
  const pooled = finding("all together", states, right, allowed);
  if (!(pooled.worst <= allowed))
    pooled.disagreements.push(`${right} of ${states} states are answered exactly: at least 99 % must be`);
  return [...counted.map(({ check, states: own, right: exact }) => finding(check, own, exact, 1)), pooled];
}
