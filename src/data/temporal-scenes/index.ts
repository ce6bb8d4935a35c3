export { type SceneColumn, type SceneFactor, type SceneFactorName, sceneFactors } from "./scene-factors";
export {
  independentScenes,
  renderScenes,
  type Scenes,
  type SceneTriplets,
  sceneTriplets,
  type TemporalScenesOptions,
  temporalScenes,
} from "./temporal-scenes";
