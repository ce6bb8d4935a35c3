// What TensorFlow itself says an op's inputs, outputs and attributes are (op-table.ts), and the attributes completed that
// eager execution infers from an op's inputs (ExpandDims.T) but a graph must state.
import type { Attribute } from "./graph-def";
import { opTable } from "./op-table";

interface OpDefinition {
  stateful: boolean;
  inputs: readonly string[];
  attributes: readonly { name: string; hasDefault: boolean }[];
}

const definitions = new Map<string, OpDefinition>();

/**
 * Looks an op up in TensorFlow's registry.
 *
 * @throws {RangeError} where the op is not in the table
 */
export function opDefinition(op: string): OpDefinition {
  const known = definitions.get(op);
  if (known) return known;
  if (!Object.hasOwn(opTable, op)) {
    throw new RangeError(
      `Cannot compile a step with the op ${op} as op-table.ts does not define it: add it to generate-op-table.py and regenerate`,
    );
  }
  const [inputs, , attributes] = opTable[op].replace(/^!/, "").split("|");
  const definition = {
    stateful: opTable[op].startsWith("!"),
    inputs: words(inputs),
    attributes: words(attributes).map((word) => ({
      name: word.split(":")[0],
      hasDefault: word.endsWith("?"),
    })),
  };
  definitions.set(op, definition);
  return definition;
}

/**
 * Completes the attributes of an eager call with those that TensorFlow infers from the inputs.
 *
 * @param given those that the call states
 * @param inputTypes dtype number of each input
 * @throws {RangeError} where the op is unknown, or an attribute can neither be inferred nor has a default
 */
export function completeAttributes(
  op: string,
  given: Readonly<Record<string, Attribute>>,
  inputTypes: readonly number[],
): Record<string, Attribute> {
  const { inputs, attributes } = opDefinition(op);
  const inferred: Record<string, Attribute> = {};
  let at = 0;
  for (const [position, input] of inputs.entries()) {
    if (input.startsWith("*")) {
      const end = inputTypes.length - (inputs.length - position - 1);
      inferred[input.slice(1)] = { types: inputTypes.slice(at, end) };
      at = end;
      continue;
    }
    const [kind, count] = input.split("*").reverse();
    const end = count ? inputTypes.length - (inputs.length - position - 1) : at + 1;
    if (count) inferred[count] = { int: end - at };
    if (!/^\d+$/.test(kind)) inferred[kind] ??= { type: inputTypes[at] };
    at = end;
  }
  const complete: Record<string, Attribute> = {};
  for (const { name, hasDefault } of attributes) {
    const value = given[name] ?? inferred[name];
    if (value) complete[name] = value;
    else if (!hasDefault) {
      throw new RangeError(
        `Cannot compile the op ${op} as its attribute ${name} is neither stated nor inferable from its inputs`,
      );
    }
  }
  return complete;
}

const words = (text: string) => text.split(" ").filter((word) => word !== "");
