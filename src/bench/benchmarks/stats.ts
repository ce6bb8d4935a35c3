// The three statistics of the 2x2 analysis on a million float64, against scikit-learn and numpy.
import { readNpy } from "../../io";
import { createRandom } from "../../random";
import { otsuThreshold, percentiles, rankAuc } from "../../stats";
import type { Benchmark } from "../benchmark";
import { pythonPeer } from "../python-peer";
import { sharedInput } from "../shared-input";
import { timedFunctions } from "../timed-functions";

const size = 1e6;
const seed = 1;

export const stats: Benchmark = {
  name: "stats",
  title: "Statistics of 1e6 float64",
  measures: [
    {
      key: "auc",
      title: "rank AUC",
      unit: "seconds",
      peer: "sklearn roc_auc_score",
      target: { ratioAtMost: 1 },
    },
    {
      key: "otsu",
      title: "Otsu threshold, 256 bins",
      unit: "seconds",
      peer: "numpy histogram and cumsum",
      target: { ratioAtMost: 1 },
    },
    {
      key: "percentiles",
      title: "19 percentiles",
      unit: "seconds",
      peer: "numpy percentile",
      target: { ratioAtMost: 1 },
    },
  ],
  needs: "python",
  warmUps: 2,
  turns: 21,
  repeat: 3,
  async start() {
    const inputs = [
      sharedInput(`scores-${size}-seed-${seed}`, makeScores),
      sharedInput(`labels-${size}-seed-${seed}`, makeLabels),
    ];
    const [scores, labels] = inputs.map((file) => readNpy(file).data);
    const qs = Array.from({ length: 19 }, (_, i) => 5 * (i + 1));
    return {
      ours: timedFunctions({
        auc: () => rankAuc(scores, labels),
        otsu: () => otsuThreshold(scores),
        percentiles: () => Array.from(percentiles(scores, qs)),
      }),
      peer: pythonPeer("stats", inputs),
    };
  },
};

/** Two overlapping bells, as log drifts are: the second is that of the positives. */
function makeScores() {
  const rng = createRandom(seed).split("scores");
  const labels = makeLabels().data;
  return { shape: [size], data: Float64Array.from(labels, (label) => rng.normal() + 2 * label) };
}

function makeLabels() {
  const rng = createRandom(seed).split("labels");
  return { shape: [size], data: Uint8Array.from({ length: size }, () => rng.integer(0, 2)) };
}
