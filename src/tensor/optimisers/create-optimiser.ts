// Optimisers as functions of gradients: one update rule, parameter groups with settings of their own, and the moments
// and the step count as variables, so that a training step can be traced and its state saved.
// Unlike torch.optim, the learning rate comes with each step: a schedule is a function of the step, not an object.
import type { NamedTensorMap, Scalar, Variable } from "@tensorflow/tfjs-node";
import { requireKnownOptions } from "../../io/known-options";
import { tensorflow } from "../backend";
import { announceUpdate, wantsKernels } from "../update-kernels";
import { type AdamOptions, adam } from "./adam";
import { type AdamAtan2Options, adamAtan2 } from "./adam-atan2";
import { type SgdOptions, sgd } from "./sgd";
import { type SignSgdOptions, signSgd } from "./sign-sgd";
import { declareSettings } from "./training-settings";
import type { UpdateRule } from "./update-rule";

export type OptimiserOptions = SgdOptions | SignSgdOptions | AdamOptions | AdamAtan2Options;

/** The variables that are trained, by the names that the state takes up. */
export type TrainedVariables = Readonly<Record<string, Variable>>;

/** Variables with settings of their own; what is not set is as in the optimiser's options. */
export interface ParameterGroup {
  variables: TrainedVariables;
  /** What this group's learning rate is multiplied by. */
  learningRateFactor?: number;
  weightDecay?: number;
}

export interface Optimiser {
  /**
   * Takes one step.
   *
   * @param gradients by the variables' own names, as `tf.variableGrads` returns them; those of other variables are
   *   left alone
   * @param learningRate a number, or a scalar tensor where the step is traced and the rate changes
   * @throws {RangeError} where a trained variable has no gradient; {TypeError} where one has another shape
   */
  apply(gradients: NamedTensorMap, learningRate: number | Scalar): void;
  /** `step` (int32) and the moments, such as `exp_avg/block.weight`; assign to them to go on from a saved state. */
  readonly state: ReadonlyMap<string, Variable>;
  /** Sets the state back to zero, as before the first step. */
  reset(): void;
  /** Frees the state; the trained variables stay. */
  dispose(): void;
}

/**
 * Makes an optimiser whose state is zero.
 *
 * @param trained variables by name, or groups of them
 * @param options the rule and its settings
 * @throws {RangeError} where a setting is out of its range, a name or a variable comes twice, or there is none
 * @example
 * import { createOptimiser, tensorflow } from "dolab";
 * const tf = tensorflow();
 * const weight = tf.variable(tf.scalar(1));
 * const optimiser = createOptimiser({ weight }, { kind: "sgd" });
 * const { grads } = tf.variableGrads(() => weight.square().asScalar(), [weight]);
 * optimiser.apply(grads, 0.25);
 * weight.dataSync()[0]; // => 0.5
 */
export function createOptimiser(
  trained: TrainedVariables | readonly ParameterGroup[],
  options: OptimiserOptions,
): Optimiser {
  const groups = groupsOf(trained);
  const tf = tensorflow();
  const state = new Map<string, Variable>();
  const members = groups.flatMap(({ variables, learningRateFactor = 1, weightDecay }) => {
    const rule = ruleOf({ ...options, ...(weightDecay === undefined ? {} : { weightDecay }) });
    requireAtLeastZero("learningRateFactor", learningRateFactor);
    return Object.entries(variables).map(([name, variable]) => ({
      name,
      variable,
      rule,
      learningRateFactor,
    }));
  });
  if (members.length === 0) throw new RangeError("Cannot make an optimiser as it needs variables: got none");
  const seen = new Set<string | Variable>();
  for (const { name, variable } of members) {
    if (seen.has(name) || seen.has(variable))
      throw new RangeError(`Cannot make an optimiser as each variable is trained once: got "${name}" twice`);
    seen.add(name).add(variable);
  }
  const zeros = (shape: number[], dtype: "float32" | "int32") =>
    tf.tidy(() => tf.variable(tf.zeros(shape, dtype), false));
  const step = zeros([], "int32");
  state.set("step", step);
  const kept = members.map((member) => {
    const slots = member.rule.slots.map((slot) => {
      const variable = zeros(member.variable.shape, "float32");
      state.set(`${slot}/${member.name}`, variable);
      return variable;
    });
    return { ...member, slots };
  });
  const factors = groups.map(({ variables, ...rest }) => ({ ...rest, variables: Object.keys(variables) }));
  declareSettings(step, () => ({ ...options, ...(Array.isArray(trained) ? { groups: factors } : {}) }));
  return {
    apply: (gradients, learningRate) => {
      for (const { name, variable } of kept) requireGradient(name, variable, gradients);
      tf.tidy(() => {
        step.assign(step.add(tf.scalar(1, "int32")));
        const count = step.cast("float32") as Scalar;
        const rate = typeof learningRate === "number" ? tf.scalar(learningRate) : learningRate;
        for (const { variable, rule, slots, learningRateFactor } of kept) {
          const input = {
            value: variable,
            gradient: gradients[variable.name],
            slots,
            learningRate: learningRateFactor === 1 ? rate : (rate.mul(learningRateFactor) as Scalar),
            step: count,
          };
          const next = rule.update(input);
          if (rule.kernels && wantsKernels()) {
            const values = new Map([
              [variable, next.value],
              ...slots.map((slot, i) => [slot, next.slots[i]] as const),
            ]);
            announceUpdate({ values, kernels: rule.kernels(input) });
          }
          variable.assign(next.value);
          for (const [index, slot] of slots.entries()) slot.assign(next.slots[index]);
        }
      });
    },
    state,
    reset: () => {
      for (const variable of state.values())
        tf.tidy(() => variable.assign(tf.zeros(variable.shape, variable.dtype)));
    },
    dispose: () => {
      for (const variable of state.values()) variable.dispose();
    },
  };
}

