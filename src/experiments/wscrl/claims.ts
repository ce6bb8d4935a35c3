// What document 004 claims, beside the numbers that its README gives for dimension 4 (model seed 4901, data seed 302, 90 epochs).
import { createRandom } from "../../random";
import { bootstrapInterval, mean } from "../../stats";
import { type Claim, claimVerdict } from "../claims";
import type { WscrlRun } from "./experiment";
import { modelTitles, rowsOf } from "./tables";
import { unitKey, type WscrlRow } from "./training/unit";

const source = "the document's README, dimension 4, model seed 4901, data seed 302";
const published = { ilcm: 0.99, dvae: 0.34, betavae: 0.13 };
type PublishedModel = keyof typeof published;
const LEAST_DISENTANGLEMENT = 0.9;
/** Epochs of the README's trainings, and how far from its numbers one as long may end: its samples cannot be drawn again. */
const [README_EPOCHS, README_TOLERANCE] = [90, 0.1];
/** Pairs of seeds from which an interval is taken over them. */
const LEAST_PAIRS = 3;

const disentanglement = ({ evaluation }: WscrlRow) => evaluation.dci.disentanglement;

/**
 * Compares a run with what the document claims: the order of the models, and its README's numbers.
 *
 * @param run a run, finished or not
 * @example
 * import { wscrl } from "dolab";
 * const run = wscrl.referenceRun();
 * const [order] = wscrl.claims(run);
 * order.claim.startsWith("Where the graph has an edge"); // => true
 */
export function claims(run: WscrlRun): Claim[] {
  return [...orderClaims(run), ...ilcmClaims(run), ...readmeClaims(run)];
}

/** A claim about single units: shown where it holds in each. */
function countClaim<Case>(
  claim: string,
  cases: readonly Case[],
  holds: (one: Case) => boolean,
  { published: beside, detail }: { published: Claim["published"]; detail: string },
): Claim[] {
  if (cases.length === 0) return [];
  const count = cases.filter(holds).length;
  return [
    {
      claim,
      published: beside,
      found: `${count} of ${cases.length} times${detail}`,
      verdict: count === cases.length ? "shown" : "not shown",
    },
  ];
}

/** What a claim about differences is computed from. */
interface Gap {
  seeds: string;
  value: number;
}

/**
 * Asks whether ILCM stands above dVAE and dVAE above beta-VAE, for each pair of trainings on the same data and of the same seeds: the mean difference, with a
 * bootstrap interval over pairs of seeds, or over trainings where there are fewer than three pairs. ILCM and dVAE are compared
 * where the graph has an edge: without one, the dVAE's assumption that variables have no causes is right.
 *
 * @param run this run, or another such as the committed one
 * @param options.where says which in the claim, such as ", in the committed run"
 * @example
 * import { wscrl } from "dolab";
 * const run = wscrl.referenceRun();
 * wscrl.orderClaims(run).length; // => 3
 */
export function orderClaims(
  run: Pick<WscrlRun, "rows" | "configuration">,
  { where = "" }: { where?: string } = {},
): Claim[] {
  const { ilcm, dvae, betavae } = modelTitles;
  const hasEdge = (row: WscrlRow) => row.evaluation.graph?.truth.some((edges) => edges.includes(1)) === true;
  return [
    gapClaim(run, gapsOf(run, "ilcm", "dvae", hasEdge), {
      claim: `Where the graph has an edge, the ${ilcm} disentangles better than the ${dvae} on average${where}`,
      value: `${published.ilcm} and ${published.dvae}`,
    }),
    gapClaim(run, gapsOf(run, "dvae", "betavae"), {
      claim: `The ${dvae} disentangles better than the ${betavae} on average${where}`,
      value: `${published.dvae} and ${published.betavae}`,
    }),
    gapClaim(run, gapsOf(run, "ilcm", "betavae"), {
      claim: `The ${ilcm} disentangles better than the ${betavae} on average${where}`,
      value: `${published.ilcm} and ${published.betavae}`,
    }),
  ].flat();
}

function gapsOf(
  run: Pick<WscrlRun, "rows">,
  better: PublishedModel,
  worse: PublishedModel,
  isMeant: (row: WscrlRow) => boolean = () => true,
): Gap[] {
  const others = new Map(rowsOf(run, worse).map((row) => [unitKey({ ...row, model: better }), row]));
  return rowsOf(run, better).flatMap((row) => {
    const other = others.get(unitKey(row));
    const isTold = row.dimension > 1 && isMeant(row);
    return other && isTold
      ? [{ seeds: `${row.modelSeed} ${row.dataSeed}`, value: disentanglement(row) - disentanglement(other) }]
      : [];
  });
}

