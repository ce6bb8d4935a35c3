// Keeps the settings of a training beside the variable that counts its steps: `train` finds them there and knows a run whose
// optimiser or learning rate has changed, though it is handed variables only.
import type { Variable } from "@tensorflow/tfjs-node";

const settings = new WeakMap<Variable, (() => object)[]>();

/** Adds to what is known of the training that a variable counts the steps of. @param read plain data, as it is now */
export function declareSettings(counter: Variable, read: () => object): void {
  settings.set(counter, [...(settings.get(counter) ?? []), read]);
}

/** What is known of the training whose steps a variable counts; undefined for any other variable. */
export function settingsOf(variable: Variable): object | undefined {
  const all = settings.get(variable);
  return all && Object.assign({}, ...all.map((read) => read()));
}
