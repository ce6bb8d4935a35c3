// Every schedule by its name, so that an experiment's configuration can say which one: `z.enum(scheduleNames)`.
//
// How to add a schedule: write it in a file of its own, a function of the rate and an options object that returns a function of
// the step (linear.ts is the shortest); give it a name and its options below; export it in index.ts; test it against the
// published formula or PyTorch's numbers in test/tensor/schedules. Every experiment that takes `scheduleNames` has it then.
// A schedule that only one script needs takes no registration: `learningRate: (step) => ...` of createTrainer is one.
import { requireKnownOptions } from "../../io/known-options";
import { constantSchedule } from "./constant";
import { cosineSchedule } from "./cosine";
import { cosineWarmRestartsSchedule } from "./cosine-warm-restarts";
import { linearSchedule } from "./linear";
import { multiStepSchedule } from "./multi-step";
import type { Schedule } from "./schedule";
import { warmUpSchedule } from "./warm-up";

/** What each schedule takes beside the rate; an option that a schedule does not have is passed over here. */
export interface ScheduleSettings {
  /** Steps of the whole training: "linear", "cosine", "warm-up" (with lowestRatio). */
  totalSteps?: number;
  /** "linear", "cosine", "cosine-warm-restarts": where the fall leads. */
  lowest?: number;
  /** "multi-step": steps from which on one more factor applies. */
  milestones?: readonly number[];
  /** "multi-step": what the rate is multiplied by at each. */
  factor?: number;
  /** "warm-up": steps of the rise. */
  warmUpSteps?: number;
  /** "warm-up": the last rate over the first, reached at totalSteps along a cosine; 1 stays as it is. */
  lowestRatio?: number;
  /** "cosine-warm-restarts": steps of the first fall. */
  period?: number;
  /** "cosine-warm-restarts": how much longer each period is than the one before. */
  periodFactor?: number;
}

type Maker = {
  make: (rate: number, settings: never) => Schedule;
  needs: readonly string[];
  takes: readonly string[];
};

const makers = {
  constant: { make: (rate: number) => constantSchedule(rate), needs: [], takes: [] },
  linear: { make: linearSchedule, needs: ["totalSteps"], takes: ["lowest"] },
  cosine: { make: cosineSchedule, needs: ["totalSteps"], takes: ["lowest"] },
  "cosine-warm-restarts": {
    make: cosineWarmRestartsSchedule,
    needs: ["period"],
    takes: ["periodFactor", "lowest"],
  },
  "multi-step": { make: multiStepSchedule, needs: ["milestones"], takes: ["factor"] },
  "warm-up": { make: warmUpSchedule, needs: ["warmUpSteps"], takes: ["totalSteps", "lowestRatio"] },
} satisfies Record<string, Maker>;

export type ScheduleName = keyof typeof makers;

/** The names of all schedules, for `z.enum(scheduleNames)`. */
export const scheduleNames = Object.keys(makers) as [ScheduleName, ...ScheduleName[]];

const settingNames = [
  "totalSteps",
  "lowest",
  "milestones",
  "factor",
  "warmUpSteps",
  "lowestRatio",
  "period",
  "periodFactor",
];

/**
 * Makes a schedule by name.
 *
 * @param name one of `scheduleNames`
 * @param rate the learning rate that the schedule starts from (of "warm-up": that it rises to), at least 0
 * @param settings what the schedule needs; settings of other schedules are passed over, so that an experiment can give all that it has
 * @returns the learning rate of a step, from 0
 * @throws {RangeError} for an unknown name or setting, or a setting that is missing or out of its range
 * @example
 * import { createSchedule, scheduleNames } from "dolab";
 * [0, 5, 10].map(createSchedule("linear", 0.5, { totalSteps: 10 })); // => [0.5, 0.25, 0]
 * [0, 29, 30].map(createSchedule("multi-step", 0.5, { milestones: [30], factor: 0.5 })); // => [0.5, 0.5, 0.25]
 * scheduleNames.includes("cosine"); // => true
 */
export function createSchedule(name: ScheduleName, rate: number, settings: ScheduleSettings = {}): Schedule {
  if (!Object.hasOwn(makers, name))
    throw new RangeError(
      `Cannot make a schedule as its name must be one of ${scheduleNames.join(", ")}: got ${name}`,
    );
  requireKnownOptions(`make the schedule "${name}"`, settings, settingNames);
  const { make, needs, takes } = makers[name] as Maker;
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  const missing = needs.find((need) => !given.some(([key]) => key === need));
  if (missing) throw new RangeError(`Cannot make the schedule "${name}" as it needs ${missing}: got none`);
  const own = given.filter(([key]) => needs.includes(key) || takes.includes(key));
  return make(rate, Object.fromEntries(own) as never);
}
