// Writes down the TensorFlow ops that run while a step is traced. The binding is wrapped (it is frozen, so the backend
// gets another object in its place): every op still runs, and becomes a node as well. Tensors that come from outside
// the trace become constants.

import { createHash } from "node:crypto";
import type { DataId, Tensor, TensorInfo, Variable } from "@tensorflow/tfjs-node";
import { addConstant } from "./constant-node";
import { type Attribute, addNode, type EncodedNodes, type Node } from "./graph-def";
import type { Binding, EagerAttribute, NativeBackend, TensorMetadata } from "./native-backend";
import { completeAttributes, opDefinition } from "./op-definitions";
import { isStandIn, OtherStepError, standInsFor, type TracedOutputs } from "./replay";
import { refusingHostValues } from "./trace-refusals";

export interface RecorderOptions {
  /** Goes before the names of this trace's nodes. */
  prefix: string;
  /** Attributes for every node but the random ones, whose numbers must not depend on what compiles them. */
  extraAttributes: Readonly<Record<string, Attribute>>;
  /** A trace of the same step, which this one expects to repeat. */
  earlier?: { nodes: EncodedNodes; computed: TracedOutputs; constants: ReadonlyMap<string, string> };
}

interface OutsideTensor {
  shape: readonly number[];
  /** Missing where only the binding has them. */
  values?: unknown;
}

/** Bytes of constants whose numbers are told where they change. */
const largestShown = 16;

/** All constants of one trace; a graph is one protocol buffer, which ends at 2 GiB. */
const largestConstants = 2 ** 30;

export class Recorder {
  readonly nodes: EncodedNodes = new Map();
  readonly computed = new Map<string, TensorMetadata[]>();
  /** The numbers in constants of few elements, by their nodes, to say what differs between two traces. */
  readonly constants = new Map<string, string>();
  /** Where a handle's value comes from in the graph, by handle. */
  private readonly sources = new Map<number, string>();
  /** Handles whose values depend on arguments or variables. */
  private readonly varying = new Set<number>();
  private readonly outside = new Map<number, OutsideTensor>();
  /** dtype number by handle. */
  private readonly types = new Map<number, number>();
  private ops = 0;
  private readonly hash = createHash("sha256");
  private constantBytes = 0;

  /** @param unlisted variables that the step must not use, by handle */
  constructor(
    private readonly backend: NativeBackend,
    private readonly unlisted: ReadonlyMap<number, Variable>,
    private readonly options: RecorderOptions,
  ) {}

  /** Says that a tensor, whose values change from call to call, is what a node gives. */
  declare(tensor: TensorInfo, node: string): void {
    const [id] = this.backend.getInputTensorIds([tensor]);
    this.sources.set(id, node);
    this.types.set(id, this.backend.tensorMap.get(tensor.dataId).dtype);
    this.varying.add(id);
  }

  /** What the ops are and how they hang together, whatever the trace's prefix and compiler. */
  digest(): string {
    return this.hash.copy().digest("hex").slice(0, 16);
  }

  /** Where a tensor's value comes from: "node", or "node:1" for a further output. */
  source(tensor: Tensor): string {
    return this.sourceOf(this.handleOf(tensor));
  }

  dtype(tensor: Tensor): number {
    return this.backend.tensorMap.get(tensor.dataId).dtype;
  }

  /** Runs `body` and writes its ops down. */
  run<T>(body: () => T): T {
    const { backend } = this;
    const { binding } = backend;
    const own = Object.getOwnPropertyDescriptor(backend, "getInputTensorIds");
    backend.binding = Object.create(binding, {
      executeOp: { value: this.executeOp.bind(this, binding) },
      createTensor: { value: this.createTensor.bind(this, binding) },
    });
    const inputIds = backend.getInputTensorIds;
    backend.getInputTensorIds = (tensors) => {
      const ids = inputIds.call(backend, tensors);
      for (const [position, tensor] of tensors.entries()) this.meet(ids[position], tensor);
      return ids;
    };
    try {
      return refusingHostValues((dataId) => this.varies(dataId), body);
    } finally {
      backend.binding = binding;
      if (own) Object.defineProperty(backend, "getInputTensorIds", own);
      else delete (backend as Partial<NativeBackend>).getInputTensorIds;
    }
  }

  private handleOf(tensor: Tensor): number {
    const [id] = this.backend.getInputTensorIds([tensor]);
    this.meet(id, tensor);
    return id;
  }

  /** Remembers dtype and shape of a tensor from outside the trace. */
  private meet(id: number, tensor: TensorInfo): void {
    if (this.types.has(id)) return;
    const { dtype, shape } = this.backend.tensorMap.get(tensor.dataId);
    this.types.set(id, dtype);
    this.outside.set(id, { shape });
  }

  private varies(dataId: DataId): boolean {
    const { id, values } = this.backend.tensorMap.get(dataId);
    return values == null && this.varying.has(id);
  }

  private createTensor(binding: Binding, shape: number[], dtype: number, values: unknown): number {
    const id = binding.createTensor(shape, dtype, values);
    this.types.set(id, dtype);
    this.outside.set(id, { shape, values });
    return id;
  }

