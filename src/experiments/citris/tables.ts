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

/** One row a seed and model: diag and sep, and the diagonal of R² by factor. */
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

/** A matrix as a table: what the latents of each factor, and of ψ_0, tell of each factor. */
export function matrixTable(
  { factorNames }: Pick<CitrisRun, "factorNames">,
  matrix: readonly (readonly number[])[],
) {
  return matrix.map((row, set) => ({
    "latents of": factorNames[set] ?? "ψ₀",
    ...named(factorNames, row),
  }));
}

/** How far predicted third frames are from the truth, by number of a factor; shares of the largest possible distance. */
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

/** How many latents each factor has, and ψ_0. */
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
