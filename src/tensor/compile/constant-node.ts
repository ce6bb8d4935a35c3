// Host tensors as nodes of a graph: named by their content, so that equal ones are one node; large uniform ones become
// Fill, so that the zeros of a large shape cost no megabytes in the graph.
import { createHash } from "node:crypto";
import { type Attribute, addNode, type EncodedNodes } from "./graph-def";

export interface HostTensor {
  /** TensorFlow's dtype number. */
  dtype: number;
  shape: readonly number[];
  bytes: Uint8Array;
}

/** Uniform tensors of more bytes than this become Fill. */
const largestUniformConstant = 1024;
const int32Type = 3;

/**
 * Adds a host tensor to the nodes of a graph.
 *
 * @param nodes where equal constants meet
 * @returns the name of the node that holds the tensor
 */
export function addConstant(nodes: EncodedNodes, tensor: HostTensor): string {
  const { dtype, shape, bytes } = tensor;
  const width = bytes.length / shape.reduce((size, length) => size * length, 1);
  if (bytes.length <= largestUniformConstant || !isUniform(bytes, width)) return addDense(nodes, tensor);
  const dimensions = new Uint8Array(Int32Array.from(shape).buffer);
  const dims = addDense(nodes, { dtype: int32Type, shape: [shape.length], bytes: dimensions });
  const value = addDense(nodes, { dtype, shape: [], bytes: bytes.subarray(0, width) });
  const attributes = { T: { type: dtype }, index_type: { type: int32Type } };
  const name = `fill_${digest([dims, value])}`;
  if (!nodes.has(name)) addNode(nodes, { name, op: "Fill", inputs: [dims, value], attributes });
  return name;
}

function addDense(nodes: EncodedNodes, { dtype, shape, bytes }: HostTensor): string {
  const name = `const_${digest([`${dtype}[${shape.join()}]`, bytes])}`;
  if (!nodes.has(name)) {
    const attributes: Record<string, Attribute> = {
      dtype: { type: dtype },
      value: { tensor: { dtype, shape, bytes } },
    };
    addNode(nodes, { name, op: "Const", inputs: [], attributes });
  }
  return name;
}

/** Whether every element is the first, bit for bit: a buffer that equals itself shifted by one element. */
function isUniform(bytes: Uint8Array, width: number): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.subarray(width).equals(buffer.subarray(0, bytes.length - width));
}

function digest(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex").slice(0, 32);
}
