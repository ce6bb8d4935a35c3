// What document 004 claims of CausalCircuit; its README gives no numbers for it.
import type { Claim } from "../../claims";
import type { ModelKind } from "../configuration";
import { modelTitles } from "../tables";
import type { CircuitModelRow, CircuitRow } from "./circuit-unit";
import type { CircuitRun } from "./experiment";

const LEAST_DISENTANGLEMENT = 0.9;
/** Two trainings of the same model differ by some hundredths. */
const LEAST_GAP = 0.1;
const LEAST_EXPLAINED = 0.9;
const LEAST_ACCURACY = 0.8;

/**
 * Says what the document claims of CausalCircuit, which gives no numbers for it; a claim is shown where it holds for each seed.
 *
 * @param run a run, finished or not
 * @param options.where says which in the claim, such as ", in the committed run"
 * @example
 * import { causalCircuit } from "dolab";
 * const { configuration } = causalCircuit.presetParameters("smoke");
 * const rows = [{ seed: 1, explainedVariables: 0.95, models: [] }];
 * causalCircuit.claims({ rows, configuration })[0].found; // => "1 of 1 times; least 0.95"
 */
export function circuitClaims(
  run: Pick<CircuitRun, "rows" | "configuration">,
  { where = "" }: { where?: string } = {},
): Claim[] {
  const { epochs, trainPairs } = run.configuration;
  const steps = `${epochs} epochs of ${trainPairs} pairs; the document trains 120 epochs of 100,000`;
  const modelOf = ({ models }: CircuitRow, kind: ModelKind) => models.find(({ model }) => model === kind);
  const ilcms = run.rows.flatMap((row) => modelOf(row, "ilcm") ?? []);
  const score = ({ dci }: CircuitModelRow) => dci.disentanglement;
  const claims = [
    counted(
      "The codes of pictures hold the four causal variables: trees explain nine tenths of their variance",
      run.rows,
      ({ explainedVariables }) => explainedVariables >= LEAST_EXPLAINED,
      `least ${least(run.rows.map(({ explainedVariables }) => explainedVariables))}`,
    ),
    ...(["dvae", "betavae"] as const).map((worse) => {
      const cases = run.rows.flatMap((row) => {
        const [better, other] = [modelOf(row, "ilcm"), modelOf(row, worse)];
        return better && other ? [{ gap: score(better) - score(other) }] : [];
      });
      return counted(
        `On the codes of pictures the ILCM disentangles better than the ${modelTitles[worse]} of the same seed, by ${LEAST_GAP} or more`,
        cases,
        ({ gap }) => gap >= LEAST_GAP,
        `least difference ${least(cases.map(({ gap }) => gap))}`,
        steps,
      );
    }),
    counted(
      `The ILCM's disentanglement of the circuit is above ${LEAST_DISENTANGLEMENT}`,
      ilcms,
      (row) => score(row) > LEAST_DISENTANGLEMENT,
      `least ${least(ilcms.map(score))}`,
      steps,
    ),
    counted(
      "The graph behind the ILCM's solution functions is the circuit's",
      ilcms,
      ({ graph }) => graph?.isRight === true,
      `most edges off ${Math.max(...ilcms.map(({ graph }) => graph?.structuralHammingDistance ?? Number.NaN))}`,
      steps,
    ),
    counted(
      "The ILCM names the intervened variable, or that there is none, more than four times in five",
      ilcms,
      ({ interventions }) => (interventions?.accuracy ?? 0) > LEAST_ACCURACY,
      `least accuracy ${least(ilcms.map(({ interventions }) => interventions?.accuracy ?? Number.NaN))}`,
      steps,
    ),
  ];
  return claims.flatMap((claim) => (claim ? { ...claim, claim: claim.claim + where } : []));
}

const least = (values: readonly number[]) => Math.min(...values).toFixed(2);

/** Shown where it holds for each seed. */
function counted<Case>(
  claim: string,
  cases: readonly Case[],
  holds: (one: Case) => boolean,
  detail: string,
  why?: string,
): Claim | undefined {
  if (cases.length === 0) return undefined;
  const count = cases.filter(holds).length;
  return {
    claim,
    published: null,
    found: `${count} of ${cases.length} times; ${detail}`,
    verdict: count === cases.length ? "shown" : "not shown",
    ...(why ? { why } : {}),
  };
}
