// The metrics of steps between two rows of the log. Tensors are held, not read, until a row or a checkpoint asks or many
// have come together: reading makes the host wait. Sums are float64 in the order of the steps, so that a run that is
// resumed in between has the same means.
import type { Tensor } from "@tensorflow/tfjs-node";
import { isPlainObject, type PlainObject } from "../io/plain-data";
import { isTensor } from "../tensor/is-tensor";

/** What a step returns: its loss, or numbers by name; tensors hold a single number each, and are disposed of by the loop. */
export type StepResult = Tensor | Readonly<Record<string, Tensor | number>>;

const MOST_HELD = 512;

interface Sum {
  total: number;
  count: number;
}

export class StepMetrics {
  private held: { step: number; name: string; value: Tensor | number }[] = [];
  private readonly sums = new Map<string, Sum>();

  /**
   * @param onNonFinite is told of each number that is not finite; what it throws ends the run
   * @param saved what `state` returned
   */
  constructor(
    private readonly onNonFinite: (name: string, value: number, step: number) => void,
    saved: PlainObject = {},
  ) {
    for (const [name, sum] of Object.entries(saved)) {
      if (!isPlainObject(sum)) continue;
      this.sums.set(name, { total: sum.total === null ? NaN : Number(sum.total), count: Number(sum.count) });
    }
  }

  /** @param step steps done, this one among them */
  add(step: number, result: StepResult): void {
    if (isTensor(result)) this.held.push({ step, name: "loss", value: result });
    else for (const name of Object.keys(result)) this.held.push({ step, name, value: result[name] });
    if (this.held.length >= MOST_HELD) this.read();
  }

  /** Means since the last call; what they are made of is forgotten. */
  takeMeans(): Record<string, number> {
    this.read();
    const means = Array.from(this.sums, ([name, { total, count }]) => [name, total / count]);
    this.sums.clear();
    return Object.fromEntries(means);
  }

  /** The sums since the last means, as plain data. */
  state(): PlainObject {
    this.read();
    const plain = ({ total, count }: Sum) => ({ total: Number.isFinite(total) ? total : null, count });
    return Object.fromEntries(Array.from(this.sums, ([name, sum]) => [name, plain(sum)]));
  }

  has(name: string): boolean {
    return this.sums.has(name) || this.held.some((metric) => metric.name === name);
  }

  /** Frees the tensors that are held. */
  dispose(): void {
    for (const { value } of this.held) if (typeof value !== "number") value.dispose();
    this.held = [];
  }

  private read(): void {
    for (const { step, name, value: metric } of this.held) {
      const value = typeof metric === "number" ? metric : metric.dataSync()[0];
      if (!Number.isFinite(value)) this.onNonFinite(name, value, step);
      const sum = this.sums.get(name) ?? { total: 0, count: 0 };
      this.sums.set(name, sum);
      sum.total += value;
      sum.count += 1;
    }
    this.dispose();
  }
}

/** @throws {TypeError} where a step has returned anything else than its metrics */
export function requireStepResult(result: unknown): asserts result is StepResult {
  const named = isPlainObject(result) && typeof result.then !== "function"; // no promise
  const metrics = isTensor(result) || !named ? [result] : Object.values(result);
  for (const metric of metrics) {
    if (typeof metric === "number" || (isTensor(metric) && metric.size === 1)) continue;
    const got = isTensor(metric) ? `a tensor of shape [${metric.shape}]` : String(metric);
    throw new TypeError(
      `Cannot log a step as it must return a scalar tensor, or scalars and numbers by name, at once: got ${got}`,
    );
  }
}
