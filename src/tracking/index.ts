export type { RunStatus } from "./journal";
export type { SendingEnd } from "./sender";
export { storeAt, type TrackingStore, type TrackingTarget, trackingTarget } from "./store";
export {
  createTracker,
  describeTracking,
  openTrackedRun,
  type RunFacts,
  readTrackedFolder,
  syncTracking,
  type TrackedFolder,
  type TrackedRun,
  type Tracker,
  type TrackerOptions,
  type TrackingEnd,
} from "./tracker";