function groupsOf(trained: TrainedVariables | readonly ParameterGroup[]): readonly ParameterGroup[] {
  const groups: readonly ParameterGroup[] = Array.isArray(trained) ? trained : [{ variables: trained }];
  const isVariable = (value: unknown) => typeof (value as Variable | undefined)?.assign === "function";
  for (const group of groups) {
    if (isVariable(group))
      throw new TypeError(
        "Cannot make an optimiser as variables come by name, { weight, bias }: got a list of them",
      );
    requireKnownOptions("make an optimiser", group, ["variables", "learningRateFactor", "weightDecay"]);
    const wrong = Object.entries(group.variables).find(([, variable]) => !isVariable(variable));
    if (wrong)
      throw new TypeError(
        `Cannot make an optimiser as it trains tf.Variables: got ${typeof wrong[1]} for "${wrong[0]}"`,
      );
  }
  return groups;
}

/** The options of each rule. */
const known: Readonly<Record<OptimiserOptions["kind"], readonly string[]>> = {
  sgd: ["kind", "momentum", "weightDecay", "nesterov"],
  "sign-sgd": ["kind", "weightDecay"],
  adam: ["kind", "betas", "epsilon", "weightDecay"],
  adamw: ["kind", "betas", "epsilon", "weightDecay"],
  "adam-atan2": ["kind", "betas", "weightDecay"],
};

function ruleOf(options: OptimiserOptions): UpdateRule {
  if (!Object.hasOwn(known, options?.kind)) {
    const kinds = Object.keys(known).join(", ");
    throw new RangeError(
      `Cannot make an optimiser as its kind must be one of ${kinds}: got ${options?.kind}`,
    );
  }
  if ("learningRate" in options) {
    const cure = "apply(gradients, learningRate), or the learningRate of createTrainer";
    throw new RangeError(
      `Cannot make an optimiser as the learning rate is no setting of it but comes with each step (${cure}): got ${options.learningRate}`,
    );
  }
  requireKnownOptions("make an optimiser", options, known[options.kind]);
  requireAtLeastZero("weightDecay", options.weightDecay ?? 0);
  if (options.kind === "sgd") {
    requireFraction("momentum", options.momentum ?? 0);
    return sgd(options);
  }
  if (options.kind === "sign-sgd") return signSgd(options);
  for (const beta of options.betas ?? []) requireFraction("a beta", beta, true);
  if (options.kind === "adam-atan2") return adamAtan2(options);
  requireAtLeastZero("epsilon", options.epsilon ?? 0);
  return adam(options);
}

function requireAtLeastZero(what: string, value: number): void {
  if (value >= 0 && Number.isFinite(value)) return;
  throw new RangeError(`Cannot make an optimiser as ${what} must be at least 0: got ${value}`);
}

function requireFraction(what: string, value: number, positive = false): void {
  if (value < 1 && (positive ? value > 0 : value >= 0)) return;
  const range = positive ? "above 0 and below 1" : "at least 0 and below 1";
  throw new RangeError(`Cannot make an optimiser as ${what} must be ${range}: got ${value}`);
}

function requireGradient(name: string, variable: Variable, gradients: NamedTensorMap): void {
  const gradient = gradients[variable.name];
  if (gradient === undefined) {
    const cure = "leave it out of the optimiser or give zeros";
    throw new RangeError(
      `Cannot take a step as each trained variable needs a gradient (${cure}): got none for "${name}"`,
    );
  }
  if (gradient.shape.join() !== variable.shape.join()) {
    const rule = `the gradient of "${name}" must have its shape [${variable.shape}]`;
    throw new TypeError(`Cannot take a step as ${rule}: got [${gradient.shape}]`);
  }
}
