// Runs one statistic on many random inputs and compares with a reference in peers/statistics_reference.py.
import { createRandom, type Random } from "../../random";
import type { JsonLinesProcess } from "../json-lines-process";
import { decodeFloats, encodeFloats } from "./floats-as-text";
import { greatestError } from "./greatest-error";
import type { Finding } from "./validation";

export interface StatisticCheck {
  check: string;
  against: string;
  /** The function's name in peers/statistics_reference.py. */
  reference: string;
  cases: number;
  tolerance: number;
  /** Draws one input: the arguments of `ours` and of the reference. */
  draw(rng: Random): Float64Array[];
  ours(...columns: Float64Array[]): number | ArrayLike<number>;
}

interface Answer {
  values?: string;
  /** What errors are divided by. */
  scale?: number;
  /** Why the reference takes no such input. */
  refused?: string;
}

const batch = 200;

/**
 * @param reference a running peers/statistics_reference.py
 * @param onCases told after each batch how many more cases are done
 */
export async function runStatisticCheck(
  { check, against, reference: name, cases, tolerance, draw, ours }: StatisticCheck,
  reference: Pick<JsonLinesProcess, "ask">,
  seed: number,
  onCases: (more: number) => void = () => {},
): Promise<Finding> {
  const rng = createRandom(seed).split(check).split(against);
  const finding: Finding = { check, against, cases, numbers: 0, worst: 0, tolerance, disagreements: [] };
  for (let first = 0; first < cases; first += batch) {
    const inputs = Array.from({ length: Math.min(batch, cases - first) }, (_, i) =>
      draw(rng.split(first + i)),
    );
    const outcomes = inputs.map((columns) => outcomeOf(() => ours(...columns)));
    const { answers } = await reference.ask<{ answers: Answer[] }>({
      reference: name,
      cases: inputs.map((columns, i) => ({
        columns: columns.map(encodeFloats),
        ours: encodeFloats(outcomes[i].values ?? []),
      })),
    });
    for (const [i, answer] of answers.entries()) {
      const { error, numbers, text } = compare(outcomes[i], answer);
      finding.numbers += numbers;
      finding.worst = Math.max(finding.worst, error);
      if (error > tolerance)
        finding.disagreements.push(`case ${first + i} of seed ${seed} (${describe(inputs[i])}): ${text}`);
    }
    onCases(inputs.length);
  }
  return finding;
}

interface Outcome {
  values?: ArrayLike<number>;
  refused?: string;
}

/** Refusing an input is an outcome; any other error is not. */
function outcomeOf(run: () => number | ArrayLike<number>): Outcome {
  try {
    const values = run();
    return { values: typeof values === "number" ? [values] : values };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { refused: error.message };
  }
}

function compare(ours: Outcome, answer: Answer): { error: number; numbers: number; text: string } {
  const theirs = answer.values === undefined ? undefined : decodeFloats(answer.values);
  if (!ours.values || !theirs) {
    const error = ours.values || theirs ? Number.POSITIVE_INFINITY : 0;
    const text = `${ours.refused ?? show(ours.values!)} against ${answer.refused ?? show(theirs!)}`;
    return { error, numbers: 1, text };
  }
  const error = greatestError(ours.values, theirs, answer.scale);
  return { error, numbers: theirs.length, text: `${show(ours.values)} against ${show(theirs)}` };
}

const show = (values: ArrayLike<number>, most = 6) =>
  `[${Array.from(values).slice(0, most).join(", ")}${values.length > most ? ", …" : ""}]`;
const describe = (columns: Float64Array[]) =>
  columns.map((column) => `${column.length}: ${show(column)}`).join("; ");
