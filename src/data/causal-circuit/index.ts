export {
  buttonPositions,
  circuitGraph,
  circuitNoise,
  circuitVariables,
  pressedButtons,
  solveCircuit,
} from "./circuit-mechanisms";
export {
  type CircuitPairs,
  circuitImages,
  firstCircuitPairs,
  type PairHalf,
  syntheticCircuitPairs,
} from "./circuit-pairs";
export { type CircuitRenderer, circuitRenderer } from "./circuit-renderer";
export { readCircuitFolder, readCircuitPairs } from "./read-circuit-pairs";
