// What a validation is: a long check of the library against the real Python libraries on random inputs, where tests
// have fixtures. Each is one file in this folder, listed in every-validation.ts.

/** One line of the table: one function against one reference. */
export interface Finding {
  /** Such as "rankAuc". */
  check: string;
  /** Such as "scipy mannwhitneyu". */
  against: string;
  /** Random inputs. */
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
  /** Runs only when asked for by name, after this is installed. */
  needs?: "torch" | "transformers";
  run(options: ValidationOptions): Promise<Finding[]>;
}
