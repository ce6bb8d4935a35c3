// What a run of CITRIS claims, factor by factor and in whole. The document prints no number, so none stands beside these. A
// claim is shown where it holds for every seed.
import type { Claim, Verdict } from "../claims";
import { untouchedFactors } from "./configuration";
import type { CitrisRun } from "./experiment";
import type { CitrisRow } from "./training/train-seed";

interface Question {
  claim: string;
  value(row: CitrisRow): number | undefined;
  holds(value: number): boolean;
  /** Whether the value says something at all: latents that tell nothing tell nothing of other factors either. */
  tells?(row: CitrisRow): boolean;
  /** Why it cannot be told from this run, whatever the value is. */
  hopeless?: string;
}

type Claimed = Pick<CitrisRun, "rows" | "factorNames"> & {
  configuration?: Pick<CitrisRun["configuration"], "untouched">;
};

/**
 * Compares a run with what the authors found: a claim for every factor, then those about the whole.
 *
 * @param run a run, or its rows and the factors' names
 * @example
 * import { citris } from "dolab";
 * const run = citris.loadRun("results/reference/citris-five-seeds");
 * citris.claims(run)[0].claim.startsWith("The latents of position"); // => true
 */
export function claims({ rows, factorNames, configuration }: Claimed): Claim[] {
  const untouched = configuration ? untouchedFactors(configuration) : [];
  const ofFactors = factorNames.map(
    (name, factor): Question => ({
      claim: `The latents of ${name} tell ${name} (R² above 0.8) and more of it than of any other factor`,
      value: ({ citris }) => {
        const own = citris.r2[factor][factor];
        const others = citris.r2[factor].filter((_, other) => other !== factor);
        return own > Math.max(...others) ? own : Math.min(0, own);
      },
      holds: (value) => value > 0.8,
      ...(untouched.includes(name) ? { hopeless: `Nothing is ever done to ${name}` } : {}),
    }),
  );
  const questions: Question[] = [
    ...ofFactors,
    {
      claim: "Latents tell their own factors: mean diagonal of R² above 0.85",
      value: ({ citris }) => citris.diag,
      holds: (value) => value > 0.85,
    },
    {
      claim: "Latents tell no other factors: mean of the largest other R² below 0.2",
      value: ({ citris }) => citris.sep,
      holds: (value) => value < 0.2,
      tells: ({ citris }) => citris.diag > 0.5,
    },
    {
      claim: "It takes the targets: with shuffled targets the mean diagonal is lower by 0.2 or more",
      value: ({ citris, shuffled }) => shuffled && citris.diag - shuffled.diag,
      holds: (value) => value >= 0.2,
    },
    {
      claim: `It beats what sees no targets under the assignment that flatters it: mean diagonal above that of ${rows.some(({ betaVae }) => betaVae) ? "principal components and the beta-VAE" : "principal components"}`,
      value: ({ citris, components, betaVae }) =>
        citris.diag - Math.max(0, components.diag, betaVae?.diag ?? 0),
      holds: (value) => value > 0,
    },
  ];
  return questions.flatMap(({ claim, value, holds, hopeless, tells = () => true }): Claim[] => {
    const values = rows.map(value).filter((found) => found !== undefined);
    if (values.length === 0) return [];
    const found = `${values.map((one) => one.toFixed(2)).join(", ")} (${values.length === 1 ? "one seed" : `${values.length} seeds`})`;
    if (hopeless) return [{ claim, published: null, found, verdict: "cannot be told here", why: hopeless }];
    if (!rows.every(tells)) {
      const why = "Latents that tell little of their own factors tell little of others";
      return [{ claim, published: null, found, verdict: "cannot be told here", why }];
    }
    const verdict: Verdict = values.every(holds)
      ? "shown"
      : values.some(holds)
        ? "cannot be told here"
        : "not shown";
    const held = values.filter(holds).length;
    return [
      {
        claim,
        verdict,
        published: null,
        found,
        ...(verdict === "cannot be told here"
          ? { why: `It holds for ${held} of ${values.length} seeds` }
          : {}),
      },
    ];
  });
}
