export { ablationDamage, ablationFigure, type DamageRow } from "./ablation-damage";
export { type AdaptOptions, adaptModel, type RecoveryRow } from "./adapt-model";
export { type FlipOptions, type FlipRow, flipDamage, flipFigure } from "./flip-damage";
export { outputPosition, type StateText, stateText, variableValues } from "./state-text";
export { contradictAnswer, type TracedWay, tracedPairs, type WrittenValueRow } from "./traced-pairs";
