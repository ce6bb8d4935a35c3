// Keeps the progress bar and the interrupt signal that work uses where its caller gives none. `dolab run` sets both, so that a
// script's trainings show a bar and Ctrl-C pauses them. Elsewhere work then reports to nobody, and nothing interrupts it.
import { type ProgressReporter, silentProgress } from "./progress-reporter";

export interface Surroundings {
  progress: ProgressReporter;
  signal?: AbortSignal;
}

let own: Surroundings = { progress: silentProgress };

/** What work uses that is given no `progress` or `signal`. */
export const surroundings = (): Surroundings => own;

/** Sets it for the whole process. */
export function setSurroundings(surrounding: Surroundings): void {
  own = surrounding;
}
