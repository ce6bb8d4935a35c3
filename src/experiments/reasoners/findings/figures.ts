// Figures of the recursive reasoners, beside those of the 2x2 analysis.
import { colours } from "../../colours";
import { axisSuffix, spans } from "../../panels";
import type { PlotlyFigure } from "../../result-file";
import type { Findings } from "./findings";
import { share } from "./share";

const systemColours = { trm: colours.blue, hrm: colours.orange } as const;

const colourOf = ({ row }: Findings) => systemColours[row.system];
const plain = (findings: readonly Findings[]) => findings.filter(({ row }) => !row.noisy);

/**
 * Draws the share of validation puzzles right as training goes on; kept checkpoints are marked, the chosen one filled.
 *
 * @param findings what each training's thoughts say, as a run has them
 * @example
 * import { reasoners } from "dolab";
 * const findings = reasoners.syntheticFindings({ samples: 64 });
 * reasoners.trainingFigure(findings).data[0].y; // => [0.25, 0.5]
 */
export function trainingFigure(findings: readonly Findings[]): PlotlyFigure {
  const data = findings.flatMap((one) => {
    const { title, row } = one;
    const color = colourOf(one);
    const at = (step: number) => row.validation.filter((point) => point.step <= step).at(-1)?.right ?? 0;
    const line = {
      type: "scatter",
      mode: "lines",
      name: title,
      legendgroup: title,
      line: { color, dash: row.noisy ? "dot" : "solid" },
    };
    const marks = { type: "scatter", mode: "markers", legendgroup: title, showlegend: false };
    return [
      { ...line, x: row.validation.map(({ step }) => step), y: row.validation.map(({ right }) => right) },
      {
        ...marks,
        x: row.checkpoints.map(({ step }) => step),
        y: row.checkpoints.map(({ step }) => at(step)),
        marker: {
          color,
          size: 9,
          symbol: row.checkpoints.map(({ role }) => (role === "chosen" ? "circle" : "circle-open")),
        },
        text: row.checkpoints.map(({ role }) => role),
        hovertemplate: "step %{x}: %{text}<extra></extra>",
      },
    ];
  });
  return {
    data,
    layout: {
      title: { text: "Learning 4 × 4 Sudoku" },
      xaxis: { title: { text: "training step" }, rangemode: "tozero" },
      yaxis: { title: { text: "validation puzzles right" }, tickformat: ".0%", range: [-0.02, 1.02] },
    },
  };
}

/**
 * Draws AUCs with their intervals, a panel for each training.
 *
 * @param findings what each training's thoughts say, as a run has them
 * @example
 * import { reasoners } from "dolab";
 * const findings = reasoners.syntheticFindings({ samples: 64 });
 * reasoners.scoresFigure(findings).layout.xaxis.title.text; // => "AUC, TRM of seed 0"
 */
export function scoresFigure(findings: readonly Findings[]): PlotlyFigure {
  const shown = plain(findings).filter(({ scores }) => scores.length > 0);
  const domains = spans(shown.length, 0.06);
  const names = (shown[0]?.scores ?? []).map(({ score, among }) =>
    among === "all answers" ? score : `${score}, ${among}`,
  );
  const axes = Object.fromEntries(
    shown.flatMap((one, panel) => [
      [
        `xaxis${axisSuffix(panel)}`,
        { domain: domains[panel], range: [0, 1], title: { text: `AUC, ${one.title}` } },
      ],
      [
        `yaxis${axisSuffix(panel)}`,
        {
          type: "category",
          categoryarray: names.slice().reverse(),
          categoryorder: "array",
          showticklabels: panel === 0,
          anchor: `x${axisSuffix(panel)}`,
          automargin: true,
        },
      ],
    ]),
  );
  return {
    data: shown.map((one, panel) => ({
      type: "scatter",
      mode: "markers",
      showlegend: false,
      marker: { color: colourOf(one), size: 8 },
      x: one.scores.map(({ estimate }) => estimate),
      y: names,
      error_x: {
        type: "data",
        symmetric: false,
        array: one.scores.map(({ estimate, high }) => high - estimate),
        arrayminus: one.scores.map(({ estimate, low }) => estimate - low),
      },
      xaxis: `x${axisSuffix(panel)}`,
      yaxis: `y${axisSuffix(panel)}`,
    })),
    layout: {
      ...axes,
      title: { text: "What tells right answers from wrong ones" },
      height: 560,
      shapes: shown.map((_, panel) => ({
        type: "line",
        x0: 0.5,
        x1: 0.5,
        y0: 0,
        y1: 1,
        xref: `x${axisSuffix(panel)}`,
        yref: "paper",
        line: { color: colours.grey, dash: "dash", width: 1 },
      })),
    },
  };
}

