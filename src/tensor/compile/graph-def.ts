// TensorFlow's GraphDef and SavedModel, as far as a traced step needs them, encoded to bytes. Field numbers are those
// of tensorflow/core/framework/{graph,node_def,attr_value,tensor,tensor_shape}.proto and protobuf/{saved_model,meta_graph}.proto.
import { bytesField, floatField, floatsField, integerField, integersField, message } from "./wire-format";

/** A node attribute; `types` and `type` hold TensorFlow's dtype numbers. */
export type Attribute =
  | { type: number }
  | { types: readonly number[] }
  | { bool: boolean }
  | { int: number }
  | { ints: readonly number[] }
  | { float: number }
  | { floats: readonly number[] }
  | { string: string }
  | { shape: readonly number[] }
  | { tensor: { dtype: number; shape: readonly number[]; bytes: Uint8Array } };

export interface Node {
  name: string;
  op: string;
  /** "node", "node:1" for a further output, "^node" for what must run before. */
  inputs: readonly string[];
  attributes: Record<string, Attribute>;
}

/** Version of the graph format (`TF_GRAPH_DEF_VERSION`) that the nodes are written in; newer TensorFlow reads it. */
const graphProducer = 1087;

/**
 * Encodes a graph as a SavedModel (one meta graph, tag "serve", no variables of its own).
 *
 * @param nodes encoded by `encodeNode`
 */
export function encodeSavedModel(nodes: readonly Uint8Array[]): Uint8Array {
  const graph = message(
    ...nodes.map((node) => bytesField(1, node)),
    bytesField(4, integerField(1, graphProducer)),
  );
  const information = message(bytesField(4, "serve"), bytesField(5, "2.9.1"));
  return message(
    integerField(1, 1),
    bytesField(2, message(bytesField(1, information), bytesField(2, graph))),
  );
}

/** Nodes of a graph by name, encoded. */
export type EncodedNodes = Map<string, { inputs: readonly string[]; bytes: Uint8Array }>;

/** Encodes a node and puts it with the others. */
export function addNode(nodes: EncodedNodes, node: Node): void {
  nodes.set(node.name, { inputs: node.inputs, bytes: encodeNode(node) });
}

/** The name of the node that an input comes from. */
export const nodeOf = (input: string): string => input.replace(/^\^|:\d+$/g, "");

/** Encodes one node (NodeDef). */
export function encodeNode({ name, op, inputs, attributes }: Node): Uint8Array {
  return message(
    bytesField(1, name),
    bytesField(2, op),
    ...inputs.map((input) => bytesField(3, input)),
    ...Object.entries(attributes).map(([key, attribute]) =>
      bytesField(5, message(bytesField(1, key), bytesField(2, encodeAttribute(attribute)))),
    ),
  );
}

function encodeAttribute(attribute: Attribute): Uint8Array {
  if ("type" in attribute) return integerField(6, attribute.type);
  if ("types" in attribute) return bytesField(1, integersField(6, attribute.types));
  if ("bool" in attribute) return integerField(5, attribute.bool);
  if ("int" in attribute) return integerField(3, attribute.int);
  if ("ints" in attribute) return bytesField(1, integersField(3, attribute.ints));
  if ("float" in attribute) return floatField(4, attribute.float);
  if ("floats" in attribute) return bytesField(1, floatsField(4, attribute.floats));
  if ("string" in attribute) return bytesField(2, attribute.string);
  if ("shape" in attribute) return bytesField(7, encodeShape(attribute.shape));
  const { dtype, shape, bytes } = attribute.tensor;
  return bytesField(
    8,
    message(integerField(1, dtype), bytesField(2, encodeShape(shape)), bytesField(4, bytes)),
  );
}

/** A size of 0 is left out, as protocol buffers leave out every default. */
const encodeShape = (shape: readonly number[]) =>
  message(...shape.map((size) => bytesField(2, size === 0 ? message() : integerField(1, size))));
