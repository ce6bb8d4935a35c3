// The one TensorFlow.js of the process: native where its binding could be made, else plain JavaScript. danfojs-node
// asks for "@tensorflow/tfjs-node" and dolab does too, so tables and models share tensors.
const { dirname, join } = require("node:path");
const { realpathSync } = require("node:fs");
const util = require("node:util");

util.isNullOrUndefined = (value) => value === null || value === undefined; // deprecated, gone in Node 23, used by tfjs-node
process.env.TF_CPP_MIN_LOG_LEVEL ??= "2"; // errors only: TensorFlow logs each graph that it loads
process.env.TF_OVERRIDE_GLOBAL_THREADPOOL ??= "1"; // each session has its own threads, as many as it asks for

function load() {
  if (process.env.DOLAB_BACKEND && process.env.DOLAB_BACKEND !== "tensorflow")
    return require("@tensorflow/tfjs");
  try {
    quietLog();
    return require("@tensorflow/tfjs-node-gpu");
  } catch (error) {
    const tensorflow = require("@tensorflow/tfjs");
    Object.defineProperty(tensorflow, "nativeLoadError", { value: error, enumerable: false });
    return tensorflow;
  }
}

/** Before the library loads: see src/environment/quiet-log.cc. */
function quietLog() {
  try {
    const binding = require.resolve("@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node");
    require(join(dirname(realpathSync(binding)), "quiet_log.node"));
  } catch {
    // it could not be compiled here: TensorFlow says how it computes
  }
}

module.exports = load();
