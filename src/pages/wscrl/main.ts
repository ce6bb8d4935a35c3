// The intervention page of document 004: a slider for each causal variable that an ILCM found in pairs of unknown interventions.
// Set one, and the other variables and the observation follow through the learned solution functions and the decoder, in the
// page; beside it the true system's answer to the same do(z_i = v).

import { colours } from "../../experiments/colours";
import type { Ilcm } from "../../models/lcm/ilcm";
import { controls, element, type Field, fields, lineChart, section, startPage } from "../kit";
import { distance, loadIlcm, modelAnswers, type State, trueAnswer } from "./answers";
import type { CarriedModel } from "./carried-model";

interface Loaded {
  carried: CarriedModel;
  ilcm: Ilcm;
}

interface Results {
  before: State;
  answered: State;
  truth: State;
  /** Answers to the chosen variable being set from -3 to 3. */
  answeredPath: State[];
  truePath: State[];
}

const REACH = 3;
const PATH = Array.from({ length: 25 }, (_, i) => -REACH + (2 * REACH * i) / 24);
const palette = [
  colours.blue,
  colours.orange,
  colours.green,
  colours.purple,
  colours.sky,
  colours.vermillion,
];

/** An observation, and a switch and a slider for each variable. */
const linkOf = ({ carried }: Loaded) =>
  fields({
    observation: {
      label: "Observation",
      first: "1",
      of: carried.examples.map((_, i) => String(i + 1)),
    } as Field & { first: string },
    ...Object.fromEntries(
      carried.variables.flatMap((_, i) => [
        [`do${i + 1}`, { label: `Set z${i + 1}`, first: i === 0 }],
        [`z${i + 1}`, { label: `z${i + 1}`, first: i === 0 ? 2 : 0, least: -REACH, most: REACH, step: 0.05 }],
      ]),
    ),
    path: {
      label: "Paths of",
      first: "z1",
      of: carried.variables.map((_, i) => `z${i + 1}`),
    } as Field & { first: string },
  } as Record<string, Field & { first: string | number | boolean }>);

startPage({
  backend: "cpu", // small products only, and all operations that the encoder has
  load(files): Loaded {
    const carried = files.json("model.json") as CarriedModel;
    return { carried, ilcm: loadIlcm(carried) };
  },
  facts: ({ carried }) =>
    `${carried.title}; disentanglement ${carried.disentanglement.toFixed(2)}; synthetic pairs`,
  link: linkOf,
  compute({ carried, ilcm }, setup): Results {
    const { observed, causal } = carried.examples[Number(setup.observation) - 1];
    const chosen = carried.variables.flatMap((_, variable) =>
      setup[`do${variable + 1}`] ? [{ variable, value: Number(setup[`z${variable + 1}`]) }] : [],
    );
    const alone = chosen.map(({ variable, value }) => ({ variable, values: [value] }));
    const [answered] = modelAnswers(ilcm, carried, observed, alone, 1);
    const moved = Number(String(setup.path).slice(1)) - 1;
    const path = [{ variable: moved, values: PATH }];
    return {
      before: { causal, observed },
      answered,
      truth: trueAnswer(carried, causal, chosen),
      answeredPath: modelAnswers(ilcm, carried, observed, path, PATH.length),
      truePath: PATH.map((value) => trueAnswer(carried, causal, [{ variable: moved, value }])),
    };
  },
  views(page) {
    const { carried } = page.model;
    const { fields: declared } = linkOf(page.model);
    const count = carried.variables.length;
    const body = element("tbody", {});
    const head = ["", "before", "the model", "the true system"].map((text) =>
      element("th", { scope: "col" }, text),
    );
    const numbers = element(
      "table",
      { class: "numbers" },
      element("thead", {}, element("tr", {}, ...head)),
      body,
    );
    const variables = lineChart({ label: "Causal variables after do", x: "set to", y: "causal variables" });
    const features = lineChart({ label: "Observed features after do", x: "set to", y: "observed features" });
    const lines = (paths: [State[], State[]], of: keyof State, letter: string) =>
      Array.from({ length: count }, (_, i) => {
        const colour = palette[i % palette.length];
        const points = (states: State[]) => states.map((state, k) => [PATH[k], state[of][i]] as const);
        return [
          { name: `${letter}${i + 1}`, points: points(paths[0]), colour },
          {
            name: `${letter}${i + 1}, true`,
            points: points(paths[1]).filter((_p, k) => k % 2 === 0),
            colour,
            dots: true,
          },
        ];
      }).flat();
    return {
      controls: [
        controls(page, declared, {
          title: "do(...)",
          note: "A variable that is set is cut off from its causes; all others keep their noise, and follow.",
        }),
      ],
      results: [
        {
          root: section(
            "answer",
            "What follows",
            "The model finds noise behind the observation, sets latents and decodes; sign, scale and offset of a latent are fitted once, by a straight line.",
            numbers,
          ),
          update({ setup, before, answered, truth }) {
            if (!before || !answered || !truth) return;
            const row = (name: string, of: keyof State, i: number) =>
              element(
                "tr",
                {},
                element("th", { scope: "row" }, name),
                ...[before, answered, truth].map((state) => element("td", {}, state[of][i].toFixed(2))),
              );
            const names = Array.from({ length: count }, (_, i) => i + 1);
            body.replaceChildren(
              ...names.map((i) => row(setup[`do${i}`] ? `do(z${i})` : `z${i}`, "causal", i - 1)),
              ...names.map((i) => row(`x${i}`, "observed", i - 1)),
            );
          },
        },
        {
          root: section(
            "paths",
            "All values of one variable",
            "Lines: the model. Dots: the true system. The vertical line is the slider of the variable that is moved, alone.",
            element("div", { class: "two" }, variables.root, features.root),
          ),
          update({ setup, answeredPath, truePath }) {
            if (!answeredPath || !truePath) return;
            const frame = { x: [-REACH, REACH] as const, marker: Number(setup[String(setup.path)]) };
            variables.draw(lines([answeredPath, truePath], "causal", "z"), frame);
            features.draw(lines([answeredPath, truePath], "observed", "x"), frame);
          },
        },
      ],
    };
  },
  toolbar: {
    headline: ({ answered, truth }) => {
      const apart = answered && truth ? distance(answered, truth) : undefined;
      return {
        value: apart === undefined ? "…" : apart.toFixed(2),
        unit: "between the model's observation and the true system's",
        spoken: `distance ${apart?.toFixed(2) ?? "unknown"}`,
      };
    },
  },
});
