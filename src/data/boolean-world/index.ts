export { absentStates } from "./absent-states";
export { type Answer, applyRules, formatExample, type WorldExample, worldExample } from "./answer";
export {
  formatWorld,
  type HeldBack,
  readWorld,
  readWorldExamples,
  worldFile,
  writeWorldDataset,
} from "./dataset-files";
export {
  documentSizes,
  generateWorldDataset,
  type WorldDataset,
  type WorldDatasetOptions,
  type WorldPart,
  worldParts,
} from "./generate-dataset";
export { documentRules, harderRules } from "./known-rules";
export { parseRules } from "./parse-rules";
export { RuleError, type RulePlace } from "./rule-error";
export type { BooleanRules, Expression, Rule, State } from "./rules";
export { allStates, formatState, parseState, parseStates } from "./states";
