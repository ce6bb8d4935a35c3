// Figures of interventions on thoughts: kicks, and cells that are held.
import { mean, median } from "../../../stats";
import { colours } from "../../colours";
import { axisSuffix, spans } from "../../panels";
import type { PlotlyFigure } from "../../result-file";
import { clampKinds } from "../thinking/clamps";
import { kickDirections } from "../thinking/kicks";
import type { Findings } from "./findings";

const directionColours = {
  "most unstable": colours.vermillion,
  "least unstable": colours.green,
  random: colours.grey,
};

/**
 * Draws how far kicked thoughts are from what they would have been, over the size of the kick: lines are medians, dashed ones
 * exp(λ1 t).
 *
 * @param findings what one training's thoughts say
 * @example
 * import { reasoners } from "dolab";
 * const [training] = reasoners.syntheticFindings({ samples: 64 });
 * reasoners.kickFigure(training).data[0].y; // => [1, 0.5, 0.25]
 */
export function kickFigure(findings: Findings): PlotlyFigure {
  const { title, row } = findings;
  const kicks = row.further?.kicks;
  const sizes = [...new Set(kicks?.kicks.map(({ size }) => size))];
  const domains = spans(Math.max(1, sizes.length), 0.08);
  const data = (kicks?.kicks ?? []).flatMap(({ direction, size, distance }) => {
    const panel = sizes.indexOf(size);
    const steps = distance[0]?.map((_, time) => time) ?? [];
    const ratio = (time: number) => median(Float64Array.from(distance, (own) => own[time] / own[0]));
    return [
      {
        type: "scatter",
        mode: "lines+markers",
        name: direction,
        legendgroup: direction,
        showlegend: panel === 0,
        x: steps,
        y: steps.map(ratio),
        line: { color: directionColours[direction] },
        xaxis: `x${axisSuffix(panel)}`,
        yaxis: `y${axisSuffix(panel)}`,
      },
    ];
  });
  const steps = kicks?.kicks[0]?.distance[0]?.map((_, time) => time) ?? [];
  const expected = (panel: number) => ({
    type: "scatter",
    mode: "lines",
    name: "exp(λ₁ t)",
    legendgroup: "expected",
    showlegend: panel === 0,
    x: steps,
    y: steps.map((time) =>
      median(Float64Array.from(kicks?.exponent ?? [], (exponent) => Math.exp(exponent * time))),
    ),
    line: { color: directionColours[kickDirections[0]], dash: "dash", width: 1 },
    xaxis: `x${axisSuffix(panel)}`,
    yaxis: `y${axisSuffix(panel)}`,
  });
  const axes = Object.fromEntries(
    sizes.flatMap((size, panel) => [
      [
        `xaxis${axisSuffix(panel)}`,
        { domain: domains[panel], title: { text: `ACT steps after a kick of ${size}` } },
      ],
      [
        `yaxis${axisSuffix(panel)}`,
        {
          type: "log",
          dtick: 1,
          exponentformat: "power",
          anchor: `x${axisSuffix(panel)}`,
          title: { text: panel === 0 ? "distance / size of the kick" : "" },
        },
      ],
    ]),
  );
  return {
    data: [...data, ...sizes.map((_, panel) => expected(panel))],
    layout: { ...axes, title: { text: `${title}: kicks halfway through a thought` } },
  };
}

const clampTitles = {
  free: "wrong: nothing held",
  sham: "wrong: a right cell held",
  truth: "wrong: a wrong cell held at the truth",
  clue: "wrong: that truth as a clue",
  lie: "right: a cell held at a lie",
};
const stageColours = { before: colours.grey, held: colours.blue, after: colours.orange };

/**
 * Draws the mean share of a puzzle's other blank cells that are right before, while and after one cell is held, a panel for each
 * training.
 *
 * @param findings what each training's thoughts say, as a run has them
 * @example
 * import { reasoners } from "dolab";
 * const findings = reasoners.syntheticFindings({ samples: 64 });
 * reasoners.clampFigure(findings).data.map(({ name }) => name); // => ["after", "held", "before"]
 */
export function clampFigure(findings: readonly Findings[]): PlotlyFigure {
  const shown = findings.filter(({ row }) => row.further);
  const domains = spans(Math.max(1, shown.length), 0.09);
  const stages = ["after", "held", "before"] as const; // from below
  const data = shown.flatMap(({ row }, panel) =>
    stages.map((stage) => {
      const clamps = (row.further?.clamps ?? []).filter(({ index }) => index.length > 0);
      const ordered = clampKinds.flatMap((kind) => clamps.filter((clamp) => clamp.kind === kind));
      return {
        type: "bar",
        orientation: "h",
        name: stage,
        legendgroup: stage,
        showlegend: panel === 0,
        y: ordered.map(({ kind }) => clampTitles[kind]),
        x: ordered.map((clamp) => mean(clamp[stage])),
        marker: { color: stageColours[stage] },
        xaxis: `x${axisSuffix(panel)}`,
        yaxis: `y${axisSuffix(panel)}`,
      };
    }),
  );
  const axes = Object.fromEntries(
    shown.flatMap(({ title }, panel) => [
      [
        `xaxis${axisSuffix(panel)}`,
        {
          domain: domains[panel],
          range: [0, 1.02],
          tickformat: ".0%",
          title: { text: `other cells right, ${title}` },
        },
      ],
      [
        `yaxis${axisSuffix(panel)}`,
        {
          type: "category",
          categoryorder: "array",
          categoryarray: Object.values(clampTitles).reverse(),
          showticklabels: panel === 0,
          anchor: `x${axisSuffix(panel)}`,
          automargin: true,
        },
      ],
    ]),
  );
  return {
    data,
    layout: {
      ...axes,
      title: { text: "One cell held" },
      barmode: "group",
      legend: { orientation: "h", x: 0, y: -0.2, traceorder: "reversed" },
      height: 480,
    },
  };
}
