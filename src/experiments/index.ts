export {
  environmentOverrides,
  nearest,
  type PresetName,
  parseAssignments,
  presetNames,
  type Resolved,
  resolveConfiguration,
} from "./configuration";
export * as twoByTwo from "./two-by-two";
