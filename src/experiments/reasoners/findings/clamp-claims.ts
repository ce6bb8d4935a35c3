// One cell held at the truth, or at a lie: do the others follow? Asked of the mean share of the other blank cells that are right.
import { createRandom } from "../../../random";
import { bootstrapInterval, mean } from "../../../stats";
import { type Claim, claimVerdict } from "../../claims";
import type { DecidingConfiguration } from "../configuration";
import type { Clamp, ClampKind } from "../thinking/clamps";
import { above, interval, number } from "./claim-words";
import type { Findings } from "./findings";

export function clampClaims({ title, row }: Findings, configuration: DecidingConfiguration): Claim[] {
  const clamps = row.further?.clamps ?? [];
  const kind = (name: ClampKind) => clamps.find((clamp) => clamp.kind === name) as Clamp;
  if (clamps.length === 0) return [];
  const claim = (
    sentence: string,
    values: readonly number[],
    claimed: [number, number],
    found: (estimate: string) => string,
  ): Claim => {
    const named = { claim: `${title}: ${sentence}`, published: null };
    if (values.length < 2) return { ...named, found: "too few such answers", verdict: "cannot be told here" };
    const rng = createRandom(configuration.seed).split(`${title} ${sentence}`);
    const { level, replicates } = configuration;
    const { estimate, low, high } = bootstrapInterval(
      values.length,
      (chosen) => mean(Float64Array.from(chosen, (i) => values[i])),
      { rng, replicates, level },
    );
    return {
      ...named,
      found: `${found(`${number(estimate)} ${interval(low, high)}`)}, ${values.length} answers`,
      verdict: claimVerdict(low, high, claimed),
    };
  };
  const [truth, free, clue, lie] = [kind("truth"), kind("free"), kind("clue"), kind("lie")];
  const less = (one: Clamp, other: Clamp) => one.held.map((share, i) => share - other.held[i]); // the same answers and cells
  return [
    claim(
      "held at the truth in one wrong cell, a wrong answer comes right in more of its other cells than if it runs on freely",
      less(truth, free),
      above(0),
      (estimate) => `share of other cells right, held less free: ${estimate}`,
    ),
    claim(
      "the same truth as a clue in the puzzle brings more of the other cells right than held in the state",
      less(clue, truth),
      above(0),
      (estimate) => `share of other cells right, clue less held: ${estimate}`,
    ),
    claim(
      "held at a lie in one cell, a right answer keeps most of its other cells",
      lie.held,
      above(0.5),
      (estimate) => `share of other cells right: ${estimate}`,
    ),
  ];
}
