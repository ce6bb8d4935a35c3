// Data that cannot be had on this machine: what was tried, why each try failed, and what helps.
import type { Dataset } from "./dataset";

/** One place that was asked for a data set. */
export interface Attempt {
  /** Such as "the mirror /data". */
  readonly place: string;
  /** Reads well without the place too. */
  readonly reason: string;
}

/** Thrown where a data set is neither cached nor to be fetched; damaged files are other errors. */
export class DatasetMissingError extends Error {
  /** @param attempts in the order in which they were made */
  constructor(
    readonly dataset: Dataset,
    readonly attempts: readonly Attempt[],
  ) {
    const tried = attempts.map(({ place, reason }, index) => `(${index + 1}) ${place}: ${reason}`);
    super(
      `Cannot load ${dataset.title} as it cannot be had here: ${tried.join("; ")}. With a network, ` +
        `"dolab data fetch ${dataset.name}" gets it; else let DOLAB_DATA_MIRROR name a folder or an http(s) address ` +
        `that holds ${dataset.folder}/ and SHA256SUMS`,
    );
    this.name = "DatasetMissingError";
  }
}
