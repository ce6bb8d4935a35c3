// What a validation is: a long check of the library where tests have fixtures and small sizes, against the real Python
// libraries on random inputs or of a claim at full size. Each is one file in this folder, listed in every-validation.ts.

/** One line of the table: one function against one reference. */
export interface Finding {
  /** Such as "rankAuc". */
  check: string;
  /** Such as "scipy mannwhitneyu". */
  against: string;
  /** Random inputs, or states that were asked for. */
  cases: number;
  /** Numbers compared. */
  numbers: number;
  /** The greatest error, in the check's own scale; Infinity where a number stands against NaN or a refusal. */
  worst: number;
  /** The greatest error that is allowed; 0 means bit for bit. */
  tolerance: number;
  /** One sentence for each case beyond the tolerance. */
  disagreements: string[];
}

export interface ValidationOptions {
  seed: number;
  /** Multiplies the number of cases. */
  rounds: number;
  /** Told how many of how many cases are done. */
  onCases?: (done: number, total: number) => void;
}

export interface Validation {
  /** How one asks for it: `npm run validate -- NAME`. */
  name: string;
  title: string;
  /** Runs only when asked for by name: after this is installed, or because it takes minutes. */
  needs?: "torch" | "transformers" | "minutes";
  run(options: ValidationOptions): Promise<Finding[]>;
}
