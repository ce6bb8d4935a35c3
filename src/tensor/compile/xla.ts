// XLA switched on for the nodes of one step, by attributes that TensorFlow's graph passes understand. A build without XLA
// would ignore them without a word, so that one is asked for first.
import type { Attribute } from "./graph-def";
import type { NativeBackend } from "./native-backend";

/**
 * Marks of Grappler's rewrites that put new nodes, without our attributes, in place of ours; a node that bears the mark is
 * taken for rewritten already. Otherwise chains of additions become AddN and cut one cluster into several.
 */
const unrewritten: Record<string, Attribute> = Object.fromEntries(
  ["AddOpsRewriteStage", "MinimizeBroadcasts"].map((stage) => [
    `_grappler_ArithmeticOptimizer_${stage}`,
    { bool: true },
  ]),
);

const availability = new WeakMap<NativeBackend, boolean>();

/** Attributes that let XLA compile a node together with the others of its scope; none, with a warning, without XLA. */
export function xlaAttributes(backend: NativeBackend, scope: string): Record<string, Attribute> {
  if (!hasXla(backend)) return {};
  return { _XlaCompile: { bool: true }, _XlaScope: { string: scope }, ...unrewritten };
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
