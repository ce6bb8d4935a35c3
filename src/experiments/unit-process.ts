// The program that does units where they run side by side.
import { createUnitDoer, type UnitEnd, type UnitJob } from "./do-unit";
import { answerJobs } from "./pool-worker";
import type { UnitFacts } from "./run-units";

const doer = createUnitDoer();

answerJobs<UnitJob, UnitEnd, UnitFacts>(async (job, { signal, onProgress }) => {
  const end = await doer.do(job, { signal, onProgress: (done, metrics) => onProgress({ done, metrics }) });
  return end === "paused" ? undefined : end;
});
