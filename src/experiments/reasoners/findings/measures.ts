// The run in a handful of numbers a training, to be put beside the committed run of preset standard and the authors' numbers.
import { existsSync, readFileSync } from "node:fs";
import { inProject } from "../../../environment/paths.mjs";
import { parseCsv } from "../../../io";
import { mean } from "../../../stats";
import { type Findings, medianExponents } from "./findings";
import { share } from "./share";

export interface Measure {
  system: string;
  seed: number;
  measure: string;
  value: number;
  /** Limits of its interval over puzzles or grids; NaN where there is none. */
  low: number;
  high: number;
}

/** What the authors found with the networks of their own, by system and measure. */
const published: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  hrm: {
    "AUC of −λ₁": ".984",
    "median λ₁, right": "−.152 per update",
    "median λ₁, wrong": "+.032 per update",
    "wrong answers slower than the median right one": ".005 settle",
    "wrong answers right when run on": "few",
  },
  trm: {
    "AUC of −λ₁": ".993",
    "median λ₁, right": "+.012 per update",
    "median λ₁, wrong": "+.103 per update",
    "wrong answers slower than the median right one": "0 of 254 settle",
    "wrong answers right when run on": "over .96",
  },
};

/** Lists a row for each training and measure; twins are told by what they change. */
export function measureTable(findings: readonly Findings[]): Measure[] {
  return findings.filter(({ row }) => !row.noisy).flatMap(measuresOf);
}

function measuresOf({ row, thoughts, chosen, cells, scores, settling, deflation }: Findings): Measure[] {
  const { system, seed, further } = row;
  const none = Number.NaN;
  const plain = (measure: string, value: number): Measure => ({
    system,
    seed,
    measure,
    value,
    low: none,
    high: none,
  });
  const limits = (measure: string, value: number, low: number, high: number): Measure => ({
    system,
    seed,
    measure,
    value,
    low,
    high,
  });
  const part = (measure: string, count: number, of: number) => {
    const { low, high } = share(count, of, 0.95);
    return limits(measure, of > 0 ? count / of : none, low, high);
  };
  const score = (measure: string, name: string, among = "all answers") => {
    const { estimate, low, high } = scores.find((one) => one.score === name && one.among === among) ?? {
      estimate: none,
      low: none,
      high: none,
    };
    return limits(measure, estimate, low, high);
  };
  const early = Math.max(1, Math.round(chosen.steps / 4));
  const last = thoughts[thoughts.length - 1].thought;
  const right = chosen.correct.reduce((sum, one) => sum + one, 0);
  const { right: rightExponent, wrong: wrongExponent } = medianExponents(chosen);
  const list = [
    plain(
      "step of the chosen checkpoint",
      row.checkpoints.find(({ role }) => role === "chosen")?.step ?? none,
    ),
    part("right at the chosen checkpoint", right, chosen.samples),
    part(
      "right at the last checkpoint",
      last.correct.reduce((sum, one) => sum + one, 0),
      last.samples,
    ),
    ...(cells
      ? Object.entries(cells).map(([name, count]) => part(`cell ${name[0]}`, count, chosen.samples))
      : []),
    plain("median λ₁, right", rightExponent),
    plain("median λ₁, wrong", wrongExponent),
    score("AUC of −λ₁", "−λ₁"),
    score("AUC of −mean of the spectrum", "−mean of the spectrum"),
    score("AUC of −late drift", "−late drift"),
    score("AUC of the halting logit", "halting logit"),
    score("AUC of −λ₁, same tenth of late drift", "−λ₁", "same tenth of late drift"),
    score("AUC of −λ₁, same number of clues", "−λ₁", "same number of clues"),
    score(
      `AUC of λ₁ of the first ${early} steps, wrong then`,
      `−λ₁ of steps 1 to ${early}`,
      `wrong at step ${early}`,
    ),
  ];
  if (deflation)
    list.push(
      limits(
        "gain of λ₁ over drift and halting logit",
        deflation.gain.estimate,
        deflation.gain.low,
        deflation.gain.high,
      ),
    );
  if (settling) {
    list.push(part("wrong answers slower than the median right one", settling.slow.count, settling.slow.of));
    list.push(plain("right answers slower than the slowest wrong one", settling.slowestAbove));
    if (settling.restedLater)
      list.push(
        part("wrong to the end of running on, at rest", settling.restedLater.count, settling.restedLater.of),
      );
  }
  if (!further) return list;
  const place = (sample: number) => chosen.index?.[sample] ?? sample;
  const of = (label: number) =>
    Array.from(chosen.correct.keys()).filter((sample) => chosen.correct[sample] === label);
  const [wrong, correct] = [of(0), of(1)];
  const count = (samples: readonly number[], test: (place: number) => boolean) =>
    samples.filter((sample) => test(place(sample))).length;
  list.push(
    part(
      "wrong answers right when run on",
      count(wrong, (at) => further.runOn.right[at].at(-1) === 1),
      wrong.length,
    ),
    ...further.restarts.map(({ size, solved, count: times }) =>
      part(
        `wrong answers right in any of ${times} restarts of size ${size}`,
        count(wrong, (at) => solved[at] > 0),
        wrong.length,
      ),
    ),
    part(
      "right answers right from another's state",
      count(correct, (at) => further.swap.right[at] === 1),
      correct.length,
    ),
    ...further.clamps
      .filter(({ index }) => index.length > 0)
      .map(({ kind, held }) => plain(`other cells right, held: ${kind}`, mean(held))),
  );
  return list;
}

