export {
  buttonPositions,
  circuitGraph,
  circuitNoise,
  circuitVariables,
  pressedButtons,
  solveCircuit,
} from "./circuit-mechanisms";
export { type CircuitPairs, circuitImages, type PairHalf, syntheticCircuitPairs } from "./circuit-pairs";
export { type CircuitRenderer, circuitRenderer } from "./circuit-renderer";
export { readCircuitPairs } from "./read-circuit-pairs";
