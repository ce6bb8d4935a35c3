export { constantSchedule } from "./constant";
export { cosineSchedule } from "./cosine";
export { cosineWarmRestartsSchedule } from "./cosine-warm-restarts";
export { createSchedule, type ScheduleName, type ScheduleSettings, scheduleNames } from "./create-schedule";
export { linearSchedule } from "./linear";
export { multiStepSchedule } from "./multi-step";
export type { Schedule } from "./schedule";
export { warmUpSchedule } from "./warm-up";
