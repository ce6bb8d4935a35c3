// Refuses what a traced step must not do: read values on the host, or draw from Math.random (as TensorFlow.js's own random
// ops do). Either would freeze one call's numbers into the graph. Kernels that read to check their inputs (GatherV2) go
// straight to the backend and are answered; user code and TensorFlow.js's ops go through the engine and are refused.
import type { DataId } from "@tensorflow/tfjs-node";
import { tensorflow } from "../backend";

interface ReadingEngine {
  read?(dataId: DataId): Promise<unknown>;
  readSync?(dataId: DataId): unknown;
}

/**
 * Runs `body` with these refusals in force.
 *
 * @param varies whether a tensor's values differ from call to call; others may be read
 * @throws {Error} after `body` too, where it caught the refusal itself or read without waiting
 */
export function refusingHostValues<T>(varies: (dataId: DataId) => boolean, body: () => T): T {
  const engine = tensorflow().engine() as unknown as ReadingEngine;
  const prototype = Object.getPrototypeOf(engine) as Required<ReadingEngine>;
  const random = Math.random;
  let refused: Error | undefined;
  const refuse = (what: string) => {
    refused ??= new Error(`Cannot compile a step as ${what}`);
    return refused;
  };
  const reading =
    "it reads the value of a tensor that changes from call to call (dataSync, data, arraySync, array, print): " +
    "return the tensor from the step and read it there, or choose with tf.where";
  engine.readSync = (dataId) => {
    if (varies(dataId)) throw refuse(reading);
    return prototype.readSync.call(engine, dataId);
  };
  engine.read = (dataId) => {
    if (!varies(dataId)) return prototype.read.call(engine, dataId);
    refuse(reading);
    return new Promise(() => {}); // a rejection that nobody awaits would end the process before the error is told
  };
  Math.random = () => {
    throw refuse(
      "it draws unseeded random numbers on the host (Math.random, tf.randomNormal, tf.dropout...), which would be the same " +
        "in every call: use statelessNormal, statelessUniform or statelessTruncatedNormal with a seed argument, " +
        "or pass the numbers as an argument",
    );
  };
  try {
    const result = body();
    if (refused) throw refused;
    return result;
  } finally {
    delete engine.readSync;
    delete engine.read;
    Math.random = random;
  }
}
