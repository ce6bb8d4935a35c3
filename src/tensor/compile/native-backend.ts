// Types the parts of tfjs-node's native backend that compile() uses and the package's own types do not declare.
import type { DataId, Tensor, TensorInfo } from "@tensorflow/tfjs-node";
import { tensorflow } from "../backend";

/** What the binding says of a tensor that an op has made; `dtype` is TensorFlow's number. */
export interface TensorMetadata {
  id: number;
  shape: number[];
  dtype: number;
}

/** An op's attribute as the binding takes it; `type` is one of its TF_ATTR numbers. */
export interface EagerAttribute {
  name: string;
  type: number;
  value: unknown;
}

export interface Binding {
  createTensor(shape: number[], dtype: number, values: unknown): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array;
  executeOp(op: string, attributes: EagerAttribute[], inputs: number[], outputs: number): TensorMetadata[];
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(session: number): void;
  runSavedModel(session: number, inputs: number[], feeds: string, fetches: string): TensorMetadata[];
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_INT64: number;
  readonly TF_BOOL: number;
  readonly TF_COMPLEX64: number;
  readonly TF_STRING: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_SHAPE: number;
}

export interface NativeBackend {
  binding: Binding;
  tensorMap: { get(dataId: DataId): { id: number; dtype: number; shape: number[]; values: unknown } };
  getInputTensorIds(tensors: readonly TensorInfo[]): number[];
  createOutputTensor(metadata: TensorMetadata): Tensor;
  executeMultipleOutputs(
    op: string,
    attributes: EagerAttribute[],
    inputs: readonly TensorInfo[],
    outputs: number,
  ): Tensor[];
}

/** The native backend where it is the one in use, else undefined. */
export function nativeBackend(): NativeBackend | undefined {
  const tf = tensorflow();
  return tf.getBackend() === "tensorflow" ? (tf.backend() as unknown as NativeBackend) : undefined;
}

/** A copy of a tensor under a handle of its own; the two share their memory. */
export function withOwnHandle(backend: NativeBackend, tensor: Tensor): Tensor {
  const { dtype } = backend.tensorMap.get(tensor.dataId);
  const type = { name: "T", type: backend.binding.TF_ATTR_TYPE, value: dtype };
  return backend.executeMultipleOutputs("Identity", [type], [tensor], 1)[0];
}
