// The training loop: takes steps, and keeps what a run of hours needs to survive kill -9, Ctrl-C and a closed notebook.
// A step is a function of its place, the variables and the caller's state, and all of these are in a checkpoint: a run
// that was interrupted ends bit for bit as one that was not. Losses are read at rows and checkpoints only.
import { setImmediate as nextTurn } from "node:timers/promises";
import { versions } from "../environment/versions";
import type { NumberArray, PlainObject, Progress } from "../io";
import { plainObject } from "../io/plain-data";
import { startBackend, tensorflow } from "../tensor";
import { watchingBroadcasts } from "./broadcast-warning";
import { assignVariables, readVariables } from "./checkpoint";
import { EarlyStop } from "./early-stop";
import { Evidence } from "./evidence";
import type { MetricsRow } from "./metrics-log";
import { NonFiniteError } from "./non-finite-error";
import { type Plan, planOf } from "./plan";
import { memoryStore, openRunStore, type RunStore } from "./run-store";
import { loopStateOf, otherRun, requireSameRun, settingsOf } from "./same-run";
import { requireStepResult, StepMetrics, type StepResult } from "./step-metrics";
import { stepSeed } from "./step-seed";
import type { StepPlace, TrainOptions, TrainOutcome } from "./train-options";
import { tellTrainingRow } from "./training-rows";

/** The event loop gets a turn at least this often where steps are shorter: for output, timers and interrupts. */
const turnMs = 25;

/**
 * Trains: runs steps, logs their metrics, evaluates, writes checkpoints, and goes on from them.
 *
 * In `folder` it keeps metrics.jsonl (see `MetricsRow`) and checkpoints/step-00001200.safetensors, the newest two and
 * whichever `checkpoint` asks for. The same call again goes on from the newest checkpoint; when the run is over, it
 * returns its outcome at once. An aborted signal ends the run after the current step, with a checkpoint.
 *
 * @param options see `TrainOptions`; variables, a step, a seed, and steps or epochs must be given
 * @returns how it ended, and all metrics
 * @throws {CheckpointError} where the checkpoint to go on from is damaged or of another model, configuration, seed or
 *   epoch length; nothing is restored then
 * @throws {NonFiniteError} where a metric becomes NaN or infinite, naming step, metric and the last good checkpoint
 * @throws {RangeError | TypeError} for options out of their range, metrics that are no numbers, or names that clash
 * @throws {Error} where another process trains in the folder, or it cannot be written
 * @example
 * import { mkdtempSync, rmSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import * as dolab from "dolab";
 * await dolab.startBackend();
 * const tf = dolab.tensorflow();
 * const points = tf.randomUniform([512, 2], -1, 1, "float32", 1);
 * const products = points.prod(1, true); // [512, 1], what the network learns
 * const batches = dolab.shuffledBatches(512, 64, { rng: dolab.createRandom(1) });
 * const folder = mkdtempSync(`${tmpdir()}/products-`);
 *
 * function trainProducts(signal) {
 *   const rng = dolab.createRandom(2);
 *   const [hidden, output] = [dolab.createDense(2, 32, { rng }), dolab.createDense(32, 1, { rng })];
 *   const trainer = dolab.createTrainer({
 *     parameters: { ...dolab.prefixNames("hidden", hidden), ...dolab.prefixNames("output", output) },
 *     loss: (x, y) => dolab.dense(output, dolab.dense(hidden, x).tanh()).sub(y).square().mean(),
 *     optimiser: { kind: "adam" },
 *     learningRate: 0.01,
 *   });
 *   return dolab.train({
 *     variables: trainer.variables, folder, signal, seed: 2, epochs: 50, stepsPerEpoch: batches.perEpoch,
 *     step({ epoch, batch }) {
 *       const rows = tf.tensor1d(batches.at(epoch, batch), "int32");
 *       return trainer.step(tf.gather(points, rows), tf.gather(products, rows));
 *     },
 *   });
 * }
 *
 * const first = await trainProducts(AbortSignal.timeout(50)); // "paused", or "finished" on a fast machine
 * const second = await trainProducts(); // goes on where the first one stopped
 * second.status; // => "finished"
 * second.metrics[second.metrics.length - 1].values.loss < 0.01; // => true
 * rmSync(folder, { recursive: true });
 */
