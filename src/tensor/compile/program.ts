// One signature of a compiled step: the graph of one trace, with the nodes that make a call of it atomic. No variable is
// assigned before every new value and every result is there, so that a call that fails leaves the variables as they were.
import type { Tensor } from "@tensorflow/tfjs-node";
import { encodeNode, type Node } from "./graph-def";
import type { NativeBackend } from "./native-backend";
import type { ResultStructure } from "./result-structure";
import { resultNode, variableNode } from "./session";
import { argumentNode, readNode, type Trace } from "./trace";

export interface Program {
  nodes: Map<string, Uint8Array>;
  feeds: string;
  fetches: string;
  /** Positions of the variables that a call assigns. */
  assigned: readonly number[];
  structure: ResultStructure;
  outputCount: number;
}

/**
 * Completes a trace to what a session can run.
 *
 * @param tensors arguments of the traced signature
 * @param variableTypes dtype number of each variable
 */
export function programOf(
  backend: NativeBackend,
  trace: Trace,
  tensors: readonly Tensor[],
  variableTypes: readonly number[],
  prefix: string,
): Program {
  const added: Node[] = tensors.map((tensor, position) => ({
    name: argumentNode(prefix, position),
    op: "Placeholder",
    inputs: [],
    attributes: {
      dtype: { type: backend.tensorMap.get(tensor.dataId).dtype },
      shape: { shape: tensor.shape },
    },
  }));
  const before = (source: string) => `^${source.split(":")[0]}`;
  const computed = [...trace.outputs, ...trace.assignments].map(({ source }) => before(source));
  const reads = trace.assignments.map(({ variable }) => `^${readNode(variable)}`);
  const ready = `${prefix}ready`;
  added.push({ name: ready, op: "NoOp", inputs: unique([...computed, ...reads]), attributes: {} });
  const assigns = trace.assignments.map(({ variable, source }) => ({
    name: `${prefix}assign${variable}`,
    op: "AssignVariableOp",
    inputs: [variableNode(variable), source, `^${ready}`],
    attributes: { dtype: { type: variableTypes[variable] } },
  }));
  const done = `${prefix}done`;
  added.push(...assigns, {
    name: done,
    op: "NoOp",
    inputs: [`^${ready}`, ...assigns.map(({ name }) => `^${name}`)],
    attributes: {},
  });
  const results = trace.outputs.map(({ source, dtype }, position) => ({
    name: `${prefix}result${position}`,
    op: "Identity",
    inputs: [source, `^${done}`],
    attributes: { T: { type: dtype } },
  }));
  added.push(...results);
  if (results.length === 0)
    added.push(...resultNode(`${prefix}result0`, backend.binding.TF_BOOL, [`^${done}`]));
  const nodes = new Map(trace.nodes);
  for (const node of added) nodes.set(node.name, encodeNode(node));
  return {
    nodes,
    feeds: tensors.map((_, position) => `${argumentNode(prefix, position)}:0`).join(","),
    fetches: Array.from({ length: Math.max(results.length, 1) }, (_, i) => `${prefix}result${i}:0`).join(","),
    assigned: trace.assignments.map(({ variable }) => variable),
    structure: trace.structure,
    outputCount: results.length,
  };
}

const unique = (names: readonly string[]) => [...new Set(names)];
