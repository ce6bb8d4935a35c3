// Noise on the states in training, against the same training without: the authors' intervention on training.
import { createRandom } from "../../../random";
import { type Claim, claimVerdict } from "../../claims";
import { above, authors, type ClaimedRun, number } from "./claim-words";
import { medianExponents } from "./findings";
import { overGrids } from "./scores";

/** Noise in training against the same training without. */
export function twinClaims({ findings, configuration }: ClaimedRun): Claim[] {
  return findings
    .filter(({ row }) => row.noisy)
    .flatMap((twin): Claim[] => {
      const plain = findings.find(
        ({ row }) => !row.noisy && row.system === twin.row.system && row.seed === twin.row.seed,
      );
      if (!plain) return [];
      const [one, other] = [twin, plain].map(({ thoughts }) => thoughts[thoughts.length - 1].thought);
      const title = `${twin.row.system.toUpperCase()} of seed ${twin.row.seed}`;
      const shares = [one, other].map(({ correct, samples }) => correct.reduce((a, b) => a + b, 0) / samples);
      const places = new Map(Array.from(other.index ?? []).map((place, sample) => [place, sample]));
      const pairs = Array.from(one.index ?? []).flatMap((place, sample) => {
        const same = places.get(place);
        return same === undefined ? [] : [{ sample, same }];
      });
      const rng = createRandom(configuration.seed).split(`twin ${title}`);
      const { low, high, estimate } = overGrids(
        { grids: Float64Array.from(pairs, ({ sample }) => one.grids[sample]) },
        (chosen) =>
          chosen.reduce((sum, i) => sum + one.correct[pairs[i].sample] - other.correct[pairs[i].same], 0) /
          chosen.length,
        { rng, replicates: configuration.replicates, level: configuration.level },
      );
      const exponents = [one, other].map((thought) => medianExponents(thought).right);
      return [
        {
          claim: `${title}: noise on the states in training makes more answers right at the last checkpoint`,
          published: {
            value:
              "TRM at its best checkpoint .869 → .897 exact; λ₁ of right answers +.018 → +.011, per update",
            source: authors,
          },
          found: `${number(shares[1])} → ${number(shares[0])}, difference ${estimate.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)}); median λ₁ of right answers ${number(exponents[1])} → ${number(exponents[0])}`,
          verdict: claimVerdict(low, high, above(0)),
          why: "One training each: the interval is over puzzles, not over trainings",
        },
      ];
    });
}
