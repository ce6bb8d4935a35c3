// Checks variables that are given by name before anything reads them: a layer in the place of its variables, a list, a tensor.
import { valueInWords } from "../tensor/is-tensor";

/**
 * Refuses what is not a record of tf.Variables.
 *
 * @param action what cannot be done then, such as "train"
 * @param what the option's name
 * @param variables what the caller has given
 * @throws {TypeError} naming what was given, and where a layer was, what to write instead
 */
export function requireVariables(action: string, what: string, variables: unknown): void {
  const refuse = (got: string) =>
    new TypeError(`Cannot ${action} as ${what} must be tf.Variables by name: got ${got}`);
  if (typeof variables !== "object" || variables === null || Array.isArray(variables))
    throw refuse(valueInWords(variables));
  for (const [name, variable] of Object.entries(variables))
    if (!isVariable(variable))
      throw refuse(`${valueInWords(variable)} for "${name}"${cureOf(variable, name)}`);
}

const isVariable = (value: unknown): boolean =>
  typeof (value as { assign?: unknown } | null | undefined)?.assign === "function";

/** What to write where a layer stands for its variables. */
function cureOf(value: unknown, name: string): string {
  const parts = typeof value === "object" && value !== null ? Object.values(value) : [];
  return parts.length > 0 && parts.every(isVariable) ? ` (...prefixNames("${name}", layer)?)` : "";
}
