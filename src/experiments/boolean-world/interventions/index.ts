export { activationFigure } from "./activation-figure";
export { type AdaptOptions, adaptModel, type RecoveryRow } from "./adapt-model";
export { attentionFigure } from "./attention-figure";
export { probeFigure } from "./probe-figure";
export { recoveryFigure } from "./recovery-figure";
export { traceFigure } from "./trace-figure";
export { weightFigure } from "./weight-figure";
