// The program that does units where they run side by side.
import { silentProgress } from "../io";
import type { UnitWorker } from "./experiment";
import { answerJobs } from "./pool-worker";
import { experimentNamed } from "./registry";
import type { UnitFacts, UnitJob } from "./run-units";

let worker: Promise<UnitWorker<unknown>> | undefined;

answerJobs<UnitJob, { row: unknown }, UnitFacts>(async (job, { signal, onProgress }) => {
  const { experiment: name, configuration, unit, folder, dataSource } = job;
  const experiment = experimentNamed(name);
  worker ??= (async () => {
    const data = await experiment.load(configuration, { progress: silentProgress });
    return experiment.begin(configuration, { ...data, dataSource });
  })();
  const row = await (await worker).run(unit, {
    folder,
    signal,
    onProgress: (done, metrics) => onProgress({ done, metrics }),
  });
  return row === undefined ? undefined : { row };
});
