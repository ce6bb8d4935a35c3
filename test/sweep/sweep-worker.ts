// A process that does all units of a sweep, for run-sweep.test.ts.
//   sweep-worker.ts FILE FOLDER
import process from "node:process";
import { unitsToDo, workUnits } from "../../src/sweep/run-sweep";
import { readSweepFile } from "../../src/sweep/sweep-file";
import { joinSweep } from "../../src/sweep/sweep-folder";
import { planSweep } from "../../src/sweep/sweep-points";

const [, , file, folder] = process.argv;
void (async () => {
  const sweep = await readSweepFile(file);
  await joinSweep(folder, sweep);
  await workUnits(folder, unitsToDo(sweep, folder, planSweep(sweep)), { wait: true });
})();
