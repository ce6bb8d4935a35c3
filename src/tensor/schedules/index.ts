export { constantSchedule } from "./constant";
export { cosineWarmRestartsSchedule } from "./cosine-warm-restarts";
export { multiStepSchedule } from "./multi-step";
export type { Schedule } from "./schedule";
export { warmUpSchedule } from "./warm-up";
