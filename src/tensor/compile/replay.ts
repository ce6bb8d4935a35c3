// A second trace need not compute what the first one did: as long as the step does the same, each op that depends on
// arguments or variables gets stand-ins for its outputs, of the shapes and dtypes that it had, and the trace costs no more
// than the host's part. Stand-ins have negative handles, of which the binding is never told.
import type { Tensor, Variable } from "@tensorflow/tfjs-node";
import type { Binding, NativeBackend, TensorMetadata } from "./native-backend";

/** Outputs of each op of a trace, by the name of its node. */
export type TracedOutputs = ReadonlyMap<string, readonly TensorMetadata[]>;

/** Says that the step does something else this time, so that it has to be computed; the message says what. */
export class OtherStepError extends Error {
  constructor(change: string) {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 60; // down to the caller's own line
    super(change);
    Error.stackTraceLimit = limit;
  }
}

const standIns = new Map<number, TensorMetadata>();
let latest = 0;

export const isStandIn = (id: number) => id < 0;

export function standInsFor(outputs: readonly TensorMetadata[]): TensorMetadata[] {
  return outputs.map(({ shape, dtype }) => {
    const standIn = { id: --latest, shape: shape.slice(), dtype };
    standIns.set(standIn.id, standIn);
    return standIn;
  });
}

/** A tensor without values in a variable's place. */
export function standInFor(backend: NativeBackend, variable: Variable, dtype: number): Tensor {
  const [standIn] = standInsFor([{ id: 0, shape: variable.shape, dtype }]);
  return backend.createOutputTensor(standIn);
}

/** Keeps stand-ins from the binding while `body` runs; what a kernel reads of them to check its inputs is zeros. */
export function withStandIns<T>(backend: NativeBackend, body: () => T): T {
  const { binding } = backend;
  backend.binding = Object.create(binding, {
    deleteTensor: { value: (id: number) => (isStandIn(id) ? undefined : binding.deleteTensor(id)) },
    tensorDataSync: {
      value: (id: number) => (isStandIn(id) ? zeros(binding, id) : binding.tensorDataSync(id)),
    },
  });
  try {
    return body();
  } finally {
    backend.binding = binding;
    standIns.clear();
  }
}

function zeros(binding: Binding, id: number): Float32Array | Int32Array | Uint8Array {
  const { shape, dtype } = standIns.get(id) as TensorMetadata;
  const size = shape.reduce((product, length) => product * length, 1);
  if (dtype === binding.TF_INT32) return new Int32Array(size);
  return dtype === binding.TF_BOOL ? new Uint8Array(size) : new Float32Array(size);
}
