export { type TracedPair, type TraceRow, traceCausally } from "./causal-tracing";
export { type Intervention, prepareInterventions } from "./interventions";
export { type ProbeOptions, type ProbeRow, probeResiduals } from "./linear-probes";
export { type Activation, activationNames, readActivations } from "./read-activations";
export {
  flipWeights,
  generateWithWeightFlips,
  type TimedWeightFlip,
  type WeightFlip,
  withTimedWeightFlips,
  withWeightFlips,
} from "./weight-flips";
export { weightRows } from "./weight-rows";