export async function train(options: TrainOptions): Promise<TrainOutcome> {
  const plan = planOf(options);
  const environment = { dolab: versions().dolab, backend: (await startBackend()).title };
  const store = plan.folder === undefined ? memoryStore() : openRunStore(plan.folder, plan);
  try {
    return await new Run(plan, store, environment).go();
  } finally {
    store.close();
  }
}

class Run {
  private step = 0;
  private watched = false;
  private saved: { step: number; at: number };
  private readonly started: number;
  private readonly metrics: StepMetrics;
  private readonly earlyStop: EarlyStop | undefined;
  private readonly evidence: Evidence;
  private readonly newest: Record<string, number> = {};

  /** Restores the store's checkpoint, if any. */
  constructor(
    private readonly plan: Plan,
    private readonly store: RunStore,
    private readonly environment: PlainObject,
  ) {
    const { checkpoint } = store;
    const loop = checkpoint ? loopStateOf(checkpoint, plan) : {};
    this.metrics = new StepMetrics((...found) => this.onNonFinite(...found), loop.sums as PlainObject);
    this.earlyStop = plan.earlyStop && new EarlyStop(plan.earlyStop, loop.earlyStop as PlainObject);
    this.evidence = new Evidence(plan.variables, loop.evidence as PlainObject, plan.folder !== undefined);
    if (checkpoint) {
      requireSameRun(checkpoint, plan, this.evidence, () => plan.step(this.place(0)));
      plan.state?.restore(checkpoint.state.caller as PlainObject);
      assignVariables(checkpoint, plan.variables);
      this.step = checkpoint.step;
    }
    store.begin();
    this.saved = { step: checkpoint?.step ?? -1, at: performance.now() };
    this.started = performance.now() - 1000 * Number(loop.seconds ?? 0);
    for (const row of store.rows) {
      Object.assign(this.newest, row.values);
      this.tell(row);
    }
  }

  async go(): Promise<TrainOutcome> {
    const { steps, label, signal } = this.plan;
    const bar = this.plan.progress(steps, { label, unit: "steps", initial: this.step, signal });
    try {
      await this.takeSteps(bar);
      if (this.plan.folder !== undefined && this.saved.step !== this.step) this.save();
    } catch (error) {
      bar.fail(error);
      throw error;
    } finally {
      this.metrics.dispose();
    }
    const status = this.step === steps ? "finished" : this.earlyStop?.due ? "stopped early" : "paused";
    if (status === "finished") bar.finish(this.newest);
    else if (status === "stopped early")
      bar.finish({ ...this.newest, stopped: `early at step ${this.step}` });
    else bar.fail("paused");
    const { rows: metrics, newest: checkpoint } = this.store;
    const best = this.earlyStop?.best;
    return { status, step: this.step, metrics, checkpoint, best, seconds: this.seconds() };
  }

  private async takeSteps(bar: Progress): Promise<void> {
    const { steps, signal, evaluate } = this.plan;
    let turned = performance.now();
    while (this.step < steps && !this.earlyStop?.due && !signal?.aborted) {
      this.takeStep();
      const evaluates = evaluate !== undefined && this.isDue(evaluate.every);
      if (evaluates || this.isDue(this.plan.logEvery)) await this.addRow(evaluates);
      if (this.isCheckpointDue()) this.save();
      if (performance.now() - turned < turnMs) continue;
      bar.update(this.step, this.newest);
      await nextTurn();
      turned = performance.now();
    }
  }

