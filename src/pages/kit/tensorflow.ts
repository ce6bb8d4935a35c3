// TensorFlow.js for a page: what `tensorflow()` gives there, in the place of @tensorflow/tfjs-node. Its operations are
// those of the core; the layers, converters and data pipelines of the whole package stay out.
import "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops";

export * from "@tensorflow/tfjs-core";
