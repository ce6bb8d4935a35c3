// The updates of a traced step that TensorFlow's kernels take over: those of variables that the step assigns to nowhere
// else, neither before nor after.
import type { DataId, Variable } from "@tensorflow/tfjs-node";
import type { FusedUpdate } from "../update-kernels";
import type { Recorder } from "./recorder";
import type { Trace } from "./trace";

interface Candidate {
  /** What the variables hold after the update, by position. */
  values: Map<number, DataId>;
  kernels: Trace["updates"];
}

export class KernelTakeover {
  private readonly candidates: Candidate[] = [];

  constructor(
    private readonly variables: readonly Variable[],
    private readonly recorder: Recorder,
    /** Where the value comes from that a variable has at the beginning. */
    private readonly read: (position: number) => string,
  ) {}

  /** Takes an update down; one of a variable that is not listed is left to the trace, which refuses it. */
  readonly add = ({ values, kernels }: FusedUpdate): void => {
    const position = (variable: Variable) => this.variables.indexOf(variable);
    for (const variable of values.keys()) {
      if (position(variable) < 0 || this.recorder.source(variable) !== this.read(position(variable))) return;
    }
    this.candidates.push({
      values: new Map([...values].map(([variable, value]) => [position(variable), value.dataId])),
      kernels: kernels.map(({ op, variables: updated, inputs, attributes = {} }) => ({
        op,
        variables: updated.map(position),
        sources: inputs.map((input) => this.recorder.source(input)),
        attributes: Object.fromEntries(Object.entries(attributes).map(([name, bool]) => [name, { bool }])),
      })),
    });
  };

  /** What the kernels take over, and the positions of the variables that need no assignment then. */
  taken(): { updates: Trace["updates"]; covered: ReadonlySet<number> } {
    const standing = this.candidates.filter(({ values }) =>
      [...values].every(([position, dataId]) => this.variables[position].dataId === dataId),
    );
    return {
      updates: standing.flatMap(({ kernels }) => kernels),
      covered: new Set(standing.flatMap(({ values }) => [...values.keys()])),
    };
  }
}
