// How many threads a session works with, as a ConfigProto (tensorflow/core/protobuf/config.proto) that set-up's binding
// takes from an environment variable (src/environment/session-options.cc). A step of small operations on one thread is
// several times faster than on all: waking a second thread for each costs more than it saves.
import { bytesField, integerField, message } from "./wire-format";

const variable = "DOLAB_SESSION_CONFIG";
let warned = false;

/** @param threads 1 for the calling thread alone; undefined for TensorFlow's choice, all cores */
export function withThreads<T>(threads: number | undefined, jit: boolean, load: () => T): T {
  if (threads === undefined) return load();
  process.env[variable] = Buffer.from(configuration(threads, jit)).toString("hex");
  try {
    return load();
  } finally {
    if (process.env[variable] !== undefined) warnOnce();
    delete process.env[variable];
  }
}

/** Fields of ConfigProto. */
function configuration(threads: number, jit: boolean): Uint8Array {
  const intraOp = integerField(2, threads);
  if (threads > 1) return intraOp;
  const interOp = integerField(5, -1); // on the thread that calls
  // XLA's launch needs control flow, which the single-threaded executor has none of.
  const executor = jit ? [] : [bytesField(16, bytesField(3, "SINGLE_THREADED_EXECUTOR"))];
  return message(intraOp, interOp, ...executor);
}

function warnOnce(): void {
  if (warned) return;
  warned = true;
  const cure = "npm run set-up builds one that does";
  process.emitWarning(
    `This build of TensorFlow.js' binding knows no session settings (${cure}): compiled steps use all cores`,
    "DolabWarning",
  );
}
