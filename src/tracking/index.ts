export type { RunStatus } from "./journal";
export type { SendingEnd } from "./sender";
export { storeAt, type TrackingStore, type TrackingTarget, trackingTarget } from "./store";
export { describeTracking, readTrackedFolder, type TrackedFolder } from "./tracked-folder";
export { openTrackedRun, type RunFacts, type TrackedRun } from "./tracked-run";
export { createTracker, syncTracking, type Tracker, type TrackerOptions, type TrackingEnd } from "./tracker";
