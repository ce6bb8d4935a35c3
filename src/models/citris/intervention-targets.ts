// What the targets of interventions allow to be identified at all (Lippe et al. 2022, arXiv:2202.03169, section 3: minimal causal
// variables): targets that never vary, or two that never differ, leave factors that no method tells apart.

/**
 * Checks intervention targets, and says in sentences what cannot be identified from them.
 *
 * @param targets 1 where a factor was intervened upon between two frames, else 0, row after row. [steps, factors]
 * @param names names of the factors
 * @returns a caution for each factor that is never, or always, intervened upon, and for each two that are so in the same steps
 * @throws {RangeError} where a target is neither 0 nor 1, or the rows have another width
 * @example
 * import { targetCautions } from "dolab";
 * targetCautions([1, 0, 0, 0], ["place", "box"]).length; // => 1
 * targetCautions([1, 0, 0, 1], ["place", "box"]).length; // => 0
 */
export function targetCautions(targets: ArrayLike<number>, names: readonly string[]): string[] {
  const steps = targets.length / names.length;
  if (!(Number.isInteger(steps) && names.length > 0))
    throw new RangeError(
      `Cannot take intervention targets as each step must have ${names.length} (${names.join(", ")}): got ${targets.length} in all`,
    );
  const wrong = Array.from(targets).findIndex((value) => value !== 0 && value !== 1);
  if (wrong >= 0) {
    const place = `${targets[wrong]} for ${names[wrong % names.length]} at step ${Math.floor(wrong / names.length)}`;
    throw new RangeError(`Cannot take intervention targets as each must be 0 or 1: got ${place}`);
  }
  if (steps === 0) return [];
  const column = (factor: number) =>
    Uint8Array.from({ length: steps }, (_, step) => targets[step * names.length + factor]);
  const columns = names.map((_, factor) => column(factor));
  const done = columns.map((values) => values.reduce((sum, value) => sum + value, 0));
  const varies = (factor: number) => done[factor] > 0 && done[factor] < steps;
  const cautions = names.flatMap((name, factor) => {
    if (varies(factor)) return [];
    const how = done[factor] === 0 ? "never intervened upon" : "intervened upon at every step";
    return [
      `${name} is ${how}, in ${steps} steps: no target tells its latents from others, and it cannot be identified`,
    ];
  });
  for (const [i, name] of names.entries())
    for (let j = i + 1; j < names.length; j++)
      if (varies(i) && varies(j) && columns[i].every((value, step) => value === columns[j][step]))
        cautions.push(
          `${name} and ${names[j]} are intervened upon in the same steps alone: they can be identified together, and not apart`,
        );
  return cautions;
}
