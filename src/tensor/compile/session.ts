// One TensorFlow session that holds the variables of a compiled step and the graphs of all its signatures. A new
// signature means a new session with one graph more; the variables' values move over by pull and push.
import type { Tensor, Variable } from "@tensorflow/tfjs-node";
import { encodeNode, encodeSavedModel, type Node } from "./graph-def";
import { withModelFolder } from "./model-folder";
import type { NativeBackend, TensorMetadata } from "./native-backend";
import { type Residency, residencyOf } from "./residency";
import { withThreads } from "./session-configuration";

export class Session {
  private readonly id: number;
  private readonly residencies: Residency[];
  /** The version of each variable's value that the session has; -1 where it has none. */
  private readonly versions: number[];
  /** Bytes of the SavedModel that it was loaded from. */
  readonly graphBytes: number;
  private closed = false;

  /** @param nodes encoded nodes of all signatures; they read and assign `variableNode(i)` */
  constructor(
    private readonly backend: NativeBackend,
    private readonly variables: readonly Variable[],
    /** dtype number of each variable. */
    readonly types: readonly number[],
    nodes: Iterable<Uint8Array>,
    { threads, jit }: { threads?: number; jit: boolean },
  ) {
    const own = variables.flatMap((variable, i) => variableNodes(i, types[i], variable.shape));
    const all = "all_set";
    own.push({ name: all, op: "NoOp", inputs: variables.map((_, i) => `^${setNode(i)}`), attributes: {} });
    own.push(...resultNode("all_done", backend.binding.TF_BOOL, [`^${all}`]));
    const model = encodeSavedModel([...own.map(encodeNode), ...nodes]);
    this.graphBytes = model.length;
    this.id = withModelFolder(model, (folder) =>
      withThreads(threads, jit, () => backend.binding.loadSavedModel(folder, "serve")),
    );
    this.residencies = variables.map(residencyOf);
    this.versions = variables.map(() => -1);
  }

  /**
   * Runs one signature's graph.
   *
   * @param assigned positions of the variables that it assigns
   */
  run(
    inputs: readonly Tensor[],
    feeds: string,
    fetches: string,
    assigned: readonly number[],
  ): TensorMetadata[] {
    this.push();
    const ids = this.backend.getInputTensorIds(inputs);
    const outputs = this.backend.binding.runSavedModel(this.id, ids, feeds, fetches);
    for (const i of assigned) {
      const residency = this.residencies[i];
      this.versions[i] = ++residency.version;
      residency.holder = this;
    }
    return outputs;
  }

  /** Brings the values that the session holds back to the tf.Variables. */
  pull(): void {
    const held = this.variables.flatMap((_, i) => (this.residencies[i].holder === this ? [i] : []));
    if (held.length === 0) return;
    const fetches = held.map((i) => `${readNode(i)}:0`).join(",");
    const values = this.backend.binding.runSavedModel(this.id, [], "", fetches);
    for (const [position, i] of held.entries()) {
      const residency = this.residencies[i];
      residency.holder = undefined;
      const value = this.backend.createOutputTensor(values[position]);
      if (!this.variables[i].isDisposed) this.variables[i].assign(value);
      value.dispose();
      this.versions[i] = residency.version;
    }
  }

  /** Takes the tf.Variables' values that have changed since into the session. */
  push(): void {
    const stale = this.variables.flatMap((_, i) =>
      this.versions[i] === this.residencies[i].version ? [] : [i],
    );
    if (stale.length === 0) return;
    if (stale.length === this.variables.length) this.set(stale, "all_done:0");
    else for (const i of stale) this.set([i], `${doneNode(i)}:0`);
  }

  /** Frees the session; values that only it has are pulled first. */
  close(): void {
    if (this.closed) return;
    this.pull();
    this.closed = true;
    this.backend.binding.deleteSavedModel(this.id);
  }

  private set(positions: readonly number[], fetch: string): void {
    const ids = this.backend.getInputTensorIds(positions.map((i) => this.variables[i]));
    const feeds = positions.map((i) => `${valueNode(i)}:0`).join(",");
    for (const { id } of this.backend.binding.runSavedModel(this.id, ids, feeds, fetch)) {
      this.backend.binding.deleteTensor(id);
    }
    for (const i of positions) this.versions[i] = this.residencies[i].version;
  }
}

export const variableNode = (i: number) => `variable${i}`;
const readNode = (i: number) => `variable${i}_read`;
const valueNode = (i: number) => `variable${i}_value`;
const setNode = (i: number) => `variable${i}_set`;
const doneNode = (i: number) => `variable${i}_done`;

/** A node to fetch that says no more than that the inputs have run, and the constant that it needs. */
export function resultNode(name: string, boolType: number, inputs: readonly string[]): Node[] {
  const tensor = { dtype: boolType, shape: [], bytes: Uint8Array.of(1) };
  return [
    {
      name: `${name}_value`,
      op: "Const",
      inputs: [],
      attributes: { dtype: { type: boolType }, value: { tensor } },
    },
    { name, op: "Identity", inputs: [`${name}_value`, ...inputs], attributes: { T: { type: boolType } } },
  ];
}

function variableNodes(i: number, dtype: number, shape: readonly number[]): Node[] {
  const type = { dtype: { type: dtype } };
  const name = { string: variableNode(i) };
  return [
    {
      name: variableNode(i),
      op: "VarHandleOp",
      inputs: [],
      attributes: { ...type, shape: { shape }, shared_name: name, container: { string: "" } },
    },
    { name: readNode(i), op: "ReadVariableOp", inputs: [variableNode(i)], attributes: type },
    { name: valueNode(i), op: "Placeholder", inputs: [], attributes: { ...type, shape: { shape } } },
    { name: setNode(i), op: "AssignVariableOp", inputs: [variableNode(i), valueNode(i)], attributes: type },
    {
      name: doneNode(i),
      op: "Identity",
      inputs: [valueNode(i), `^${setNode(i)}`],
      attributes: { T: { type: dtype } },
    },
  ];
}
