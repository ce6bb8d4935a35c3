// Tables of a run: R² and Spearman of each factor, beside what the trivial baselines reach.
import type { CitrisRun } from "./experiment";
import type { Measured } from "./measures/measure-latents";
import type { CitrisRow } from "./training/train-seed";

/** What is compared, and how a row's part of it is called. */
export const models = [
  { name: "CITRIS-NF", of: ({ citris }: CitrisRow) => citris },
  { name: "CITRIS-VAE", of: ({ vae }: CitrisRow) => vae },
  { name: "CITRIS-NF, shuffled targets", of: ({ shuffled }: CitrisRow) => shuffled },
  { name: "beta-VAE, best assignment", of: ({ betaVae }: CitrisRow) => betaVae },
  { name: "untrained flow, best assignment", of: ({ untrained }: CitrisRow) => untrained },
  { name: "principal components, best assignment", of: ({ components }: CitrisRow) => components },
] as const;

/**
 * Lists every seed and model: diag and sep, and the diagonal of R² by factor.
 *
 * @param run a run, or its rows and the factors' names
 * @example
 * import { citris } from "dolab";
 * const run = citris.loadRun("results/reference/citris-five-seeds");
 * citris.factorTable(run)[1].model; // => "CITRIS-NF"
 */
export function factorTable({ rows, factorNames }: Pick<CitrisRun, "rows" | "factorNames">) {
  return rows.flatMap((row) => [
    {
      seed: row.seed,
      model: "all numbers of a code (what no flow can exceed)",
      diag: round(mean(row.readout)),
      sep: "",
      ...named(factorNames, row.readout),
    },
    ...models.flatMap(({ name, of }) => {
      const measured = of(row);
      if (!measured) return [];
      const diagonal = named(
        factorNames,
        factorNames.map((_, factor) => measured.r2[factor][factor]),
      );
      return [
        { seed: row.seed, model: name, diag: round(measured.diag), sep: round(measured.sep), ...diagonal },
      ];
    }),
  ]);
}

/**
 * Puts a matrix in a table: what the latents of each factor, and of ψ_0, tell of each factor.
 *
 * @param run a run, or the factors' names
 * @param matrix [factors or factors + 1][factors]
 * @example
 * import { citris } from "dolab";
 * const [first] = citris.matrixTable({ factorNames: ["box"] }, [[0.9]]);
 * first; // => { "latents of": "box", box: 0.9 }
 */
export function matrixTable(
  { factorNames }: Pick<CitrisRun, "factorNames">,
  matrix: readonly (readonly number[])[],
) {
  return matrix.map((row, set) => ({
    "latents of": factorNames[set] ?? "ψ₀",
    ...named(factorNames, row),
  }));
}

/**
 * Says how far predicted third frames are from the truth, by number of a factor; as shares of the largest possible distance.
 *
 * @param run a run, or its rows; seeds without triplets have no row
 * @example
 * import { citris } from "dolab";
 * const run = citris.loadRun("results/reference/citris-five-seeds");
 * citris.tripletTable(run)[0].seed; // => 0
 */
export function tripletTable({ rows }: Pick<CitrisRun, "rows">) {
  return rows.flatMap(({ seed, triplets }) =>
    triplets
      ? Object.keys(triplets.predicted).map((factor) => ({
          seed,
          factor,
          predicted: round(triplets.predicted[factor]),
          "reading of the true frame": round(triplets.true[factor]),
          "first frame, unchanged": round(triplets.unchanged[factor]),
        }))
      : [],
  );
}

/**
 * Counts how many latents each factor has, and ψ_0.
 *
 * @param run a run, or its rows and the factors' names
 * @example
 * import { citris } from "dolab";
 * const run = citris.loadRun("results/reference/citris-five-seeds");
 * const [first] = citris.assignmentTable(run);
 * first.position; // => 2
 */
export function assignmentTable({ rows, factorNames }: Pick<CitrisRun, "rows" | "factorNames">) {
  return rows.map(({ seed, citris }) => ({
    seed,
    ...Object.fromEntries([...factorNames, "ψ₀"].map((name, set) => [name, countOf(citris, set)] as const)),
  }));
}

const countOf = ({ assignment }: Measured, set: number) => assignment.filter((own) => own === set).length;

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const round = (value: number) => Number(value.toFixed(3));

const named = (names: readonly string[], values: readonly number[]) =>
  Object.fromEntries(names.map((name, i) => [name, round(values[i])]));
