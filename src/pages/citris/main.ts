// The intervention page: a slider for each causal variable of a scene. The latents that ψ gives to a variable are set to those
// of the chosen value, all others stay, and the flow's inverse and the decoder draw the picture, in the page; the truth is
// rendered beside it.
import type { Tensor4D } from "@tensorflow/tfjs-node";
import { renderScenes } from "../../data/temporal-scenes";
import {
  createLatentFlow,
  invertLatentFlow,
  type LatentFlow,
  latentFlowVariables,
} from "../../models/citris/flow/latent-flow";
import { createImageNetworks, type ImageDecoder } from "../../models/citris/networks/image-networks";
import { createRandom } from "../../random";
import { loadStateDict, tensorflow } from "../../tensor";
import { controls, element, type Field, fields, picture, section, startPage } from "../kit";
import { type CarriedScene, latentsAt } from "./scene-paths";

interface Loaded {
  scene: CarriedScene;
  flow: LatentFlow;
  decoder: ImageDecoder;
}

interface Results {
  /** From 0 to 1, [size, size, 3]. */
  drawn: Float32Array;
  truth: Float32Array;
  /** Mean absolute difference of the two. */
  difference: number;
}

const degrees = (value: number) => `${Math.round((value * 180) / Math.PI)}°`;

/** A slider for each column of the factors; angles over one turn. */
const linkOf = ({ scene }: Loaded) =>
  fields(
    Object.fromEntries(
      scene.factors
        .flatMap(({ columns }) => columns)
        .map((column, i): [string, Field & { first: number }] => {
          const first = Number(scene.first.values[i].toFixed(2));
          const label = column.name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
          return column.kind === "angle"
            ? [column.name, { label, first, least: 0, most: 6.28, step: 0.02, text: degrees }]
            : [column.name, { label, first, least: -column.bound, most: column.bound, step: 0.02 }];
        }),
    ),
  );

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
    return { scene, flow, decoder };
  },
  facts: ({ scene }) =>
    `CITRIS-NF, ${scene.latents} latents for ${scene.factors.length} factors; R²: diag ${scene.diag.toFixed(2)}, sep ${scene.sep.toFixed(2)}; synthetic scenes`,
  link: linkOf,
  compute({ scene, flow, decoder }, setup): Results {
    const values = scene.factors.flatMap(({ columns }) => columns.map(({ name }) => Number(setup[name])));
    const z = Float32Array.from(scene.first.latents);
    let column = 0;
    for (const [factor, path] of scene.paths.entries()) {
      const own = scene.factors[factor].columns.map(() => values[column++]);
      for (const [i, value] of latentsAt(path, own).entries()) z[path.latents[i]] = value;
    }
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
    const [model, truth] = ["What the model draws", "What the scene would look like"].map(picture);
    const shape = [scene.size, scene.size, 3] as const;
    const figure = (drawing: typeof model, caption: string) =>
      element("figure", {}, drawing.root, element("figcaption", {}, caption));
    const note =
      "Left, decoded from the latents in this page; right, rendered from the chosen values, which the model has never been told.";
    return {
      controls: [
        controls(page, linkOf(page.model).fields, {
          title: "do(...)",
          note: "Each slider sets the latents of its own variable alone.",
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
