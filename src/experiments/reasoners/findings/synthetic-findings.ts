// The findings of a training that never was: synthetic thoughts, for examples, tests, and to see what figures and tables look like
// before anything is trained. Relations are planted: a lower λ1, less late drift and a higher halting logit mean right answers.
import { type Diagnostics, synthesizeDiagnostics } from "../../../data";
import type { ReasonerRow } from "../reasoner-unit";
import { clampKinds } from "../thinking/clamps";
import type { FurtherThought } from "../thinking/further-thought";
import { kickDirections } from "../thinking/kicks";
import type { Thought } from "../thinking/thought-files";
import { type Findings, findingsFrom } from "./findings";

/** After this ACT step answers are what they are in the end; before it all are wrong. */
const DECIDED = 4;
const PUZZLES_A_GRID = 4;

/**
 * Makes synthetic thoughts: growth is the exponents at every step, so that every window of a thought tells the same.
 *
 * @param options.seed the seed of the diagnostics
 * @param options.samples how many thoughts
 * @param options.maturity how far the training is, from 0 to 1
 */
export function syntheticThought({
  seed,
  samples,
  maturity = 0.5,
}: {
  seed: number;
  samples: number;
  maturity?: number;
}): Thought {
  const diagnostics: Diagnostics = synthesizeDiagnostics({ seed, samples, maturity, exponents: 3 });
  const { steps, exponents, lyapunov, correct } = diagnostics;
  return {
    ...diagnostics,
    growth: Float64Array.from({ length: samples * steps * exponents }, (_, at) => {
      const sample = Math.floor(at / (steps * exponents));
      return lyapunov[sample * exponents + (at % exponents)];
    }),
    correctAt: Float64Array.from({ length: samples * steps }, (_, at) =>
      at % steps < DECIDED ? 0 : correct[Math.floor(at / steps)],
    ),
    clues: Float64Array.from({ length: samples }, (_, i) => 4 + (i % 2)),
    grids: Float64Array.from({ length: samples }, (_, i) => Math.floor(i / PUZZLES_A_GRID)),
  };
}

/**
 * Makes the findings of a training that never was, with every part that figures and tables draw; all numbers are synthetic.
 *
 * @param options.seed the seed of the thoughts
 * @param options.samples how many puzzles are thought about
 * @returns the findings of one training of TRM, as a run has them in `findings`
 * @example
 * import { reasoners } from "dolab";
 * const [training] = reasoners.syntheticFindings({ seed: 1, samples: 64 });
 * training.title; // => "TRM of seed 1"
 * training.thoughts.map(({ step }) => step); // => [100, 200]
 */
export function syntheticFindings({ seed = 0, samples = 64 } = {}): Findings[] {
  const checkpoints = (["early", "chosen"] as const).map((role, i) => ({ role, step: 100 * (i + 1) }));
  const thoughts = checkpoints.map(({ step }, i) => ({
    step,
    file: `synthetic_${step}.npz`,
    thought: syntheticThought({ seed: seed + i, samples, maturity: 0.3 + 0.3 * i }),
    leftOut: 0,
  }));
  const { thought: chosen } = thoughts[1];
  const row: ReasonerRow = {
    system: "trm",
    seed,
    noisy: false,
    reached: true,
    validation: checkpoints.map(({ step }) => ({ step, right: step / 400 })),
    loss: checkpoints.map(({ step }) => ({ step, loss: 100 / step })),
    checkpoints: checkpoints.map((checkpoint, i) => ({ ...checkpoint, file: thoughts[i].file, samples })),
    further: syntheticFurther(Array.from(chosen.correct, Number)),
  };
  return [findingsFrom(row, thoughts, { seed, replicates: 20, level: 0.95 })];
}

/** What becomes of the thoughts: one wrong answer in four turns right, kicks halve at each step, and clamps help a little. */
function syntheticFurther(correct: readonly number[]): FurtherThought {
  const index = Array.from(correct.keys());
  const later = correct.map((right, i) => (i % 4 === 0 ? 1 : right));
  const all = (value: number) => index.map(() => value);
  return {
    runOn: { at: [16, 32], right: correct.map((right, i) => [right, later[i]]), lastDrift: all(-3) },
    restarts: [0.3, 1].map((size) => ({ size, count: 8, solved: correct.map((right) => 8 * right) })),
    swap: { from: index.map((i) => (i + 1) % index.length), right: [...correct] },
    kicks: {
      step: 8,
      index,
      exponent: all(Math.log(0.5)),
      right: [...correct],
      kicks: kickDirections.map((direction) => ({
        direction,
        size: 0.1,
        distance: index.map(() => [0.1, 0.05, 0.025]),
        right: [...correct],
      })),
    },
    clamps: clampKinds.map((kind) => ({
      kind,
      index,
      cell: all(0),
      before: all(0.5),
      held: all(0.75),
      after: all(0.625),
    })),
  };
}
