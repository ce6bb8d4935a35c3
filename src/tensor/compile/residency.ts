// Where a variable's newest value is: in the tf.Variable itself, or in the session of the compiled step that ran last.
// Reading or assigning a tf.Variable goes through its `dataId`; an accessor in that place fetches the newest value first
// and notes what is assigned, so that eager code and several compiled steps see one and the same variable.
import type { DataId, Variable } from "@tensorflow/tfjs-node";

/** A session that may hold newer values than the tf.Variables. */
export interface Holder {
  /** Brings the values that it holds back to the tf.Variables. */
  pull(): void;
}

export interface Residency {
  /** Changes whenever the variable's value does. */
  version: number;
  /** Which session has the newest value; undefined where the tf.Variable has it. */
  holder: Holder | undefined;
}

const residencies = new WeakMap<Variable, Residency>();

/** Follows a variable's value from now on. */
export function residencyOf(variable: Variable): Residency {
  const known = residencies.get(variable);
  if (known) return known;
  const residency: Residency = { version: 0, holder: undefined };
  let dataId: DataId = variable.dataId;
  Object.defineProperty(variable, "dataId", {
    configurable: true,
    enumerable: true,
    get() {
      residency.holder?.pull();
      return dataId;
    },
    set(value: DataId) {
      dataId = value;
      residency.version++;
      residency.holder = undefined;
    },
  });
  residencies.set(variable, residency);
  return residency;
}
