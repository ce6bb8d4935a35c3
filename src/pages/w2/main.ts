// A page to move λ on: a slider for each stretch of epochs, and below it what the networks that were trained along the nearest
// computed λ did: their test error and the cosine of their two gradients. The page computes nothing and puts nothing between
// two trainings; it chooses among those that it carries.

import { colours } from "../../experiments/colours";
import {
  historiesOf,
  nearestLambdas,
  pathAlong,
  type TreePath,
} from "../../experiments/w2/results/lambda-tree";
import { controls, element, fields, lineChart, type Series, section, setText, startPage } from "../kit";
import type { CarriedTree } from "./carried-tree";

type History = "ordered" | "collapse";
const histories: readonly History[] = ["ordered", "collapse"];

interface Results {
  /** The computed λs nearest to the sliders'. [depth] */
  lambdas: number[];
  /** What each network did along them. */
  paths: Record<History, TreePath>;
}

const stretch = (i: number, hold: number) =>
  hold === 1 ? `epoch ${i + 1}` : `epochs ${i * hold + 1} to ${(i + 1) * hold}`;

function linkOf({ lambdas, depth, hold, made }: CarriedTree) {
  const ends = [lambdas[0], lambdas[lambdas.length - 1]];
  return fields({
    from: {
      label: "Show the network that begins",
      first: "both",
      of: ["both", ...histories],
      titles: {
        both: "either way",
        ordered: `ordered (trained at λ ${made.ordered})`,
        collapse: `collapsed (trained at λ ${made.collapse})`,
      },
    },
    lambda: {
      labels: Array.from({ length: depth }, (_, i) => `λ, ${stretch(i, hold)}`),
      first: Array.from({ length: depth }, (_, i) => ends[(i + 1) % 2]),
      least: ends[0],
      most: ends[1],
      step: 0.01,
    },
  });
}

/** A line that holds each stretch's λ for its epochs. */
const steps = (lambdas: readonly number[], hold: number): [number, number][] =>
  lambdas.flatMap((lambda, i): [number, number][] => [
    [i * hold, lambda],
    [(i + 1) * hold, lambda],
  ]);

/** A value after each epoch. @param first that before the first epoch, where there is one */
const byEpoch = (values: readonly number[], first?: number): [number, number][] => [
  ...(first === undefined ? [] : [[0, first] as [number, number]]),
  ...values.map((value, i): [number, number] => [i + 1, value]),
];

/** A gap between two lines of one series. */
const apart: [number, number] = [Number.NaN, Number.NaN];

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

startPage<CarriedTree, { from: string; lambda: readonly number[] }, Results>({
  load: (files) => files.json("tree.json") as CarriedTree,
  facts: ({ facts, lambdas, depth, hold }) =>
    `${facts}; ${2 * lambdas.length ** depth} trainings of ${depth * hold} epochs`,
  link: linkOf,
  compute(tree, { lambda }) {
    const lambdas = nearestLambdas(tree, lambda);
    const paths = {
      ordered: pathAlong(tree, "ordered", lambdas),
      collapse: pathAlong(tree, "collapse", lambdas),
    };
    return { lambdas, paths };
  },
  views(page) {
    const tree = page.model;
    const { hold, depth, start } = tree;
    const epochs: [number, number] = [0, hold * depth];
    const everyCosine = Object.values(tree.steps).flatMap(({ cosine }) => cosine);
    const cosines: [number, number] = [Math.min(...everyCosine), Math.max(...everyCosine)]; // one axis for all histories
    const axis = "epochs after the checkpoint";
    const lambdaChart = lineChart({ label: "λ by epoch, wanted and computed", x: axis, y: "λ" });
    const errorChart = lineChart({ label: "Test error by epoch", x: axis, y: "test error" });
    const cosineChart = lineChart({
      label: "Cosine of the two gradients by epoch",
      x: axis,
      y: "cosine of g_s and g_v",
    });
    const said = element("p", { class: "readout" });
    const shownOf = (from: string) => histories.filter((history) => from === "both" || from === history);
    const along = (
      paths: Results["paths"],
      from: string,
      pick: (path: TreePath, history: History) => [number, number][],
    ) =>
      shownOf(from).map(
        (history): Series => ({
          name: `from ${history}`,
          colour: colours[history],
          points: pick(paths[history], history),
        }),
      );
    /** All trainings from the shown checkpoints, as one pale series. */
    const others = (from: string): Series => ({
      name: "all computed histories",
      colour: "#80808030",
      points: shownOf(from).flatMap((history) =>
        historiesOf(tree).flatMap((lambdas) => [
          ...byEpoch(pathAlong(tree, history, lambdas).error, start[history]),
          apart,
        ]),
      ),
    });
    const note = `λ may change every ${hold} epochs. Each stretch begins with a fresh optimiser, as the document's jumps do, and has the order of images that all others have at that place.`;
    return {
      controls: [
        controls(page, linkOf(tree).fields, {
          title: "do(λ)",
          note: `Computed are ${tree.lambdas.join(", ")}; a slider between two of them shows the nearer one.`,
        }),
      ],
      results: [
        {
          root: section(
            "error",
            "Test error",
            "Two lines that stay apart under one λ remember where they came from.",
            errorChart.root,
          ),
          update({ setup: { from }, paths }) {
            if (!paths) return;
            const lines = along(paths, from, ({ error }, history) => byEpoch(error, start[history]));
            errorChart.draw([others(from), ...lines], { x: epochs, y: [0, 1] });
          },
        },
        {
          root: section("lambda", "λ over time", note, lambdaChart.root, said),
          update({ setup, lambdas }) {
            if (!lambdas) return;
            const [least, most] = [tree.lambdas[0], tree.lambdas[tree.lambdas.length - 1]];
            lambdaChart.draw(
              [
                { name: "asked for", colour: colours.orange, points: steps(setup.lambda, hold) },
                { name: "computed, the nearest", colour: colours.green, points: steps(lambdas, hold) },
              ],
              { x: epochs, y: [least - 0.05, most + 0.05] },
            );
            const distances = setup.lambda.map((lambda, i) => Math.abs(lambda - lambdas[i]));
            const furthest = Math.max(...distances);
            setText(
              said,
              furthest < 1e-9
                ? "The λ that you ask for was computed."
                : `The λ that you ask for was not computed: shown is ${lambdas.join(", then ")}, up to ${furthest.toFixed(2)} from yours.`,
            );
          },
        },
        {
          root: section(
            "cosine",
            "Do the two gradients agree?",
            "Means over each epoch. Below 0, the noisy and the clean gradient undo a part of each other.",
            cosineChart.root,
          ),
          update({ setup: { from }, paths }) {
            if (!paths) return;
            cosineChart.draw(
              along(paths, from, ({ cosine }) => byEpoch(cosine)),
              { x: epochs, y: cosines },
            );
          },
        },
      ],
    };
  },
  backend: "none",
  toolbar: {
    headline({ paths }) {
      const ends = histories.map((history) => paths?.[history].error[paths[history].error.length - 1]);
      const [ordered, collapse] = ends;
      if (ordered === undefined || collapse === undefined)
        return { value: "…", unit: "gap at the end", spoken: "gap unknown" };
      const gap = percent(collapse - ordered);
      return {
        value: gap,
        unit: `gap at the end: ${percent(collapse)} from collapse, ${percent(ordered)} from ordered`,
        spoken: `gap ${gap}`,
      };
    },
  },
});
