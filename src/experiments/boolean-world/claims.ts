// What the document claims of its model, sentence by sentence, beside what a run finds. The document shows one model and one
// state that it never read, as a picture, and gives no rate: what it says in words is quoted.
import { createRandom, type Random } from "../../random";
import { bootstrapInterval, mean, wilsonInterval } from "../../stats";
import { type Claim, claimVerdict } from "../claims";
import type { BooleanWorldRun } from "./experiment";
import type { WrittenValueRow } from "./interventions/traced-pairs";
import type { StateRow } from "./model/evaluate";
import { neighboursOf } from "./sweep/sweep-table";
import type { TrialRow } from "./sweep/trials";

/** What was found at one model that was trained without the document's state. */
export interface ModelFindings {
  /** Its answers to all states, as `evaluateModel` gives them. */
  answers: readonly StateRow[];
  /** What it makes of a wrong newB in its answer, as `contradictAnswer` gives it. */
  contradicted: readonly WrittenValueRow[];
}

/** The state that the document's model answers without having read it. */
const documentState = "1,0,1,0,1";

/** The shares of exact answers from which on the rules count as found, and what was read counts as learned. */
const [FOUND, LEARNED] = [0.9, 0.99];

const inWords = (value: string) => ({ value: `in words: "${value}"`, source: "document 003, TL;DR" });
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const NOTHING: Pick<Claim, "found" | "verdict"> = { found: "nothing", verdict: "cannot be told here" };

/** Why trainings tell nothing of states that they did not read, if so. */
function unfit(rows: readonly TrialRow[], fewest: number): string | undefined {
  if (rows.length < fewest)
    return `it takes ${fewest === 1 ? "a training" : `${fewest} trainings`} of this kind, which the sweep has not`;
  const unlearned = rows.filter(({ seen_exact }) => seen_exact < LEARNED).length;
  return unlearned > 0
    ? `${unlearned} of ${rows.length} models have not learned what they read, and say nothing of the rest`
    : undefined;
}

/**
 * Compares a run with the document. Claims about single answers and about newB's way into newD need a model, which the notebook
 * trains: without `run.model` they cannot be told.
 *
 * @param run a sweep, finished or not
 * @returns one row a claim
 * @example
 * import { booleanWorld } from "dolab";
 * const [read, documentState] = booleanWorld.claims(booleanWorld.referenceRun());
 * read.verdict; // => "shown"
 * documentState.found; // => "1 of 1 models"
 */
export function claims(run: Pick<BooleanWorldRun, "rows" | "configuration" | "model">): Claim[] {
  const { rows, configuration, model } = run;
  const { seed, replicates, level } = configuration;
  const rng = createRandom(seed).split("claims");
  const own = rows.filter(({ world }) => world === "document");
  const few = own.filter(({ excluded, states }) => excluded / states <= 1 / 16);
  const many = own.filter(({ excluded, states }) => excluded / states >= 1 / 4);
  const interval = { replicates, level };
  return [
    readClaim(rows),
    stateClaim(own, model),
    rateClaim(few, level, {
      claim: `Of 1 or 2 held-out states of 32, at least ${percent(FOUND)} are answered exactly`,
      published: inWords("it works on new data it hasn't seen before"),
    }),
    rateClaim(many, level, {
      claim: `Where a quarter of the states or more is held-out, still at least ${percent(FOUND)} are answered exactly`,
      published: null,
    }),
    beyondCopies(own, {
      ...interval,
      rng: rng.split("exact"),
      claim:
        "Held-out states are answered exactly more often than by copying the nearest state that was read",
      published: inWords("a causal world model that goes beyond pattern matching"),
      note: "no copied answer is exact where a sum counts the inputs: the next claim asks more",
      found: (row) => row.excluded_exact,
      copied: (row) => neighboursOf(row).exact,
    }),
    beyondCopies(own, {
      ...interval,
      rng: rng.split("newD"),
      claim:
        "newD, which reads another value of the answer, is right for held-out states more often than a copied one",
      published: inWords(
        "can handle multi-step dependencies (a part of the output depends on the output itself)",
      ),
      found: (row) => row.excluded_parts.newD,
      copied: (row) => neighboursOf(row).parts.newD,
    }),
    chainClaim(model, level),
  ];
}

/** Whether there is anything to ask: a model that has not learned what it read says nothing of the rest. */
function readClaim(rows: readonly TrialRow[]): Claim {
  const least = rows.reduce((worst, { seen_exact }) => Math.min(worst, seen_exact), 1);
  return {
    claim: `Every training learns what it reads: at least ${percent(LEARNED)} of those states are answered exactly`,
    published: null,
    ...(rows.length === 0
      ? { ...NOTHING, why: "no training is done" }
      : {
          found: `${percent(least)} in the worst of ${rows.length} trainings`,
          verdict: least >= LEARNED ? ("shown" as const) : ("not shown" as const),
        }),
  };
}

