// One signature of a compiled step: the graph of one trace, with the nodes that make a call of it atomic. No variable is
// assigned before every new value and every result is there, so that a call that fails leaves the variables as they were.
import type { Tensor } from "@tensorflow/tfjs-node";
import { type Attribute, addNode, type EncodedNodes, type Node, nodeOf } from "./graph-def";
import type { NativeBackend } from "./native-backend";
import type { ResultStructure } from "./result-structure";
import { resultNode, variableNode } from "./session";
import { argumentNode, readNode, type Trace } from "./trace";

export interface Program {
  nodes: EncodedNodes;
  feeds: string;
  fetches: string;
  /** Positions of the variables that a call assigns. */
  assigned: readonly number[];
  structure: ResultStructure;
  outputCount: number;
  /** What it was made of. */
  trace: Trace;
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
  extraAttributes: Readonly<Record<string, Attribute>>,
): Program {
  const { binding } = backend;
  const add = (name: string, op: string, inputs: readonly string[], attributes: Node["attributes"] = {}) => {
    addNode(nodes, { name, op, inputs, attributes });
    return name;
  };
  const ends = [...trace.outputs, ...trace.assignments].map(({ source }) => source);
  const computed = unique([...ends, ...trace.updates.flatMap(({ sources }) => sources)].map(nodeOf));
  const { nodes, names } = neededNodes(trace.nodes, computed);
  for (const [position, tensor] of tensors.entries()) {
    const { dtype } = backend.tensorMap.get(tensor.dataId);
    add(argumentNode(prefix, position), "Placeholder", [], {
      dtype: { type: dtype },
      shape: { shape: tensor.shape },
    });
  }
  const reads = variableTypes.flatMap((dtype, i) => {
    const name = readNode(prefix, i);
    if (!names.has(name)) return [];
    return add(name, "ReadVariableOp", [variableNode(i)], { dtype: { type: dtype }, ...extraAttributes });
  });
  const ready = add(`${prefix}ready`, "NoOp", unique([...computed, ...reads]).map(after), extraAttributes);
  const changes = trace.assignments.map(({ variable, source }) =>
    add(`${prefix}assign${variable}`, "AssignVariableOp", [variableNode(variable), source, after(ready)], {
      dtype: { type: variableTypes[variable] },
      ...extraAttributes,
    }),
  );
  const latest = new Map<number, string>(); // by variable
  for (const [number, { op, variables, sources, attributes }] of trace.updates.entries()) {
    const handles = variables.map(variableNode);
    const before = variables.flatMap((variable) => latest.get(variable) ?? []);
    const type = { type: variableTypes[variables[0]] };
    const name = add(
      `${prefix}update${number}`,
      op,
      [...handles, ...sources, ...[ready, ...before].map(after)],
      {
        [op.startsWith("Assign") ? "dtype" : "T"]: type,
        ...attributes,
      },
    );
    for (const variable of variables) latest.set(variable, name);
    changes.push(name);
  }
  const done = add(`${prefix}done`, "NoOp", [ready, ...changes].map(after));
  for (const [position, { source, dtype }] of trace.outputs.entries()) {
    add(`${prefix}result${position}`, "Identity", [source, after(done)], { T: { type: dtype } });
  }
  const outputCount = trace.outputs.length;
  if (outputCount === 0) {
    for (const node of resultNode(`${prefix}result0`, binding.TF_BOOL, [after(done)])) addNode(nodes, node);
  }
  return {
    nodes,
    feeds: tensors.map((_, position) => `${argumentNode(prefix, position)}:0`).join(","),
    fetches: Array.from({ length: Math.max(outputCount, 1) }, (_, i) => `${prefix}result${i}:0`).join(","),
    assigned: unique([...trace.assignments.map(({ variable }) => variable), ...latest.keys()]),
    structure: trace.structure,
    outputCount,
    trace,
  };
}

const unique = <T>(list: readonly T[]): T[] => [...new Set(list)];
const after = (node: string) => `^${node}`;

/** What a trace's ends depend on: nodes of the trace, and the names of all, arguments and variables among them. */
function neededNodes(
  all: EncodedNodes,
  ends: readonly string[],
): { nodes: EncodedNodes; names: Set<string> } {
  const names = new Set(ends);
  const nodes: EncodedNodes = new Map();
  for (const name of names) {
    const node = all.get(name);
    if (!node) continue;
    nodes.set(name, node);
    for (const input of node.inputs) names.add(nodeOf(input));
  }
  return { nodes, names };
}
