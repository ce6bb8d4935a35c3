export { type CollectedSweep, collectSweep } from "./collect-sweep";
export { type FailedUnit, type RunSweepOptions, runSweep, type WorkDone } from "./run-sweep";
export { type Resources, readSweepFile, type Sweep } from "./sweep-file";
export { readSweep } from "./sweep-folder";
export { planSweep, type SweepPlan, type SweepPoint } from "./sweep-points";
export { type SweepStatus, sweepStatus } from "./sweep-status";