function stateClaim(rows: readonly TrialRow[], model: ModelFindings | undefined): Claim {
  const answer = model?.answers.find((row) => row.state === documentState && row.excluded);
  const alone = rows.filter(({ without }) => without === documentState);
  const asked = answer ? [Number(answer.exact)] : alone.map((row) => row.excluded_exact);
  const right = asked.filter((exact) => exact === 1).length;
  const claim: Pick<Claim, "claim" | "published"> = {
    claim: `The document's held-out state, ${documentState}, is answered exactly`,
    published: {
      value: "answered exactly, by one model",
      source: 'document 003, "Test (sequence not in dataset)"',
    },
  };
  if (asked.length === 0)
    return { ...claim, ...NOTHING, why: "no model here held out that state alone; the notebook trains one" };
  const text = answer ? `"${answer.answer.trim().replace(/\n/g, " / ")}"` : "";
  return {
    ...claim,
    found: text ? `${text}, ${right === 1 ? "exact" : "not exact"}` : `${right} of ${asked.length} models`,
    verdict: right === asked.length ? "shown" : "not shown",
    why: 'one state is an anecdote; the document\'s own example of this answer ends "3 - 3" against its rules, which give "3 - 2"',
  };
}

/** A claim that a share of pooled answers is high. */
function rateClaim(
  rows: readonly TrialRow[],
  level: number,
  claim: Pick<Claim, "claim" | "published">,
): Claim {
  const reason = unfit(rows, 1);
  if (reason) return { ...claim, ...NOTHING, why: reason };
  const answers = rows.reduce((sum, { excluded }) => sum + excluded, 0);
  const right = rows.reduce(
    (sum, { excluded, excluded_exact }) => sum + Math.round(excluded * excluded_exact),
    0,
  );
  const { low, high } = wilsonInterval(right, answers, { level });
  const verdict = claimVerdict(low, high, [FOUND, 1]);
  return {
    ...claim,
    found: `${right} of ${answers} answers of ${rows.length} trainings, ${percent(right / answers)} (${percent(low)} to ${percent(high)})`,
    verdict,
    why:
      verdict === "cannot be told here"
        ? `${answers} answers leave the interval too wide`
        : "Wilson's interval takes the answers of one training for independent, so that it is rather too narrow",
  };
}

interface BeyondCopies extends Pick<Claim, "claim" | "published"> {
  /** What to bear in mind. */
  note?: string;
  rng: Random;
  replicates: number;
  level: number;
  /** A share of the training's held-out states, by the model and by copying. */
  found(row: TrialRow): number;
  copied(row: TrialRow): number;
}

/** A claim that the models are right more often than copying, by the mean difference over trainings. */
function beyondCopies(
  rows: readonly TrialRow[],
  { rng, replicates, level, found, copied, note, ...claim }: BeyondCopies,
): Claim {
  const reason = unfit(rows, 2); // fewer have no interval
  if (reason) return { ...claim, ...NOTHING, why: reason };
  const [ours, theirs] = [rows.map(found), rows.map(copied)];
  const meanOf = (indices: Int32Array) => mean(Array.from(indices, (i) => ours[i] - theirs[i]));
  const { low, high } = bootstrapInterval(rows.length, meanOf, { rng, replicates, level });
  const verdict = claimVerdict(low, high, [Number.MIN_VALUE, Number.POSITIVE_INFINITY]);
  return {
    ...claim,
    found: `${percent(mean(ours))} against ${percent(mean(theirs))}, difference ${percent(low)} to ${percent(high)}, ${rows.length} trainings`,
    verdict,
    why: verdict === "cannot be told here" ? "the interval of the difference holds 0" : note,
  };
}

/** A claim about the way that a right newD comes by, which no accuracy tells. */
function chainClaim(model: ModelFindings | undefined, level: number): Claim {
  const claim: Pick<Claim, "claim" | "published"> = {
    claim: "newD is read off the newB that the answer states, not worked out from the prompt",
    published: inWords("a part of the output depends on the output itself"),
  };
  if (!model || model.contradicted.length === 0)
    return { ...claim, ...NOTHING, why: "it takes interventions in a model; the notebook makes them" };
  const { contradicted } = model;
  const chain = contradicted.filter(({ follows }) => follows === "what is written").length;
  const { low, high } = wilsonInterval(chain, contradicted.length, { level });
  const verdict = claimVerdict(low, high, [0.5, 1]);
  return {
    ...claim,
    found: `in ${chain} of ${contradicted.length} states newD follows a wrong newB that was written (${percent(low)} to ${percent(high)})`,
    verdict,
    why:
      verdict === "cannot be told here"
        ? "the interval holds one half"
        : "a single model: another seed may go the other way",
  };
}
