// Says which optimiser trains which parameters, and at which learning rate.
import type { Variable } from "@tensorflow/tfjs-node";
import { requireKnownOptions } from "../io/known-options";
import {
  createOptimiser,
  type Optimiser,
  type OptimiserOptions,
  type ParameterGroup,
  type Schedule,
} from "../tensor";
import { declareSettings } from "../tensor/optimisers/training-settings";
import type { NamedVariables } from "./checkpoint";

/** The rate of every step, or a function of the steps done before it: 0, 1, ... */
export type LearningRate = number | Schedule;

/** How some of the parameters are trained. */
export interface Optimisation {
  optimiser: OptimiserOptions;
  learningRate: LearningRate;
  /** The largest norm of these gradients together, above 0; by default they are not clipped. */
  clipNorm?: number;
}

/** How the parameters of one of several optimisers are trained. */
export interface PartialOptimisation extends Optimisation {
  /** Variables by name, or groups of them with learning-rate factors and weight decays of their own. */
  variables: NamedVariables | readonly ParameterGroup[];
}

/** Either one optimiser, or several by name, which share the trainable parameters among them. */
export interface OptimisationOptions extends Partial<Optimisation> {
  optimisers?: Readonly<Record<string, PartialOptimisation>>;
}

/** One optimiser of a trainer with what it trains. */
export interface Part {
  optimiser: Optimiser;
  learningRate: LearningRate;
  clipNorm?: number;
  /** Its state by name, such as "optimiser/exp_avg/block.weight". */
  state: NamedVariables;
  /** Its variables' own names. */
  names: readonly string[];
  variables: readonly Variable[];
}

/** One part for each optimiser; together they train each trainable parameter once. */
export function partsOf(options: OptimisationOptions, trained: NamedVariables): Part[] {
  const { optimiser, learningRate, clipNorm, optimisers } = options;
  if ((optimiser === undefined) === (optimisers === undefined))
    throw refuse("it needs either optimiser or optimisers", optimiser === undefined ? "neither" : "both");
  if (optimisers && (learningRate !== undefined || clipNorm !== undefined))
    throw refuse("learningRate and clipNorm belong to each of several optimisers", learningRate ?? clipNorm);
  const asked: [string, Omit<PartialOptimisation, "learningRate"> & { learningRate?: LearningRate }][] =
    optimisers
      ? Object.entries(optimisers).map(([name, each]) => [`optimiser/${name}/`, each])
      : [
          [
            "optimiser/",
            { variables: trained, optimiser: optimiser as OptimiserOptions, learningRate, clipNorm },
          ],
        ];
  const known = ["variables", "optimiser", "learningRate", "clipNorm"];
  const parts = asked.map(([prefix, each]): Part => {
    requireKnownOptions("make a trainer", each, known);
    if (each.learningRate === undefined)
      throw refuse("an optimiser needs a learningRate, a number or a function of the step", undefined);
    rateOf(each.learningRate, 0);
    if (each.clipNorm !== undefined && !(each.clipNorm > 0))
      throw refuse("clipNorm must be above 0", each.clipNorm);
    const groups = Array.isArray(each.variables) ? each.variables : [{ variables: each.variables }];
    const variables = groups.flatMap((group) => Object.values<Variable>(group.variables));
    const optimiser = createOptimiser(each.variables, each.optimiser);
    const part: Part = {
      optimiser,
      state: {},
      learningRate: each.learningRate,
      clipNorm: each.clipNorm,
      names: variables.map(({ name }) => name),
      variables,
    };
    declareSettings(optimiser.state.get("step") as Variable, () => settingsOfPart(part));
    const state = Array.from(optimiser.state, ([name, variable]) => [`${prefix}${name}`, variable]);
    return Object.assign(part, { state: Object.fromEntries(state) });
  });
  requireEachOnce(parts, trained);
  return parts;
}

/** Steps whose rates tell two schedules apart. */
const sampledSteps = [0, 1, 2, 5, 10, 20, 50, 100, 1000, 10_000, 100_000];

/** Settings that are in no graph, for `train` to recognise the run by; a rate that is set from outside decides nothing by itself. */
function settingsOfPart({ learningRate, clipNorm }: Part): object {
  if (typeof learningRate === "number") return { learningRate, clipNorm };
  if (learningRate.length === 0) return { clipNorm };
  return {
    learningRates: Object.fromEntries(sampledSteps.map((step) => [step, learningRate(step)])),
    clipNorm,
  };
}

function requireEachOnce(parts: readonly Part[], trained: NamedVariables): void {
  const all = parts.flatMap(({ variables }) => variables);
  for (const [name, variable] of Object.entries(trained)) {
    const times = all.filter((each) => each === variable).length;
    if (times === 1) continue;
    const cure = times === 0 ? " (or set trainable to false on what stays as it is)" : "";
    throw refuse(
      `each trainable parameter must belong to one optimiser${cure}`,
      `"${name}" in ${times} of them`,
    );
  }
  const strange = all.find((variable) => !Object.values(trained).includes(variable));
  if (strange) throw refuse("optimisers train parameters that are trainable", `variable ${strange.name}`);
}

/** @throws {RangeError} where the rate of the step is below 0 or not finite */
export function rateOf(learningRate: LearningRate, step: number): number {
  const rate = typeof learningRate === "function" ? learningRate(step) : learningRate;
  if (typeof rate === "number" && rate >= 0 && rate < Infinity) return rate;
  throw new RangeError(
    `Cannot take step ${step} as its learning rate must be a number of at least 0: got ${typeof rate === "string" ? `"${rate}"` : rate}`,
  );
}

export const refuse = (rule: string, got: unknown) =>
  new RangeError(`Cannot make a trainer as ${rule}: got ${got}`);
