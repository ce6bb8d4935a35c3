export { circuitGraph, circuitNoise, circuitVariables, solveCircuit } from "./circuit-mechanisms";
export {
  type CircuitPairs,
  circuitImages,
  firstCircuitPairs,
  type PairHalf,
  syntheticCircuitPairs,
} from "./circuit-pairs";
export type { CircuitRenderer } from "./circuit-renderer";
export { readCircuitFolder, readCircuitPairs } from "./read-circuit-pairs";
