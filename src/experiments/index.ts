export * as booleanWorld from "./boolean-world";
export { type Claim, claimCount, claimVerdict, type Verdict } from "./claims";
export { colours } from "./colours";
export {
  environmentOverrides,
  nearest,
  type PresetName,
  parseAssignments,
  presetNames,
  type Resolved,
  resolveConfiguration,
} from "./configuration";
export { describeRun, type RunDescription } from "./describe-run";
export type { Picture, PlotlyFigure, TextFile } from "./result-file";
export * as twoByTwo from "./two-by-two";
export * as w2 from "./w2";
