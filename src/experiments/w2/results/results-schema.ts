// Checks W2_results.json and W2_checkpoint.json, ours and those that source document 000's code writes: what is missing,
// misspelt or no number is named with its place in the file, and nothing is shown of such a file.
import { z } from "zod";
import { nearest } from "../../../io/nearest-name";
import type { SeedResult } from "./seed-result";

const error = z.number().min(0).max(1);
const lambda = z.number().min(0).max(1);
const trajectory = z
  .array(z.strictObject({ epoch: z.int().min(0), error }))
  .min(1)
  .refine(
    (points) => points.every(({ epoch }, i) => i === 0 || epoch > points[i - 1].epoch),
    "its epochs must rise",
  );
const errors = { target_lambda: lambda, init_error: error, final_error: error, trajectory };
const branch = <Source extends "ordered" | "collapse">(source: Source) =>
  z.strictObject({ source: z.literal(source), ...errors });

/** Between a gap and the difference that it is; Python and JavaScript subtract alike, but a file may be rounded. */
const ROUNDING = 1e-3;
const intervention = z
  .strictObject({
    target_lambda: lambda,
    ordered: branch("ordered"),
    collapse: branch("collapse"),
    final_gap: z.number().min(-1).max(1),
  })
  .refine(
    ({ ordered, collapse, final_gap }) =>
      Math.abs(collapse.final_error - ordered.final_error - final_gap) < ROUNDING,
    "final_gap must be the collapse branch's final_error minus the ordered one's",
  )
  .refine(
    ({ target_lambda, ordered, collapse }) =>
      ordered.target_lambda === target_lambda && collapse.target_lambda === target_lambda,
    "both branches must have the target_lambda of their intervention",
  );

const sweep = {
  source: z.enum(["ordered", "collapse"]),
  points: z.array(z.strictObject({ target_lambda: lambda, error })),
};

const seedResult = z.strictObject({
  seed: z.int().min(0),
  interventions: z.array(intervention).min(1),
  ordered_init_error: error,
  collapse_init_error: error,
  time_seconds: z.number().min(0),
  experiment_id: z.string(),
  // ours, which the document's own files do not have
  longer: z.array(z.union([branch("ordered"), branch("collapse")])).default([]),
  control: z.array(z.strictObject(errors)).default([]),
  hysteresis: z.array(z.strictObject(sweep)).default([]),
  speed: z.array(z.strictObject({ hold: z.int().min(1), ...sweep })).default([]),
  lifetime: z.array(z.strictObject(errors)).default([]),
  escapes: z.array(z.strictObject({ learning_rate: z.number().min(0), ...errors })).default([]),
  preset: z.string().default(""),
  data_source: z.string().default(""),
  date: z.string().default(""),
});

const seeds = z
  .array(seedResult)
  .min(1)
  .refine(
    (list) => new Set(list.map(({ seed }) => seed)).size === list.length,
    "each seed may stand there once",
  );

/**
 * Checks what a results file holds.
 *
 * @param content the parsed file
 * @param file its path, for messages
 * @returns one result a seed, with empty lists for arms that were not run
 * @throws {SyntaxError} naming the file, the place in it and what is wrong there
 */
export function parseResults(content: unknown, file: string): SeedResult[] {
  const parsed = seeds.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new SyntaxError(
    `Cannot read ${file} as it must hold W2's list of seeds, each with its interventions: ${inWords(issue, content)}`,
  );
}

type Issue = z.core.$ZodIssue;

/** The place in the file, what is there, and what is wrong with it. */
function inWords(issue: Issue, content: unknown): string {
  const place = issue.path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`))
    .join("");
  const at = place.replace(/^\./, "") || "the whole";
  const parent = issue.path.reduce<unknown>(
    (value, step) => (value as Record<PropertyKey, unknown> | undefined)?.[step],
    content,
  );
  if (issue.code === "unrecognized_keys") {
    const known = Object.keys(at.endsWith("]") && issue.path.length === 1 ? seedResult.shape : {});
    const hints = issue.keys.map((key) =>
      known.length > 0 ? `"${key}" (nearest: "${nearest(key, known)}")` : `"${key}"`,
    );
    return `${at} has unknown keys: ${hints.join(", ")}`;
  }
  const found =
    parent === undefined ? "nothing" : typeof parent === "object" ? "a list or an object" : String(parent);
  return `${at} is ${found} (${issue.message})`;
}
