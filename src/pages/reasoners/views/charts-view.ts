// Drift, the exponents as they grow, and the halting head, by ACT step; the undisturbed thought stands beside a disturbed one.
import { colours } from "../../../experiments/colours";
import { element, lineChart, section, setText } from "../../kit";
import type { Theatre, View } from "../theatre";
import { runningExponents, type ThoughtStep } from "../trajectory";

const log = (value: number) => Math.log10(Math.max(value, 1e-12));

export function chartsView(page: Theatre): View {
  const x = "ACT step";
  const drift = lineChart({ label: "Drift by step", x, y: "log10 of the drift of z_H" });
  const exponents = lineChart({ label: "Exponents by step", x, y: "exponent per ACT step" });
  const halting = lineChart({ label: "Halting logit by step", x, y: "logit of halting" });
  const line = element("p", { class: "readout", "aria-live": "polite" });
  const learnsToContinue = page.model.carried.configuration.kind === "hrm";
  const halt = ({ halt: stop, go }: ThoughtStep) => (learnsToContinue ? stop - go : stop);
  const figure = (title: string, chart: { root: HTMLElement }) =>
    element("figure", {}, element("figcaption", {}, title), chart.root);
  return {
    root: section(
      "charts",
      "What the state does",
      "Exponents are exact: two tangents of the joint state are pushed along in forward mode, and their mean logarithmic growth since the first step is drawn. Below 0, states nearby come together.",
      line,
      element(
        "div",
        { class: "charts" },
        figure("Drift", drift),
        figure("Local exponents as they grow", exponents),
        figure(
          learnsToContinue ? "Halting logit minus continuing logit" : "Halting head: above 0 it would stop",
          halting,
        ),
      ),
    ),
    update({ setup, steps, plain }) {
      if (!steps) return;
      const points = (values: readonly number[]) =>
        values.map((value, i): [number, number] => [i + 1, value]);
      const both = (name: string, of: (thought: readonly ThoughtStep[]) => number[], colour: string) => [
        ...(plain ? [{ name: `${name}, undisturbed`, points: points(of(plain)), colour: colours.grey }] : []),
        { name, points: points(of(steps)), colour },
      ];
      const frame = { x: [0, setup.steps] as const, marker: setup.at };
      const each = (value: (step: ThoughtStep) => number) => (thought: readonly ThoughtStep[]) =>
        thought.slice(1).map(value);
      drift.draw(
        both(
          "drift",
          each(({ driftHigh }) => log(driftHigh)),
          colours.blue,
        ),
        frame,
      );
      exponents.draw(
        [
          ...both("λ₁", (thought) => runningExponents(thought, 0), colours.vermillion),
          { name: "λ₂", points: points(runningExponents(steps, 1)), colour: colours.orange },
        ],
        frame,
      );
      halting.draw(both("halting", each(halt), colours.green), frame);
      const at = Math.min(setup.at, steps.length - 1);
      const first = steps.findIndex((step, i) => i > 0 && halt(step) > 0);
      const words =
        at === 0
          ? "Before the first step"
          : `Step ${at}: drift ${steps[at].driftHigh.toPrecision(3)}, λ₁ so far ${runningExponents(steps, 0)[at - 1].toFixed(3)}, halting logit ${halt(steps[at]).toFixed(2)}`;
      setText(line, `${words}; the halting head would stop ${first < 0 ? "nowhere" : `at step ${first}`}`);
    },
  };
}
