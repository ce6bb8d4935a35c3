// Run on its own by set-up: loads the native TensorFlow of the folder that is named, takes one convolution's gradient, says
// what ran it.
const builds = require("./tfjs-node/builds.js");

const build = builds.buildAt(process.argv[2]);
builds.chooseBuild = () => ({ ...build, device: "cpu", why: "it is checked" });
const tf = require("./tfjs-node/index.js");
if (tf.nativeLoadError) throw tf.nativeLoadError;

const image = tf.ones([1, 8, 8, 3]);
const gradient = tf.grad((filter) => tf.conv2d(image, filter, 1, "same").sum())(tf.ones([3, 3, 3, 4]));
const sum = gradient.sum().dataSync()[0];
const expected = 4 * 3 * 22 * 22; // 4 filters, 3 channels, and (7 + 8 + 7) pixels that the taps reach along each side
const backend = tf.backend();
const device = backend.isUsingGpuDevice ? "gpu" : "cpu";
const answer = {
  backend: tf.getBackend(),
  device,
  tensorflow: backend.binding.TF_Version,
  tfjs: tf.version_core,
};
process.stdout.write(`${JSON.stringify(answer)}\n`);
process.exit(sum === expected ? 0 : 1);
