// Flipped weights and what is left of the answers: by the share of a model's weights that flips, and by the token before which
// it does.
import { type WeightFlip, withTimedWeightFlips } from "../../../models";
import { mean } from "../../../stats";
import { colours } from "../../colours";
import type { PlotlyFigure } from "../../result-file";
import { evaluateModel } from "../model/evaluate";
import type { WorldModel } from "../model/train-model";

export interface FlipOptions {
  /** What is flipped, see `WeightFlip`: by default the sign. */
  bits?: WeightFlip["bits"];
  /** Draws of the weights, each a row. */
  seeds?: readonly number[];
  /** Parameters that flip, by name: by default the matrices of all blocks. */
  weights?: readonly string[];
}

export interface FlipRow {
  fraction: number;
  /** Before which generated token, from 0. */
  token: number;
  seed: number;
  /** Share of all states that are answered exactly. */
  exact: number;
  /** The share of right values, by the name of an output or sum. */
  parts: Record<string, number>;
}

/** The names of the matrices of attention and MLPs. */
export const blockMatrices = ({ parameters }: Pick<WorldModel, "parameters">): string[] =>
  Object.keys(parameters).filter((name) => name.includes(".h.") && parameters[name].rank === 2);

/**
 * Flips bits in a share of each weight before a generated token, asks for all states, and undoes it; for each share and token.
 *
 * @param model a model and the rules of its world
 * @param where.fractions shares from 0 to 1; with the same seed, a greater one has all of a smaller one's
 * @param where.tokens before which the flip happens: 0, by default, is before the prompt is read
 * @param options which bits flip, in which weights, and the seeds of the draws
 * @throws {RangeError} as `flipWeights` does; the weights are as before
 * @example
 * import { booleanWorld, createRandom, parseRules, startBackend } from "dolab";
 * await startBackend();
 * const model = booleanWorld.untrainedModel(parseRules("newA = A XOR B"), { rng: createRandom(0) });
 * const rows = await booleanWorld.flipDamage(model, { fractions: [0, 0.5] }, { seeds: [7] });
 * rows.map(({ fraction, token, seed }) => [fraction, token, seed]); // => [[0, 0, 7], [0.5, 0, 7]]
 */
export async function flipDamage(
  model: WorldModel,
  { fractions, tokens = [0] }: { fractions: readonly number[]; tokens?: readonly number[] },
  options: FlipOptions = {},
): Promise<FlipRow[]> {
  const { bits = "sign", seeds = [0, 1, 2], weights = blockMatrices(model) } = options;
  const rows: FlipRow[] = [];
  for (const fraction of fractions)
    for (const token of tokens)
      for (const seed of seeds) {
        const elements = { fraction, seed };
        const flips = weights.map((weight) => ({ weight, elements, bits, atToken: token }));
        const { accuracy } = await withTimedWeightFlips(model.parameters, flips, (atToken) =>
          evaluateModel(model, { atToken }),
        );
        const { states: _, count: __, exact, ...parts } = accuracy[0];
        rows.push({ fraction, token, seed, exact, parts: parts as Record<string, number> });
      }
  return rows;
}

const hues = ["blue", "vermillion", "green", "purple", "sky", "orange"] as const;

/**
 * Draws what is left against the share that flipped, or against the token before which it did, whichever there are more of; a
 * line each for the whole answer and its values, means over seeds.
 *
 * @param rows as `flipDamage` gives them
 * @example
 * import { booleanWorld } from "dolab";
 * const row = (fraction: number, exact: number) => ({ fraction, token: 0, seed: 0, exact, parts: { newA: exact } });
 * const [newA, whole] = booleanWorld.flipFigure([row(0, 1), row(0.1, 0.5)]).data;
 * whole.y; // => [1, 0.5]
 */
export function flipFigure(rows: readonly FlipRow[]): PlotlyFigure {
  const distinct = (key: "fraction" | "token") =>
    [...new Set(rows.map((row) => row[key]))].sort((a, b) => a - b);
  const key = distinct("token").length > distinct("fraction").length ? "token" : "fraction";
  const values = distinct(key);
  const names = Object.keys(rows[0]?.parts ?? {});
  const line = (name: string, of: (row: FlipRow) => number, look: object) => ({
    type: "scatter",
    mode: "lines+markers",
    name,
    x: values,
    cliponaxis: false,
    ...look,
    y: values.map((value) => mean(rows.filter((row) => row[key] === value).map(of))),
    hovertemplate: `${key === "token" ? "before token %{x}" : "%{x:.1%} flipped"}: %{y:.0%}<extra>${name}</extra>`,
  });
  const thin = names.map((name, i) => {
    const color = colours[hues[i % hues.length]];
    return line(name, ({ parts }) => parts[name], {
      line: { color, width: 1.5, dash: "dot" },
      marker: { color },
    });
  });
  const whole = { line: { color: colours.grey, width: 4 }, marker: { color: colours.grey, size: 10 } };
  const shown = (share: number) => `${+(share * 100).toPrecision(3)} %`;
  const title =
    key === "token"
      ? `Signs of ${distinct("fraction").map(shown).join(", ")} of the weights flipped in the middle of the answer`
      : "Answers against the share of weights whose sign flipped";
  return {
    data: [...thin, line("whole answer", ({ exact }) => exact, whole)],
    layout: {
      title: { text: title },
      xaxis:
        key === "token"
          ? { title: { text: "generated token before which they flip" }, dtick: 1 }
          : { title: { text: "weights flipped in each matrix" }, tickformat: ".1%", rangemode: "tozero" },
      yaxis: { title: { text: "right, of all states" }, tickformat: ".0%", range: [0, 1.03] },
    },
  };
}
