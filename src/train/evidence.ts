// Collects what decides a run beside its `config`: the graphs of its compiled steps, the settings of its optimisers, the learning
// rates, and the tensors that its first step takes. A checkpoint keeps it, so that a run whose code or settings have changed is not
// taken for the one before, and a finished one's old outcome not for a new one's.
import { createHash } from "node:crypto";
import { differences, isPlainObject, type PlainObject } from "../io/plain-data";
import { type CompiledCall, rehearsed, reportingCalls } from "../tensor/compile/call-report";
import { settingsOf } from "../tensor/optimisers/training-settings";
import type { NamedVariables } from "./checkpoint";

interface Graph {
  fingerprint: string;
  numbers: readonly string[];
}

export class Evidence {
  /** The graphs of each step that was called, by what tells steps apart. */
  private readonly graphs: Record<string, Graph[]>;
  /** A digest of the tensors of each compiled step that the first step of the run calls. */
  private readonly inputs: Record<string, string>;

  /**
   * @param saved what `state` returned in the run to go on from
   * @param keeps whether anything is remembered: not where the run keeps no checkpoints
   */
  constructor(
    private readonly variables: NamedVariables,
    private readonly saved: PlainObject = {},
    private readonly keeps = true,
  ) {
    this.graphs = structuredClone(isPlainObject(saved.graphs) ? saved.graphs : {}) as Record<string, Graph[]>;
    this.inputs = { ...(saved.inputs as Record<string, string>) };
  }

  /** Whether the run to go on from has compiled steps, which can be compared. */
  get hasGraphs(): boolean {
    return isPlainObject(this.saved.graphs) && Object.keys(this.saved.graphs).length > 0;
  }

  /** How optimisers and learning rates differ from those of the run to go on from. */
  changedSettings(): string[] {
    return isPlainObject(this.saved.settings) ? differences(this.saved.settings, this.settings()) : [];
  }

  /** Takes a step and remembers what it calls. @returns how that differs from the run to go on from */
  watch(step: number, take: () => void): string[] {
    const changes: string[] = [];
    if (!this.keeps) {
      take();
      return changes;
    }
    reportingCalls((call) => {
      changes.push(...this.changeOf(call));
      if (step === 0 && this.inputs[call.step] === undefined) this.inputs[call.step] = digestOf(call);
    }, take);
    return changes;
  }

  /**
   * Takes the first step on copies of all variables.
   *
   * @param compareTensors whether its tensors must be those of the run to go on from
   * @returns how what it calls differs from there
   */
  rehearse(take: () => void, compareTensors: boolean): string[] {
    const changes: string[] = [];
    const report = (call: CompiledCall) => {
      changes.push(...this.changeOf(call));
      const digest = this.inputs[call.step];
      if (compareTensors && digest !== undefined && digest !== digestOf(call))
        changes.push(
          "the tensors of its first step are others: other data, batches or seed, or draws without a seed",
        );
    };
    rehearsed(() => reportingCalls(report, take));
    return Array.from(new Set(changes));
  }

  state(): PlainObject {
    return { settings: this.settings(), graphs: this.graphs, inputs: this.inputs };
  }

  private settings(): PlainObject {
    const known = Object.entries(this.variables).map(([name, variable]) => [name, settingsOf(variable)]);
    return JSON.parse(
      JSON.stringify(Object.fromEntries(known.filter(([, settings]) => settings !== undefined))),
    );
  }

  private changeOf({ step, fingerprint, numbers }: CompiledCall): string[] {
    const here = this.graphs[step] ?? [];
    if (here.some((graph) => graph.fingerprint === fingerprint)) return [];
    const there = isPlainObject(this.saved.graphs)
      ? (this.saved.graphs[step] as Graph[] | undefined)
      : undefined;
    if (there === undefined) {
      this.graphs[step] = [...here, { fingerprint, numbers }];
      return [];
    }
    const gone = (from: readonly string[], others: readonly string[]) =>
      from.filter((number) => !others.includes(number)).slice(0, 5);
    const before = there.flatMap((graph) => graph.numbers);
    const [old, now] = [gone(before, numbers), gone(numbers, before)];
    const what =
      old.length + now.length === 0
        ? ""
        : `: the numbers ${old.join(" ") || "none"} there, ${now.join(" ") || "none"} here`;
    return [`the step ${step} computes something else${what}`];
  }
}

function digestOf({ tensors }: CompiledCall): string {
  const hash = createHash("sha256");
  for (const tensor of tensors) {
    const { buffer, byteOffset, byteLength } = tensor.dataSync();
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest("hex").slice(0, 16);
}
