export type {
  Scalar,
  Tensor,
  Tensor1D,
  Tensor2D,
  Tensor3D,
  Tensor4D,
  Variable,
} from "@tensorflow/tfjs-node";
export { type Backend, type BackendName, backendNames, startBackend, tensorflow } from "./backend";
export { type CompiledStep, type CompileOptions, compile } from "./compile/compile";
export { statelessNormal, statelessTruncatedNormal, statelessUniform } from "./compile/stateless-random";
export { type PushedForward, pushForward } from "./forward-mode/push-forward";
export * from "./layers";
export * from "./optimisers";
export * from "./schedules";
