// XLA switched on for the nodes of one step, by attributes that TensorFlow's graph passes understand. A build without XLA
// would ignore them without a word, so that one is asked for first.
import type { Attribute } from "./graph-def";
import type { NativeBackend } from "./native-backend";

const availability = new WeakMap<NativeBackend, boolean>();

/** Attributes that let XLA compile a node together with the others of its scope; none, with a warning, without XLA. */
export function xlaAttributes(backend: NativeBackend, scope: string): Record<string, Attribute> {
  if (!hasXla(backend)) return {};
  return { _XlaCompile: { bool: true }, _XlaScope: { string: scope } };
}

function hasXla(backend: NativeBackend): boolean {
  let available = availability.get(backend);
  if (available !== undefined) return available;
  try {
    backend.binding.executeOp("XlaLaunch", [], [], 0);
    available = true;
  } catch (error) {
    // Without its attributes the call fails in any case; an unknown op is one that the build lacks.
    available = !/primitive operation|not registered/i.test(String(error));
  }
  availability.set(backend, available);
  if (!available) {
    process.emitWarning(
      "TensorFlow is built without XLA: compiled steps with jit run without it",
      "DolabWarning",
    );
  }
  return available;
}
