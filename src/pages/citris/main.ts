// The intervention page: a slider for each causal variable of a scene. The latents that ψ gives to a variable are set to those
// of the chosen value, all others stay, and the flow's inverse and the decoder draw the picture, in the page; the truth is
// rendered beside it. Then the scene runs on by the learned prior, with an intervention at any step.
import type { Tensor4D } from "@tensorflow/tfjs-node";
import { renderScenes } from "../../data/temporal-scenes";
import {
  createLatentFlow,
  invertLatentFlow,
  type LatentFlow,
  latentFlowVariables,
} from "../../models/citris/flow/latent-flow";
import { createImageNetworks, type ImageDecoder } from "../../models/citris/networks/image-networks";
import {
  createTransitionPrior,
  type TransitionPrior,
  transitionPriorVariables,
} from "../../models/citris/prior/transition-prior";
import { createRandom } from "../../random";
import { loadStateDict, tensorflow } from "../../tensor";
import { controls, element, type Field, fields, picture, section, startPage } from "../kit";
import { latentsAfter, valuesAfter } from "./run-on";
import { type CarriedScene, latentsAt } from "./scene-paths";

interface Loaded {
  scene: CarriedScene;
  flow: LatentFlow;
  decoder: ImageDecoder;
  prior: TransitionPrior;
}

interface Results {
  /** The decoded picture, from 0 to 1. [size, size, 3] */
  drawn: Float32Array;
  truth: Float32Array;
  /** Mean absolute difference of the two. */
  difference: number;
}

const STEPS = 12;
/** How long each step of the run is shown, in ms. */
const PACE = 500;
const NOTHING = "nothing";
/** Radius of the circle that positions are set on. */
const CIRCLE = 1.6;

const degrees = (value: number) => `${Math.round((value * 180) / Math.PI)}°`;
const spoken = (name: string) => name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);

/** A slider for each column of the factors, angles over one turn; then how far the scene runs on, and what is done on the way. */
const linkOf = ({ scene }: Loaded) => {
  const ofScene = scene.factors
    .flatMap(({ columns }) => columns)
    .map((column, i): [string, Field & { first: number }] => {
      const first = Number(scene.first.values[i].toFixed(2));
      const label = spoken(column.name);
      return column.kind === "angle"
        ? [column.name, { label, first, least: 0, most: 6.28, step: 0.02, text: degrees }]
        : [column.name, { label, first, least: -column.bound, most: column.bound, step: 0.02 }];
    });
  const names = scene.factors.map(({ name }) => name);
  const running: Record<string, Field> = {
    steps: { label: "steps after the start", first: 0, least: 0, most: STEPS, step: 1 },
    change: {
      label: "do(variable)",
      first: NOTHING,
      of: [NOTHING, ...names],
      titles: Object.fromEntries(names.map((name) => [name, spoken(name)])),
    },
    at: { label: "at step", first: 4, least: 1, most: STEPS, step: 1 },
    to: { label: "to", first: 3.14, least: 0, most: 6.28, step: 0.02, text: degrees },
  };
  return {
    ...fields<Record<string, Field>>({ ...Object.fromEntries(ofScene), ...running }),
    ofScene: ofScene.map(([name]) => name),
    ofRun: Object.keys(running),
  };
};

type Setup = Readonly<Record<string, unknown>>;

/** What is done on the way, in columns of the scene and in latents. */
function changesOf({ scene }: Loaded, { change, at, to }: Setup) {
  const factor = scene.factors.findIndex(({ name }) => name === change);
  if (factor < 0) return {};
  const before = scene.factors.slice(0, factor).reduce((sum, { columns }) => sum + columns.length, 0);
  const angle = Number(to);
  const circle: Record<string, number> = {
    x: CIRCLE * Math.sin(angle),
    y: CIRCLE * Math.cos(angle),
    depth: 0,
  };
  const values = scene.factors[factor].columns.map(({ name, kind }) =>
    kind === "angle" ? angle : circle[name],
  );
  const path = scene.paths[factor];
  const step = Number(at);
  return {
    ofScene: { step, places: values.map((_, i) => before + i), values },
    ofLatents: { step, places: path.latents, values: latentsAt(path, values) },
  };
}

