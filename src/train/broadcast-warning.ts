// Targets [n] against outputs [n, 1] broadcast to [n, n]: every target is compared with every output, and the loss falls to the
// wrong place without a word. The first step of a training is watched for it.
import type { Tensor } from "@tensorflow/tfjs-node";
import { tensorflow } from "../tensor";

const compared = new Set(["Sub", "SquaredDifference", "Multiply", "Equal"]);
const told = new Set<string>();

interface RunningEngine {
  runKernel?(kernel: string, inputs: Record<string, Tensor>, attributes?: object): unknown;
}

/** Runs `body`, and warns where an operation compares [..., n] with [..., n, 1]. */
export function watchingBroadcasts<T>(body: () => T): T {
  const engine = tensorflow().engine() as unknown as RunningEngine;
  const before = Object.getOwnPropertyDescriptor(engine, "runKernel");
  const run = engine.runKernel as Required<RunningEngine>["runKernel"];
  engine.runKernel = function (this: unknown, kernel, inputs, attributes) {
    if (compared.has(kernel)) warnOfColumn(kernel, inputs.a?.shape, inputs.b?.shape);
    return run.call(this, kernel, inputs, attributes);
  };
  try {
    return body();
  } finally {
    if (before) Object.defineProperty(engine, "runKernel", before);
    else delete engine.runKernel;
  }
}

function warnOfColumn(kernel: string, a: readonly number[] = [], b: readonly number[] = []): void {
  const [row, column] = a.length < b.length ? [a, b] : [b, a];
  const length = row[row.length - 1];
  if (!(length > 1) || column.join() !== [...row, 1].join()) return;
  const message =
    `A step computes ${kernel} of [${a}] and [${b}], which gives every pair of their elements, [${[...row, length]}]: are targets ` +
    "and outputs of different shapes? targets.reshape(outputs.shape) compares them one by one, meanSquaredError refuses; " +
    "expandDims(0) on the first says that pairs are meant";
  if (told.has(message)) return;
  told.add(message);
  process.emitWarning(message, "DolabWarning");
}
