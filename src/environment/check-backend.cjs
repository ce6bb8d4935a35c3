// Run on its own by set-up and doctor: loads native TensorFlow, does one convolution gradient and prints what it is.
const util = require("node:util");
util.isNullOrUndefined ??= (value) => value === null || value === undefined; // removed in Node 23, used by tfjs-node
const tf = require("@tensorflow/tfjs-node-gpu");

const image = tf.ones([1, 8, 8, 3]);
const filter = tf.ones([3, 3, 3, 4]);
const [gradient] = tf.grads((x, w) => tf.conv2d(x, w, 1, "same").sum())([image, filter]);
const sum = gradient.sum().dataSync()[0]; // 4 filters x 27 taps x the 22 x 22 places that a tap reaches in one row and column
const device = tf.backend().isUsingGpuDevice ? "gpu" : "cpu";
process.stdout.write(
  `${JSON.stringify({ backend: tf.getBackend(), sum, device, tensorflow: tf.backend().binding.TF_Version, tfjs: tf.version_core })}\n`,
);
process.exit(Number.isFinite(sum) && sum > 0 ? 0 : 1);
