// The program that trains one seed for seed-processes.ts. It pauses when it is asked to, or when its parent has gone; Ctrl-C,
// which the terminal sends to both, is the parent's to answer.
import process from "node:process";
import { loadCifar10 } from "../../data";
import { startBackend } from "../../tensor";
import type { SeedAnswer, SeedRequest } from "./seed-processes";
import { trainHere } from "./seeds-here";

const pausing = new AbortController();
const say = (answer: SeedAnswer) => process.send?.(answer);

process.on("SIGINT", () => {});
process.on("disconnect", () => pausing.abort());
process.on("message", (request: SeedRequest) => {
  if (request.kind === "pause") pausing.abort();
  else train(request).then(leave, (error: Error) => leave({ kind: "failed", message: error.message }));
});

function leave(answer: SeedAnswer): void {
  if (!process.connected) process.exit();
  process.send?.(answer, undefined, undefined, () => process.exit());
}

async function train(request: SeedRequest & { kind: "train" }): Promise<SeedAnswer> {
  const { configuration, seed, folder, dataSource } = request;
  await startBackend();
  const { data, images: trainingImages, testImages, seed: first } = configuration;
  const images = await loadCifar10({ data, trainingImages, testImages, seed: first });
  let answer: SeedAnswer = { kind: "paused" };
  let told = 0;
  await trainHere([seed], configuration, {
    ...{ folder, images, dataSource, processes: 1, signal: pausing.signal },
    onProgress(_, done, facts) {
      if (performance.now() - told < 200) return;
      told = performance.now();
      say({ kind: "progress", done, facts });
    },
    onSeed: (outcome) => {
      answer = { kind: "done", outcome };
    },
  });
  return answer;
}