/**
 * Draws how many of the answers that are wrong after the usual steps turn right as thoughts run on, and how many right ones stay.
 *
 * @param findings what each training's thoughts say, as a run has them
 * @example
 * import { reasoners } from "dolab";
 * const findings = reasoners.syntheticFindings({ samples: 64 });
 * reasoners.runOnFigure(findings).data[0].x; // => [16, 32]
 */
export function runOnFigure(findings: readonly Findings[]): PlotlyFigure {
  const data = plain(findings).flatMap((one) => {
    const { title, row, chosen } = one;
    if (!row.further) return [];
    const { at, right } = row.further.runOn;
    return ([0, 1] as const).map((label) => {
      const own = Array.from(chosen.correct.keys()).filter((sample) => chosen.correct[sample] === label);
      const shares = at.map((_, i) =>
        share(
          own.filter((sample) => right[chosen.index?.[sample] ?? sample][i] === 1).length,
          own.length,
          0.95,
        ),
      );
      const estimates = shares.map(({ count, of }) => count / of);
      return {
        type: "scatter",
        mode: "lines+markers",
        name: `${title}: ${label ? "right" : "wrong"} at step ${at[0]}`,
        x: at,
        y: estimates,
        line: { color: colourOf(one), dash: label ? "dot" : "solid" },
        error_y: {
          type: "data",
          symmetric: false,
          array: shares.map(({ high }, i) => (i === 0 ? 0 : high - estimates[i])), // the first is so by definition
          arrayminus: shares.map(({ low }, i) => (i === 0 ? 0 : estimates[i] - low)),
        },
      };
    });
  });
  return {
    data,
    layout: {
      title: { text: "Thoughts that run on" },
      xaxis: { title: { text: "ACT steps" }, type: "log", tickvals: [16, 32, 64, 128, 256, 512, 1024] },
      yaxis: { title: { text: "right by then" }, tickformat: ".0%", range: [-0.02, 1.02] },
    },
  };
}

/**
 * Draws the share of wrong answers that any restart, and that a single one, finds right, by the size of the perturbation.
 *
 * @param findings what each training's thoughts say, as a run has them
 * @example
 * import { reasoners } from "dolab";
 * const findings = reasoners.syntheticFindings({ samples: 64 });
 * reasoners.restartFigure(findings).data[0].x; // => ["0.3", "1"]
 */
export function restartFigure(findings: readonly Findings[]): PlotlyFigure {
  const data = plain(findings).flatMap((one) => {
    const { title, row, chosen } = one;
    if (!row.further) return [];
    const wrong = Array.from(chosen.correct.keys()).filter((sample) => chosen.correct[sample] === 0);
    const { restarts } = row.further;
    const any = restarts.map(({ solved }) =>
      share(
        wrong.filter((sample) => solved[chosen.index?.[sample] ?? sample] > 0).length,
        wrong.length,
        0.95,
      ),
    );
    const single = restarts.map(
      ({ solved, count }) =>
        wrong.reduce((sum, sample) => sum + solved[chosen.index?.[sample] ?? sample], 0) /
        (count * wrong.length),
    );
    const estimates = any.map(({ count, of }) => count / of);
    const x = restarts.map(({ size }) => String(size));
    return [
      {
        type: "bar",
        name: `${title}: any of ${restarts[0].count}`,
        x,
        y: estimates,
        marker: { color: colourOf(one) },
        error_y: {
          type: "data",
          symmetric: false,
          array: any.map(({ high }, i) => high - estimates[i]),
          arrayminus: any.map(({ low }, i) => estimates[i] - low),
        },
      },
      {
        type: "bar",
        name: `${title}: one`,
        x,
        y: single,
        marker: { color: colourOf(one), pattern: { shape: "/" } },
      },
    ];
  });
  return {
    data,
    layout: {
      title: { text: "Restarts of wrong answers from perturbed states" },
      barmode: "group",
      xaxis: { title: { text: "standard deviation of the perturbation" }, type: "category" },
      yaxis: { title: { text: "found right" }, tickformat: ".0%", rangemode: "tozero" },
    },
  };
}
