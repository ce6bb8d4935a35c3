// What is weak about the supervision: pairs before and after an intervention as the models get them, and as they came about.
import type { Nature, PairedInterventions } from "../../../data/paired-interventions";
import { colours } from "../../colours";
import { spans } from "../../panels";
import type { PlotlyFigure } from "../../result-file";
import type { WscrlConfiguration } from "../configuration";
import { unitData } from "../training/unit";

const palette = [
  colours.grey,
  colours.blue,
  colours.orange,
  colours.green,
  colours.purple,
  colours.sky,
  colours.vermillion,
];

/**
 * Makes the first held-out pairs of a dimension and the nature behind them, of the first data seed.
 *
 * @param configuration a whole one, as `parameters` gives it
 * @param options.dimension the number of causal variables
 * @param options.pairs how many pairs
 * @example
 * import { wscrl } from "dolab";
 * const { configuration } = wscrl.parameters({ preset: "smoke" });
 * const { pairs } = wscrl.examplePairs(configuration, { dimension: 3, pairs: 10 });
 * [pairs.variables, pairs.pairs]; // => [3, 10]
 */
export function examplePairs(
  configuration: WscrlConfiguration,
  { dimension, pairs = 60 }: { dimension: number; pairs?: number },
): { nature: Nature; pairs: PairedInterventions } {
  const small = { ...configuration, trainPairs: 1, dciPairs: 1, testPairs: pairs };
  const { nature, pairs: splits } = unitData({ dimension, dataSeed: configuration.dataSeeds[0] }, small);
  return { nature, pairs: splits.test };
}

/**
 * Draws pairs: on the left two observed features, all that a model sees; on the right two causal variables, coloured by
 * the intervention, which no model sees.
 *
 * @param example pairs, as `examplePairs` gives them
 * @example
 * import { wscrl } from "dolab";
 * const { configuration } = wscrl.parameters({ preset: "smoke" });
 * const example = wscrl.examplePairs(configuration, { dimension: 3, pairs: 10 });
 * wscrl.pairsFigure(example).layout.xaxis2.title.text; // => "causal variable z1"
 */
export function pairsFigure({ pairs }: { pairs: PairedInterventions }): PlotlyFigure {
  const { variables, intervention } = pairs;
  const labels = Array.from({ length: variables + 1 }, (_, label) => label);
  const [left, right] = spans(2, 0.1);
  const segments = (from: Float32Array, to: Float32Array, take: (label: number) => boolean) => {
    const [x, y]: (number | null)[][] = [[], []];
    for (let pair = 0; pair < pairs.pairs; pair++) {
      if (!take(intervention[pair])) continue;
      const at = pair * variables;
      x.push(from[at], to[at], null);
      y.push(from[at + 1], to[at + 1], null);
    }
    return { x, y };
  };
  const line = { type: "scatter", mode: "lines+markers", hoverinfo: "skip", marker: { size: 5 } };
  return {
    data: [
      {
        ...line,
        ...segments(pairs.before, pairs.after, () => true),
        name: "a pair: what a model sees",
        line: { color: colours.grey, width: 1 },
        showlegend: false,
      },
      ...labels.map((label) => ({
        ...line,
        ...segments(pairs.causalBefore, pairs.causalAfter, (other) => other === label),
        name: label === 0 ? "no intervention" : `z${label} set anew`,
        xaxis: "x2",
        yaxis: "y2",
        line: { color: palette[label % palette.length], width: 1.5 },
      })),
    ],
    layout: {
      title: {
        text: `${pairs.pairs} synthetic pairs before and after an unknown intervention, ${variables} variables`,
      },
      height: 460,
      margin: { t: 80 },
      xaxis: { domain: left, anchor: "y", title: { text: "observed feature x1" } },
      yaxis: { anchor: "x", title: { text: "observed feature x2" } },
      xaxis2: { domain: right, anchor: "y2", title: { text: "causal variable z1" } },
      yaxis2: { anchor: "x2", title: { text: "causal variable z2" } },
      legend: { orientation: "h", y: -0.2 },
    },
  };
}