  private takeStep(): void {
    const { step: take } = this.plan;
    const place = this.place(this.step);
    let result: unknown;
    const run = () => {
      result = this.watched ? take(place) : watchingBroadcasts(() => take(place));
      this.watched = true;
    };
    tensorflow().tidy(() => {
      const changes = this.evidence.watch(this.step, run);
      if (changes.length > 0 && this.store.checkpoint) throw otherRun(this.store.checkpoint, changes);
      requireStepResult(result);
      return result as never;
    });
    this.step += 1;
    this.metrics.add(this.step, result as StepResult);
  }

  private place(step: number): StepPlace {
    const { stepsPerEpoch, seed } = this.plan;
    const epoch = Math.floor(step / stepsPerEpoch);
    return { step, epoch, batch: step % stepsPerEpoch, seed: stepSeed(seed, step) };
  }

  private async addRow(evaluates: boolean): Promise<void> {
    const { evaluate, earlyStop, stepsPerEpoch } = this.plan;
    const step = this.step;
    const epoch = step / stepsPerEpoch;
    const means = this.isDue(this.plan.logEvery) ? this.metrics.takeMeans() : {};
    const results = evaluates && evaluate ? requireNumbers(await evaluate.run({ step, epoch })) : {};
    const values = { ...means, ...results };
    Object.assign(this.newest, values);
    const clash = Object.keys(results).find((name) => name in means);
    if (clash !== undefined)
      throw new RangeError(
        `Cannot log the evaluation as the step's metrics have other names: got "${clash}" twice`,
      );
    const watched = earlyStop?.metric;
    if (watched !== undefined && (evaluates || !evaluate) && !this.isKnown(watched)) {
      const known = Object.keys(this.newest).join(", ");
      throw new RangeError(`Cannot stop early by "${watched}" as the metrics are ${known}`);
    }
    const row = { step, epoch, seconds: Math.round(1000 * this.seconds()) / 1000, values };
    this.store.append(row);
    this.tell(row);
    this.earlyStop?.observe(step, values);
  }

  private tell(row: MetricsRow): void {
    const { folder, label } = this.plan;
    tellTrainingRow({ ...row, folder, label });
  }

  private isKnown(metric: string): boolean {
    return metric in this.newest || this.metrics.has(metric);
  }

  private save(): void {
    const { plan, step } = this;
    const sums = this.metrics.state(); // reads the last losses: a run that has failed is not saved
    const tensors = readVariables(plan.variables);
    for (const [name, { dtype, data }] of tensors) {
      if (dtype === "F32" && hasNaN(data)) this.onNonFinite(name, NaN, step);
    }
    const { seed, stepsPerEpoch } = settingsOf(plan);
    const loop = {
      seed,
      stepsPerEpoch,
      seconds: this.seconds(),
      sums,
      earlyStop: this.earlyStop?.state(),
      evidence: this.evidence.state(),
    };
    const caller = plan.state && { caller: plainObject(plan.state.save(), "state") };
    this.store.save(tensors, { step, state: { loop, ...caller }, environment: this.environment });
    this.saved = { step, at: performance.now() };
  }

  private seconds(): number {
    return (performance.now() - this.started) / 1000;
  }

  private isDue(every: number): boolean {
    return this.step % every === 0 || this.step === this.plan.steps;
  }

  private isCheckpointDue(): boolean {
    const { folder, keepSteps, checkpointEvery, checkpointEveryMinutes } = this.plan;
    if (folder === undefined) return false;
    if (this.step % checkpointEvery === 0 || keepSteps.includes(this.step)) return true;
    return performance.now() - this.saved.at >= checkpointEveryMinutes * 60_000;
  }

  private onNonFinite(name: string, value: number, step: number): void {
    if (this.plan.nonFinite === "stop") throw new NonFiniteError(name, value, step, this.store.newest);
  }
}

function hasNaN(data: NumberArray): boolean {
  for (let i = 0; i < data.length; i++) if (Number.isNaN(data[i])) return true;
  return false;
}

function requireNumbers(values: Record<string, number>): Record<string, number> {
  for (const [name, value] of Object.entries(values)) {
    if (typeof value !== "number")
      throw new TypeError(
        `Cannot log "${name}" of the evaluation as it must be a number: got ${typeof value}`,
      );
  }
  return values;
}
