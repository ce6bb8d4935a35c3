// The files of a run that are in source document 000's formats, and those of ours beside them: names, and readers.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type CsvType, parseCsv, readJson } from "../../../io";
import type { SeedOutcome } from "../training/train-seed";
import type { BoundaryRow } from "./boundary";
import type { LabelNoiseExample } from "./label-noise-examples";
import { parseResults } from "./results-schema";
import type { EpochRow, SeedResult } from "./seed-result";

export const fileNames = {
  /** The document's: rewritten after each seed. */
  checkpoint: "W2_checkpoint.json",
  results: "W2_results.json",
  summaryTable: "W2_summary.csv",
  /** Ours: the text summary, the measurements of every epoch, the boundary, and the pictures of noisy labels. */
  summary: "W2_summary.txt",
  epochs: "W2_epochs.csv",
  boundary: "W2_boundary.csv",
  examples: "W2_label_noise.json",
} as const;

/**
 * The seeds that W2_checkpoint.json holds, or in its absence W2_results.json, with their epochs where W2_epochs.csv has any.
 *
 * @throws {SyntaxError} naming a damaged file
 */
export function readRows(folder: string): SeedOutcome[] {
  const results = [fileNames.checkpoint, fileNames.results]
    .map((name) => join(folder, name))
    .find(existsSync);
  if (!results) return [];
  const table = join(folder, fileNames.epochs);
  const epochs = existsSync(table) ? readEpochs(table) : [];
  return readResults(results).map((result) => ({
    result,
    epochs: epochs.filter(({ seed }) => seed === result.seed),
  }));
}

/** The networks of the boundary that W2_boundary.csv holds. @throws {SyntaxError} naming a damaged file */
export function readBoundary(folder: string): BoundaryRow[] {
  const file = join(folder, fileNames.boundary);
  return existsSync(file)
    ? (parseCsv(readFileSync(file, "utf8"), boundaryColumns).rows as unknown as BoundaryRow[])
    : [];
}

/** The examples of noisy labels that a run shows; none where it keeps none. */
export function readExamples(folder: string): LabelNoiseExample[] {
  const file = join(folder, fileNames.examples);
  return existsSync(file) ? (readJson(file) as LabelNoiseExample[]) : [];
}

/** Reads a W2_results.json or W2_checkpoint.json, of ours or of the document. @throws {SyntaxError} for anything else */
export const readResults = (file: string): SeedResult[] => parseResults(readJson(file), file);

/** Columns of W2_boundary.csv. */
export const boundaryColumns = {
  seed: "number",
  lambda: "number",
  error: "number",
} as const satisfies Record<keyof BoundaryRow, CsvType>;

/** Columns of W2_epochs.csv. */
export const epochColumns = {
  seed: "number",
  phase: "string",
  kind: "string",
  history: "string",
  target: "number",
  lambda: "number",
  epoch: "number",
  learning_rate: "number",
  loss: "number",
  cosine: "number",
  noisy_norm: "number",
  clean_norm: "number",
  test_error: "number",
  data_share: "number",
} as const satisfies Record<keyof EpochRow, CsvType>;

const readEpochs = (file: string) =>
  parseCsv(readFileSync(file, "utf8"), epochColumns).rows as unknown as EpochRow[];
