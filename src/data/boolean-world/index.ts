export { type Answer, applyRules, formatExample, type WorldExample, worldExample } from "./answer";
export {
  formatWorld,
  type HeldOut,
  readWorld,
  readWorldExamples,
  worldFile,
  writeWorldDataset,
} from "./dataset-files";
export {
  absentStates,
  documentSizes,
  generateWorldDataset,
  type WorldDataset,
  type WorldDatasetOptions,
  type WorldPart,
  worldParts,
} from "./generate-dataset";
export { documentRules, harderRules } from "./known-rules";
export { parseRules } from "./parse-rules";
export { RuleError, type RulePlace } from "./rule-words";
export type { BooleanRules, Expression, Rule, State } from "./rules";
export { allStates, formatState, parseState, parseStates } from "./states";
