export { type AucInterval, aucInterval } from "./auc-interval";
export { averageRanks } from "./average-ranks";
export { bestAssignment } from "./best-assignment";
export { betaCumulative, betaQuantile } from "./beta-distribution";
export { type BoostedDci, boostedDci, type CodesAndFactors } from "./boosted-dci";
export { bootstrapAuc } from "./bootstrap-auc";
export { type BootstrapInterval, type BootstrapOptions, bootstrapInterval } from "./bootstrap-interval";
export { type CorrelationTest, type CorrelationTestOptions, correlationTest } from "./correlation-test";
export { type DciScores, dciScores, type Informativeness, informativeness } from "./dci";
export { type Description, describe } from "./describe";
export {
  type GradientBoosting,
  type GradientBoostingOptions,
  gradientBoosting,
  predictGradientBoosting,
} from "./gradient-boosting";
export { type Histogram, type HistogramOptions, histogram } from "./histogram";
export { type LogisticModel, logisticRegression, predictLogistic } from "./logistic-regression";
export { mean } from "./mean";
export { type OtsuOptions, otsuThreshold } from "./otsu-threshold";
export { pearson } from "./pearson";
export { median, percentile, percentiles } from "./percentile";
export { principalComponents } from "./principal-components";
export { rSquared } from "./r-squared";
export { rankAuc } from "./rank-auc";
export { predictRidge, type RidgeModel, ridgeRegression } from "./ridge-regression";
export { spearman } from "./spearman";
export { sampleStandardDeviation, standardDeviation } from "./standard-deviation";
export { stratifiedAuc } from "./stratified-auc";
export {
  type AdjacencyMatrix,
  compareGraphs,
  type GraphComparison,
  structuralHammingDistance,
} from "./structural-hamming-distance";
export type { Labels, Rows, StoredValues, Values } from "./values";
export { type WilsonInterval, wilsonInterval } from "./wilson-interval";
