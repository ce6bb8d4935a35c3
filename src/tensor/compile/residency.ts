// Where a variable's newest value is: in the tf.Variable itself, or in the session of the compiled step that ran last.
// Reading or assigning a tf.Variable goes through its `dataId`; an accessor in that place fetches the newest value first
// and notes what is assigned, so that eager code and several compiled steps see one and the same variable. While a step is
// traced, a shadow stands in the variable's place, so that tracing changes nothing.
import type { DataId, Tensor, Variable } from "@tensorflow/tfjs-node";
import { tensorflow } from "../backend";

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
  /** What reads and assignments go to while a step is traced, in place of the variable's value. */
  shadow: DataId | undefined;
}

const residencies = new WeakMap<Variable, Residency>();

/** Follows a variable's value from now on. */
export function residencyOf(variable: Variable): Residency {
  const known = residencies.get(variable);
  if (known) return known;
  const residency: Residency = { version: 0, holder: undefined, shadow: undefined };
  let dataId: DataId = variable.dataId;
  Object.defineProperty(variable, "dataId", {
    configurable: true,
    enumerable: true,
    get() {
      if (residency.shadow !== undefined) return residency.shadow;
      residency.holder?.pull();
      return dataId;
    },
    set(value: DataId) {
      if (residency.shadow !== undefined) {
        residency.shadow = value;
        return;
      }
      dataId = value;
      residency.version++;
      residency.holder = undefined;
    },
  });
  residencies.set(variable, residency);
  return residency;
}

/**
 * Runs `body` with other values in the variables' places: what it assigns is forgotten afterwards, and where the newest value
 * is does not change.
 *
 * @param values what each variable holds meanwhile, of its shape and type
 */
export function withShadows<T>(values: ReadonlyMap<Variable, Tensor>, body: () => T): T {
  const engine = tensorflow().engine();
  const shadowed: [Variable, Residency, DataId | undefined][] = [];
  try {
    for (const [variable, { dataId }] of values) {
      const residency = residencyOf(variable);
      shadowed.push([variable, residency, residency.shadow]);
      residency.shadow = dataId;
      engine.incRef(variable, engine.backend);
    }
    return body();
  } finally {
    for (const [variable, residency, before] of shadowed) {
      if (!variable.isDisposed) engine.disposeTensor(variable);
      residency.shadow = before;
    }
  }
}
