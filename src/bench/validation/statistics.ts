// The statistics on thousands of random inputs against numpy, scipy and scikit-learn, each to the tolerance it states.
import { normalQuantile, type Random } from "../../random";
import {
  averageRanks,
  histogram,
  mean,
  median,
  otsuThreshold,
  pearson,
  percentiles,
  rankAuc,
  rSquared,
  sampleStandardDeviation,
  spearman,
  standardDeviation,
} from "../../stats";
import { benchPython } from "../bench-python";
import { JsonLinesProcess } from "../json-lines-process";
import { peerPath } from "../python-peer";
import { finite, randomSample, randomSize, type SampleKind, wellConditioned } from "./random-sample";
import { runStatisticCheck, type StatisticCheck } from "./statistic-check";
import type { Validation } from "./validation";

/** Those that bins make sense of: neighbouring subnormal numbers have nothing between them. */
const anyBins = [...wellConditioned, "constant", "offset", "farOffset", "wide"] as const;

const checks: StatisticCheck[] = [
  {
    check: "rankAuc",
    against: "sklearn roc_auc_score",
    reference: "roc_auc_score",
    cases: 2000,
    tolerance: 1e-12,
    draw: labelled(finite),
    ours: rankAuc,
  },
  {
    check: "rankAuc",
    against: "scipy mannwhitneyu",
    reference: "mann_whitney",
    cases: 2000,
    tolerance: 0,
    draw: labelled([...finite, "infinite"]),
    ours: rankAuc,
  },
  {
    check: "percentiles",
    against: "numpy percentile",
    reference: "percentiles",
    cases: 3000,
    tolerance: 0,
    ours: percentiles,
    draw: (rng) => [randomSample(rng, randomSize(rng), finite), percents(rng)],
  },
  {
    check: "median",
    against: "numpy median",
    reference: "median",
    cases: 2000,
    tolerance: 0,
    draw: sample(finite),
    ours: (values) => median(values),
  },
  {
    check: "histogram",
    against: "numpy histogram",
    reference: "histogram",
    cases: 2000,
    tolerance: 0,
    draw: (rng) => [randomSample(rng, randomSize(rng), anyBins), Float64Array.of(rng.integer(1, 400))],
    ours(values, [count]) {
      const { counts, edges } = histogram(values, { bins: count });
      return [...counts, ...edges];
    },
  },
  {
    check: "otsuThreshold",
    against: "Otsu's formula in numpy",
    reference: "otsu",
    cases: 3000,
    tolerance: 0,
    draw: binned(anyBins),
    ours: otsuOf,
  },
  {
    // Near 0, for the formula takes differences of moments: from 1e8 spreads away, here as in the document, rounding
    // can pick a bin of much smaller variance.
    check: "otsuThreshold",
    against: "exact greatest variance, near 0",
    reference: "otsu_exact",
    cases: 2000,
    tolerance: 0,
    draw: binned([...wellConditioned, "constant", "wide"]),
    ours: otsuOf,
  },
  {
    check: "averageRanks",
    against: "scipy rankdata",
    reference: "ranks",
    cases: 2000,
    tolerance: 0,
    draw: sample([...finite, "infinite"]),
    ours: (values) => averageRanks(values),
  },
  {
    check: "spearman",
    against: "scipy spearmanr",
    reference: "spearman",
    cases: 2000,
    tolerance: 1e-12,
    draw: pairs([...finite, "infinite"]),
    ours: spearman,
  },
  {
    check: "pearson",
    against: "numpy corrcoef",
    reference: "pearson",
    cases: 2000,
    tolerance: 1e-12,
    draw: pairs(wellConditioned),
    ours: pearson,
  },
  {
    check: "rSquared",
    against: "sklearn r2_score",
    reference: "r_squared",
    cases: 2000,
    tolerance: 1e-12,
    draw: pairs(wellConditioned),
    ours: rSquared,
  },
  {
    check: "mean",
    against: "Python's exact fsum",
    reference: "mean",
    cases: 2000,
    tolerance: 2 ** -51,
    draw: sample(finite),
    ours: (values) => mean(values),
  },
  {
    check: "standard deviations",
    against: "numpy std",
    reference: "deviations",
    cases: 2000,
    tolerance: 1e-12,
    draw: sample([...wellConditioned, "offset"]),
    ours: (values) => [standardDeviation(values), sampleStandardDeviation(values)],
  },
  {
    check: "normalQuantile",
    against: "scipy ndtri",
    reference: "normal_quantile",
    cases: 1000,
    tolerance: 1e-14,
    draw: centredShares,
    ours: (qs) => qs.map(normalQuantile),
  },
];

export const statistics: Validation = {
  name: "statistics",
  title: "AUC, Otsu, percentiles, ranks, correlations and moments on random samples",
  async run({ seed, rounds, onCases = () => {} }) {
    const reference = new JsonLinesProcess(benchPython, [peerPath("statistics_reference")]);
    const planned = checks.map((check) => ({ ...check, cases: Math.ceil(check.cases * rounds) }));
    const total = planned.reduce((sum, { cases }) => sum + cases, 0);
    let done = 0;
    try {
      const findings = [];
      for (const check of planned) {
        findings.push(
          await runStatisticCheck(check, reference, seed, (more) => {
            done += more;
            onCases(done, total);
          }),
        );
      }
      return findings;
    } finally {
      await reference.close();
    }
  },
};

function sample(kinds: readonly SampleKind[]) {
  return (rng: Random) => [randomSample(rng, randomSize(rng), kinds)];
}

/** Scores, and labels of both classes, which know the score or do not. */
function labelled(kinds: readonly SampleKind[]) {
  return (rng: Random) => {
    const scores = randomSample(rng, randomSize(rng, 2), kinds);
    const share = rng.uniform();
    const labels = Float64Array.from(scores, (_, i) => (i < 2 ? i : Number(rng.uniform() < share)));
    return [scores, labels];
  };
}

/** Two samples of one length, the second with or without something of the first. */
function pairs(kinds: readonly SampleKind[]) {
  return (rng: Random) => {
    const first = randomSample(rng, randomSize(rng), kinds);
    const other = randomSample(rng, first.length, kinds);
    return [first, rng.integer(0, 2) ? other : other.map((value, i) => 0.1 * value + first[i])];
  };
}

/** Values, and a number of bins. */
function binned(kinds: readonly SampleKind[]) {
  return (rng: Random) => [randomSample(rng, randomSize(rng), kinds), Float64Array.of(rng.integer(2, 400))];
}

function otsuOf(values: Float64Array, [bins]: Float64Array) {
  return otsuThreshold(values, { bins });
}

function percents(rng: Random) {
  return Float64Array.from({ length: rng.integer(1, 25) }, () =>
    rng.integer(0, 3) === 0 ? 12.5 * rng.integer(0, 9) : 100 * rng.uniform(),
  );
}

/** Probabilities less one half, a third of them far in a tail. */
function centredShares(rng: Random) {
  const shares = Float64Array.from({ length: 1000 }, () =>
    rng.integer(0, 3) === 0
      ? (rng.integer(0, 2) ? 1 : -1) * (0.5 - Math.max(10 ** (-16 * rng.uniform()) / 2, 2 ** -53))
      : rng.uniform() - 0.5,
  );
  return [shares.filter((q) => q !== 0)];
}
