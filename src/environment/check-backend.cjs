// Run on its own by set-up and doctor: loads native TensorFlow, takes one convolution's gradient, says what ran it.
const util = require("node:util");
util.isNullOrUndefined = (value) => value === null || value === undefined; // deprecated, gone in Node 23, used by tfjs-node
const tf = require("@tensorflow/tfjs-node-gpu");

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