function gapClaim(
  { configuration: { seed, replicates, level } }: Pick<WscrlRun, "configuration">,
  gaps: readonly Gap[],
  { claim, value }: { claim: string; value: string },
): Claim[] {
  if (gaps.length === 0) return [];
  const pairs = Array.from(new Set(gaps.map(({ seeds }) => seeds)));
  const parts =
    pairs.length < LEAST_PAIRS
      ? gaps.map((gap) => [gap])
      : pairs.map((pair) => gaps.filter(({ seeds }) => seeds === pair));
  const of = (indices: Int32Array) =>
    mean(Array.from(indices).flatMap((index) => parts[index].map((gap) => gap.value)));
  const { low, high } =
    parts.length < 2
      ? { low: Number.NaN, high: Number.NaN }
      : bootstrapInterval(parts.length, of, { rng: createRandom(seed).split(claim), replicates, level });
  const isOpen = Number.isNaN(low);
  const interval = isOpen ? "" : ` (${low.toFixed(2)} to ${high.toFixed(2)})`;
  const wins = gaps.filter((gap) => gap.value > 0).length;
  const over = `over ${gaps.length} pairs of trainings and ${pairs.length} of seeds; above 0 in ${wins}`;
  const verdict = claimVerdict(low, high, [Number.MIN_VALUE, Number.POSITIVE_INFINITY]);
  const why = isOpen
    ? "A single pair of trainings has no interval"
    : "The interval holds differences on both sides of 0";
  return [
    {
      claim,
      published: { value, source },
      found: `mean difference ${mean(gaps.map((gap) => gap.value)).toFixed(2)}${interval} ${over}`,
      verdict,
      ...(verdict === "cannot be told here" ? { why } : {}),
    },
  ];
}

function ilcmClaims(run: WscrlRun): Claim[] {
  const rows = rowsOf(run, "ilcm").filter(({ dimension }) => dimension > 1);
  const scores = rows.map(disentanglement);
  const accuracies = rows.map(({ evaluation }) => evaluation.interventions?.accuracy ?? Number.NaN);
  const missed = rows.map(({ evaluation }) => mean(evaluation.answers.errors));
  const least = (values: number[]) => Math.min(...values).toFixed(2);
  return [
    ...countClaim(
      `The ILCM's disentanglement is above ${LEAST_DISENTANGLEMENT}`,
      rows,
      (row) => disentanglement(row) > LEAST_DISENTANGLEMENT,
      { published: { value: String(published.ilcm), source }, detail: `; least ${least(scores)}` },
    ),
    ...countClaim(
      "The graph behind the ILCM's solution functions is the true one",
      rows,
      ({ evaluation }) => evaluation.graph?.isRight === true,
      { published: null, detail: "" },
    ),
    ...countClaim(
      "The ILCM names the intervened variable, or that there is none, more than four times in five",
      rows,
      ({ evaluation }) => (evaluation.interventions?.accuracy ?? 0) > 0.8,
      { published: null, detail: `; least accuracy ${least(accuracies)}` },
    ),
    ...countClaim(
      "The ILCM foresees what setting a variable changes: at most a tenth of the squared change is missed",
      rows,
      ({ evaluation }) => mean(evaluation.answers.errors) <= 0.1,
      { published: null, detail: `; largest share missed ${Math.max(...missed).toFixed(2)}` },
    ),
  ];
}

/**
 * Puts the README's three numbers (dimension 4, model seed 4901, data seed 302) beside those of a run with the same seeds. Only
 * a run as long as the README's can tell, to a tenth, as its graph is the README's and its samples are not.
 *
 * @param run this run, or another such as `readmeRun()`
 * @param options.where says which in the claim, such as ", in the committed run of 90 epochs"
 * @returns a claim for each model that the run has trained with these seeds
 * @example
 * import { wscrl } from "dolab";
 * const claims = wscrl.readmeClaims(wscrl.readmeRun());
 * claims.map(({ published }) => published?.value); // => ["0.99", "0.34", "0.13"]
 */
export function readmeClaims(
  run: Pick<WscrlRun, "rows" | "configuration">,
  { where = "" }: { where?: string } = {},
): Claim[] {
  const { epochs, trainPairs } = run.configuration;
  const isLong = epochs >= README_EPOCHS;
  return (Object.keys(published) as PublishedModel[]).flatMap((model): Claim[] => {
    const row = rowsOf(run, model).find(
      ({ dimension, modelSeed, dataSeed }) => dimension === 4 && modelSeed === 4901 && dataSeed === 302,
    );
    if (!row) return [];
    const isNear = Math.abs(disentanglement(row) - published[model]) <= README_TOLERANCE;
    return [
      {
        claim: `The ${modelTitles[model]} of dimension 4 has the README's disentanglement to ${README_TOLERANCE}, with its seeds${where}`,
        published: { value: String(published[model]), source },
        found: `${disentanglement(row).toFixed(2)} after ${epochs} epochs of ${trainPairs} pairs`,
        verdict: !isLong ? "cannot be told here" : isNear ? "shown" : "not shown",
        why: isLong
          ? "The seeds give the README's graph, but mechanisms, rotation and samples of our own: the published ones cannot be drawn again"
          : `The README's trainings have ${README_EPOCHS} epochs`,
      },
    ];
  });
}
