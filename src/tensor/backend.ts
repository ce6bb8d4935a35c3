// Which TensorFlow.js backend computes, best first: native TensorFlow (built by set-up, or the package's own binary),
// WebAssembly, plain JavaScript. The environment variable DOLAB_BACKEND (tensorflow, wasm, cpu) chooses one.
import path from "node:path";
import type * as tfjs from "@tensorflow/tfjs-node";

export const backendNames = ["tensorflow", "wasm", "cpu"] as const;
export type BackendName = (typeof backendNames)[number];

export interface Backend {
  name: BackendName;
  /** What computes: "GPU" only where native TensorFlow uses one. */
  device: "CPU" | "GPU";
  /** The backend and its version, such as "native TensorFlow 2.21.0". */
  title: string;
  /** What one does without on this backend; empty on the native one. */
  lost: string;
  /** Why a better backend is not used; empty where none is better. */
  reason: string;
}

const lost: Record<BackendName, string> = {
  tensorflow: "",
  wasm: "no compiled training steps, several times slower, and no gradient for convolution filters (no CNN training)",
  cpu: "no compiled training steps, and tens to hundreds of times slower",
};

let started: Promise<Backend> | undefined;

/**
 * Gives the TensorFlow.js that the whole process shares; loading it takes about a second.
 *
 * @example
 * import { tensorflow } from "dolab";
 * const tf = tensorflow();
 * tf.tensor1d([1, 2]).sum().dataSync()[0]; // => 3
 */
export const tensorflow = (): typeof tfjs => require("@tensorflow/tfjs-node");

/**
 * Makes the best backend ready, once a process.
 *
 * @returns what computes and why
 * @throws {RangeError} where DOLAB_BACKEND names no backend
 * @throws {Error} where it names one that cannot be started
 * @example
 * import { startBackend } from "dolab";
 * const { name } = await startBackend();
 * ["tensorflow", "wasm", "cpu"].includes(name); // => true
 */
export function startBackend(): Promise<Backend> {
  started ??= chooseBackend();
  return started;
}

async function chooseBackend(): Promise<Backend> {
  const wanted = process.env.DOLAB_BACKEND;
  if (wanted && !backendNames.includes(wanted as BackendName)) {
    throw new RangeError(
      `Cannot start backend "${wanted}" as DOLAB_BACKEND must be one of ${backendNames.join(", ")}`,
    );
  }
  const tf = tensorflow() as typeof tfjs & { nativeLoadError?: Error };
  if (tf.findBackend("tensorflow")) {
    const { binding, isUsingGpuDevice } = tf.backend() as unknown as NativeBackend;
    const title = `native TensorFlow ${binding.TF_Version}`;
    return { name: "tensorflow", device: isUsingGpuDevice ? "GPU" : "CPU", title, lost: "", reason: "" };
  }
  const reason = wanted ? `DOLAB_BACKEND asks for "${wanted}"` : firstLine(tf.nativeLoadError);
  if (wanted === "tensorflow")
    throw new Error(`Cannot start native TensorFlow as its binding does not load: ${reason}`);
  if (wanted !== "cpu" && (await startWebAssembly(tf))) {
    return {
      name: "wasm",
      device: "CPU",
      title: `WebAssembly (TensorFlow.js ${tf.version_core})`,
      lost: lost.wasm,
      reason,
    };
  }
  await tf.setBackend("cpu");
  return {
    name: "cpu",
    device: "CPU",
    title: `plain JavaScript (TensorFlow.js ${tf.version_core})`,
    lost: lost.cpu,
    reason,
  };
}

interface NativeBackend {
  binding: { TF_Version: string };
  isUsingGpuDevice: boolean;
}

async function startWebAssembly(tf: typeof tfjs): Promise<boolean> {
  try {
    const wasm = require("@tensorflow/tfjs-backend-wasm") as { setWasmPaths(folder: string): void };
    wasm.setWasmPaths(`${path.dirname(require.resolve("@tensorflow/tfjs-backend-wasm"))}${path.sep}`);
    return await tf.setBackend("wasm");
  } catch {
    return false;
  }
}

const firstLine = (error: Error | undefined) =>
  error?.message.split("\n")[0].trim() ?? "its binding does not load";