  private executeOp(
    binding: Binding,
    op: string,
    eager: EagerAttribute[],
    inputs: number[],
    outputCount: number,
  ): TensorMetadata[] {
    if (opDefinition(op).stateful) {
      throw new RangeError(
        `Cannot compile a step with the op ${op} as it keeps a state of its own: for random numbers use statelessUniform, ` +
          "statelessNormal or statelessTruncatedNormal with a seed argument",
      );
    }
    const types = inputs.map((id) => this.types.get(id) as number);
    const given = Object.fromEntries(eager.map((each) => [each.name, asAttribute(binding, op, each)]));
    const attributes = completeAttributes(op, given, types);
    const sources = inputs.map((id) => this.sourceOf(id));
    const name = `${this.options.prefix}${op}_${this.ops++}`;
    const varies = inputs.some((id) => this.varying.has(id));
    this.hash.update(JSON.stringify([op, sources, attributes]).replaceAll(this.options.prefix, ""));
    const { earlier } = this.options;
    const known = varies ? earlier?.computed.get(name) : undefined;
    if (!known && inputs.some(isStandIn)) throw new OtherStepError(`it runs ${op} where it did not`);
    const outputs = known ? standInsFor(known) : binding.executeOp(op, eager, inputs, outputCount);
    const extra = op.startsWith("Stateless") ? {} : this.options.extraAttributes;
    const node = { name, op, inputs: sources, attributes: { ...attributes, ...extra } };
    const ofMatrices = op === "BatchMatMulV2" && outputs[0].shape.length === 2;
    addNode(this.nodes, ofMatrices && !("_XlaCompile" in extra) ? asMatMul(node) : node);
    this.computed.set(name, outputs);
    if (known && !sameNode(this.nodes, earlier?.nodes, name)) throw new OtherStepError(this.change(op, name));
    for (const [position, output] of outputs.entries()) {
      this.sources.set(output.id, position === 0 ? name : `${name}:${position}`);
      this.types.set(output.id, output.dtype);
      if (varies) this.varying.add(output.id);
    }
    return outputs;
  }

  /** What differs between an op of this trace and of the earlier one. */
  private change(op: string, name: string): string {
    const [now, before] = [this.nodes, this.options.earlier?.nodes].map(
      (nodes) => nodes?.get(name)?.inputs ?? [],
    );
    const position = now.findIndex((input, i) => input !== before[i]);
    const [new_, old] = [
      this.constants.get(now[position]),
      this.options.earlier?.constants.get(before[position]),
    ];
    if (new_ === undefined || old === undefined) return `it runs ${op} with other inputs or settings`;
    return `${old} has become ${new_} (in ${op})`;
  }

  private sourceOf(id: number): string {
    const known = this.sources.get(id);
    if (known !== undefined) return known;
    const variable = this.unlisted.get(id);
    if (variable) {
      throw new Error(
        `Cannot compile a step as it uses the variable ${variable.name} (${variable.dtype} [${variable.shape}]; or the tensor ` +
          "that it was made of), which is not in variables: list it, or its value would never change again",
      );
    }
    const { shape, values } = this.outside.get(id) as OutsideTensor;
    const dtype = this.types.get(id) as number;
    const bytes = bytesOf(this.backend.binding, dtype, values ?? this.backend.binding.tensorDataSync(id));
    this.constantBytes += bytes.length;
    if (this.constantBytes > largestConstants) {
      throw new RangeError(
        `Cannot compile a step with more than 1 GiB of constants: got a tensor of shape [${shape}] that is neither ` +
          "argument nor variable: pass it as one",
      );
    }
    const source = addConstant(this.nodes, { dtype, shape, bytes });
    this.sources.set(id, source);
    if (shape.length < 2 && bytes.length <= largestShown) {
      const numbers = values ?? this.backend.binding.tensorDataSync(id);
      const shown = Array.from(numbers as ArrayLike<number>, (number) => Number(number.toPrecision(7)));
      this.constants.set(source, shown.join(", "));
    }
    return source;
  }
}

/**
 * A product of two matrices, which TensorFlow.js takes for a batch: the kernel for matrices costs 7 % of an MLP
 * step less. XLA is the other way round: its product of matrices nearly doubles that step.
 */
function asMatMul({ attributes: { adj_x, adj_y, ...rest }, ...node }: Node): Node {
  return { ...node, op: "MatMul", attributes: { ...rest, transpose_a: adj_x, transpose_b: adj_y } };
}

/** Whether a node of a name is the same in two graphs. */
export function sameNode(first: EncodedNodes, second: EncodedNodes | undefined, name: string): boolean {
  const [one, other] = [first.get(name), second?.get(name)];
  return one !== undefined && other !== undefined && Buffer.compare(one.bytes, other.bytes) === 0;
}

/** An eager attribute as a graph's. */
function asAttribute(binding: Binding, op: string, { name, type, value }: EagerAttribute): Attribute {
  if (type === binding.TF_ATTR_TYPE)
    return Array.isArray(value) ? { types: value } : { type: value as number };
  if (type === binding.TF_ATTR_BOOL) return { bool: value as boolean };
  if (type === binding.TF_ATTR_INT) return Array.isArray(value) ? { ints: value } : { int: value as number };
  if (type === binding.TF_ATTR_FLOAT) {
    return Array.isArray(value) ? { floats: value } : { float: value as number };
  }
  if (type === binding.TF_ATTR_STRING) return { string: value as string };
  if (type === binding.TF_ATTR_SHAPE) return { shape: value as number[] };
  throw new RangeError(`Cannot compile the op ${op} as its attribute ${name} has the unknown kind ${type}`);
}

function bytesOf(binding: Binding, dtype: number, values: unknown): Uint8Array {
  if (dtype === binding.TF_STRING || !ArrayBuffer.isView(values)) {
    throw new TypeError(
      "Cannot compile a step with a string tensor, as only numbers and booleans can be constants",
    );
  }
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
