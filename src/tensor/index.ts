export { type Backend, type BackendName, backendNames, startBackend, tensorflow } from "./backend";
export { type CompiledStep, type CompileOptions, compile, type StepResult } from "./compile/compile";
export { statelessNormal, statelessTruncatedNormal, statelessUniform } from "./compile/stateless-random";
