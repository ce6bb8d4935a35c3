export { type Diagnostics, loadDiagnostics, saveDiagnostics } from "./diagnostics";
export { logLateDrift } from "./late-drift";
export {
  type SyntheticDiagnostics,
  type SyntheticDiagnosticsOptions,
  synthesizeDiagnostics,
} from "./synthetic-diagnostics";
