// The one TensorFlow.js of the process: native where its binding could be made, else plain JavaScript. danfojs-node
// asks for "@tensorflow/tfjs-node" and dolab does too, so tables and models share tensors.
const path = require("node:path");
const util = require("node:util");
const { chooseBuild } = require("./builds.js");

util.isNullOrUndefined = (value) => value === null || value === undefined; // deprecated, gone in Node 23, used by tfjs-node
process.env.TF_CPP_MIN_LOG_LEVEL ??= "2"; // errors only: TensorFlow logs each graph that it loads
process.env.TF_OVERRIDE_GLOBAL_THREADPOOL ??= "1"; // each session has its own threads, as many as it asks for

function load() {
  if (process.env.DOLAB_BACKEND && process.env.DOLAB_BACKEND !== "tensorflow")
    return require("@tensorflow/tfjs");
  try {
    return loadNative();
  } catch (error) {
    const tensorflow = require("@tensorflow/tfjs");
    Object.defineProperty(tensorflow, "nativeLoadError", { value: error, enumerable: false });
    return tensorflow;
  }
}

/** tfjs-node-gpu asks node-pre-gyp where its binding is: it is told the chosen build's, or where there is none its own. */
function loadNative() {
  const build = chooseBuild();
  if (!build) return require("@tensorflow/tfjs-node-gpu");
  try {
    require(path.join(build.folder, "quiet_log.node")); // before the library loads: see src/environment/quiet-log.cc
  } catch {
    // it could not be compiled here: TensorFlow says how it computes
  }
  const home = path.dirname(require.resolve("@tensorflow/tfjs-node-gpu/package.json"));
  const finder = require(require.resolve("@mapbox/node-pre-gyp/lib/pre-binding", { paths: [home] }));
  const { find } = finder;
  finder.find = () => build.binding;
  try {
    return require("@tensorflow/tfjs-node-gpu");
  } finally {
    finder.find = find;
  }
}

module.exports = load();