startPage({
  load(files): Loaded {
    const scene = files.json("scene.json") as CarriedScene;
    const rng = createRandom(0);
    const { size, channels, latents, blocks, networks: kind } = scene;
    const { decoder } = createImageNetworks({ size, channels, latents, blocks, kind, rng });
    const flow = createLatentFlow(latents, { parts: scene.flowParts, hidden: scene.flowHidden, rng });
    const tensors = files.tensors("model.safetensors");
    const part = (prefix: string) =>
      new Map(
        [...tensors]
          .filter(([name]) => name.startsWith(prefix))
          .map(([name, one]) => [name.slice(prefix.length), one]),
      );
    loadStateDict(decoder.variables, part("autoencoder.decoder."));
    loadStateDict(latentFlowVariables(flow), part("citris.flow."));
    const prior = createTransitionPrior({
      kind: scene.prior,
      latents,
      factors: scene.factors.length,
      hidden: scene.priorHidden,
      psi0Weight: scene.psi0Weight,
      rng,
    });
    loadStateDict(transitionPriorVariables(prior), part("citris.prior_t1."));
    return { scene, flow, decoder, prior };
  },
  facts: ({ scene }) =>
    `CITRIS-NF, ${scene.latents} latents for ${scene.factors.length} factors; R²: diag ${scene.diag.toFixed(2)}, sep ${scene.sep.toFixed(2)}; synthetic scenes`,
  link: linkOf,
  compute(model, setup): Results {
    const { scene, flow, decoder, prior } = model;
    const start = Float32Array.from(linkOf(model).ofScene, (name) => Number(setup[name]));
    const z0 = Float32Array.from(scene.first.latents);
    let column = 0;
    for (const [factor, path] of scene.paths.entries()) {
      const own = Array.from(scene.factors[factor].columns, () => start[column++]);
      for (const [i, value] of latentsAt(path, own).entries()) z0[path.latents[i]] = value;
    }
    const { ofScene, ofLatents } = changesOf(model, setup);
    const steps = Number(setup.steps);
    const z = latentsAfter(prior, z0, steps, ofLatents);
    const values = valuesAfter(scene.factors, start, steps, ofScene);
    const tf = tensorflow();
    const drawn = tf.tidy(() => {
      const codes = invertLatentFlow(flow, tf.tensor2d(z, [1, scene.latents]));
      const image: Tensor4D = decoder.decode(codes, { training: false });
      return image.add(1).div(2).dataSync<"float32">().slice();
    });
    const truth = Float32Array.from(renderScenes(values, scene.factors, scene.size), (value) => value / 255);
    const difference = drawn.reduce((sum, value, i) => sum + Math.abs(value - truth[i]), 0) / drawn.length;
    return { drawn, truth, difference };
  },
  views(page) {
    const { scene } = page.model;
    const link = linkOf(page.model);
    const [model, truth] = ["What the model draws", "What the scene would look like"].map(picture);
    const shape = [scene.size, scene.size, 3] as const;
    const figure = (drawing: typeof model, caption: string) =>
      element("figure", {}, drawing.root, element("figcaption", {}, caption));
    const note =
      "Left, decoded from the latents in this page; right, rendered from the true values, which the model has never been told. After the start the left one follows the means of the learned prior, the right one the true rules without their noise.";
    return {
      controls: [
        controls(page, link.fields, {
          title: "The start",
          note: "Each slider sets the latents of its own variable alone.",
          names: link.ofScene,
        }),
      ],
      results: [
        {
          root: section(
            "pictures",
            "Intervention",
            note,
            element("div", { class: "pair" }, figure(model, "the model"), figure(truth, "the truth")),
          ),
          update({ drawn, truth: rendered }) {
            if (!drawn || !rendered) return;
            model.draw(drawn, shape);
            truth.draw(rendered, shape);
          },
        },
        controls(page, link.fields, {
          title: "Let it run, and do(...)",
          note: "Press play. At the chosen step one variable is set, to an angle, or the position to a place on a circle at that angle; all others follow their rules.",
          names: link.ofRun,
          play: { steps: PACE },
        }),
      ],
    };
  },
  toolbar: {
    headline: ({ difference }) => ({
      value: difference === undefined ? "…" : difference.toFixed(3),
      unit: "mean difference of pixels from the truth, of 1",
      spoken: `difference ${difference?.toFixed(3) ?? "unknown"}`,
    }),
  },
});
