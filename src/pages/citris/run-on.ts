// Lets a scene run on from its latents, as the model's transition prior expects it, with one factor set at one step; and the true
// rules beside it, without their noise.
import { drawScene, expectedScene, still } from "../../data/temporal-scenes/scene-dynamics";
import type { SceneFactor, SceneState } from "../../data/temporal-scenes/scene-factors";
import { expectedNext, type TransitionPrior } from "../../models/citris/prior/transition-prior";
import { tensorflow } from "../../tensor";

/** do(): some of a scene's numbers are set at one step. */
export interface ScheduledChange {
  /** 1 for the first step after the start. */
  step: number;
  /** Their places, and what they are set to. */
  places: readonly number[];
  values: readonly number[];
}

function changed(numbers: Float32Array, step: number, change?: ScheduledChange): Float32Array {
  if (change?.step === step)
    for (const [i, place] of change.places.entries()) numbers[place] = change.values[i];
  return numbers;
}

/**
 * The latents after so many steps. A change replaces what the prior expects at its step, whatever came before, as a perfect
 * intervention does; all others follow their rules.
 *
 * @param start [latents]
 */
export function latentsAfter(
  prior: TransitionPrior,
  start: Float32Array,
  steps: number,
  change?: ScheduledChange,
): Float32Array {
  const tf = tensorflow();
  let now = start;
  for (let step = 1; step <= steps; step++) {
    const next = tf.tidy(() =>
      expectedNext(prior, tf.tensor2d(now, [1, prior.latents]), tf.zeros([1, prior.factors]))
        .dataSync<"float32">()
        .slice(),
    );
    now = changed(next, step, change);
  }
  return now;
}

/** The true values after so many steps. @param start the factors' columns @param change of columns */
export function valuesAfter(
  factors: readonly SceneFactor[],
  start: Float32Array,
  steps: number,
  change?: ScheduledChange,
): Float32Array {
  const names = factors.flatMap(({ columns }) => columns.map(({ name }) => name as keyof SceneState));
  let now = start;
  for (let step = 1; step <= steps; step++) {
    const state = drawScene([], still); // what is no factor has its fixed value
    for (const [i, name] of names.entries()) state[name] = now[i];
    const next = expectedScene(state, factors);
    now = changed(
      Float32Array.from(names, (name) => next[name]),
      step,
      change,
    );
  }
  return now;
}