/** A measure of this run, beside the committed run of preset standard and what the authors found. */
export interface MeasureBeside {
  system: string;
  measure: string;
  "this run": string;
  "standard run": string;
  published: string;
}

/** The file of a committed run that holds its measures. */
const referenceFile = () => inProject("results", "reference", "reasoners-standard", "measures.csv");

/**
 * Puts the measures of a run beside the committed run of preset standard and what the authors found.
 *
 * @param findings what each training's thoughts say, as a run has them
 * @param file measures.csv of the run to put beside; the committed one by default
 * @returns a row for each system and measure
 * @example
 * import { reasoners } from "dolab";
 * const findings = reasoners.syntheticFindings({ samples: 64 });
 * const [first] = reasoners.measuresBeside(findings);
 * [first.system, first.measure, first["this run"]]; // => ["TRM", "step of the chosen checkpoint", "200"]
 */
export function measuresBeside(findings: readonly Findings[], file = referenceFile()): MeasureBeside[] {
  const reference = existsSync(file) ? readMeasures(file) : [];
  const own = measureTable(findings);
  const keys = [
    ...new Set([...own, ...reference].map(({ system, measure }) => JSON.stringify([system, measure]))),
  ];
  const text = (value: number) => (Number.isInteger(value) ? String(value) : value.toFixed(3));
  return keys.map((key) => {
    const [system, measure] = JSON.parse(key) as [string, string];
    const of = (list: readonly Measure[]) =>
      list.filter((one) => one.system === system && one.measure === measure && Number.isFinite(one.value));
    const [mine, theirs] = [of(own), of(reference)];
    const shown = mine.map(({ value, low, high }) =>
      Number.isFinite(low) ? `${text(value)} (${text(low)} to ${text(high)})` : text(value),
    );
    const values = Float64Array.from(theirs, ({ value }) => value).sort();
    const seeds = () =>
      values.length === 1
        ? "1 seed"
        : `${text(values[0])} to ${text(values[values.length - 1])}, ${values.length} seeds`;
    return {
      system: system.toUpperCase(),
      measure,
      "this run": shown.join("; "),
      "standard run": values.length === 0 ? "" : `${text(mean(values))} (${seeds()})`,
      published: published[system]?.[measure] ?? "",
    };
  });
}

function readMeasures(file: string): Measure[] {
  const types = {
    system: "string",
    seed: "number",
    measure: "string",
    value: "number",
    low: "number",
    high: "number",
  } as const;
  return parseCsv(readFileSync(file, "utf8"), types).rows.map(
    ({ system, seed, measure, value, low, high }) => ({
      system,
      seed: seed ?? Number.NaN,
      measure,
      value: value ?? Number.NaN,
      low: low ?? Number.NaN,
      high: high ?? Number.NaN,
    }),
  );
}
