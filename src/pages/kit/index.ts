// The kit that all pages share: what runs in the page, offline, in a browser. It starts TensorFlow.js on WebAssembly (or
// plain JavaScript), loads the files that the page carries, keeps a set-up with undo and a link, and has controls, heat
// maps, line charts and pictures. `kit/node` makes the page: one HTML file that asks nobody for anything, or a server.
//
// How to add a page, here one that shows a small network's output. Three steps:
//
// 1. `src/pages/tiny/main.ts` is what runs in the page: the model, what can be set up, what is computed, and the views.
//    No module of Node's may be imported here; models, layers, data and statistics of src may.
//
//     import { createRandom } from "../../random";
//     import { createDense, dense, loadStateDict, prefixNames, tensorflow } from "../../tensor";
//     import { controls, fields, lineChart, section, startPage } from "../kit";
//
//     const hidden = 8;
//     const link = fields({
//       input: { label: "Input", first: 0, least: -1, most: 1 },
//       gain: { label: "Gain", first: 1, least: 0, most: 2, step: 0.1 },
//       second: { label: "Second neuron", first: true },
//     });
//
//     type Dense = ReturnType<typeof createDense>;
//
//     function outputs(model: { first: Dense; second: Dense }, inputs: number[], gain: number, on: boolean): number[] {
//       const tf = tensorflow();
//       return tf.tidy(() => {
//         const kept = tf.tensor1d(Array.from({ length: hidden }, (_, i) => (i === 1 && !on ? 0 : 1)));
//         const neurons = dense(model.first, tf.tensor2d(inputs, [inputs.length, 1])).tanh().mul(kept); // [inputs, hidden]
//         return Array.from(dense(model.second, neurons).mul(gain).dataSync<"float32">());
//       });
//     }
//
//     startPage({
//       load(files) {
//         const rng = createRandom(0);
//         const model = { first: createDense(1, hidden, { rng }), second: createDense(hidden, 1, { rng }) };
//         const names = { ...prefixNames("first", model.first), ...prefixNames("second", model.second) };
//         loadStateDict(names, files.tensors("model.safetensors"));
//         return model;
//       },
//       facts: () => `A network of ${hidden} neurons`,
//       link: () => link,
//       compute(model, { input, gain, second }) {
//         const inputs = Array.from({ length: 41 }, (_, i) => i / 20 - 1);
//         const curve = outputs(model, inputs, gain, second).map((y, i): [number, number] => [inputs[i], y]);
//         return { curve, output: outputs(model, [input], gain, second)[0] };
//       },
//       views(page) {
//         const chart = lineChart({ label: "Output by input", x: "input", y: "output" });
//         const root = section("curve", "Output", "The line marks the chosen input.", chart.root);
//         return {
//           controls: [controls(page, link.fields, { play: { input: 50 } })],
//           results: [
//             {
//               root,
//               update({ setup, curve = [] }) {
//                 chart.draw([{ name: "network", points: curve }], { x: [-1, 1], marker: setup.input });
//               },
//             },
//           ],
//         };
//       },
//       toolbar: {
//         headline: ({ output }) => ({ value: output?.toFixed(3) ?? "…", unit: "output", spoken: `output ${output}` }),
//       },
//     });
//
// 2. `src/pages/tiny/node/tiny-html.ts` makes it, in Node. Export it from src/index.ts:
//
//     import { readFileSync } from "node:fs";
//     import { inProject } from "../../../environment/paths.mjs";
//     import { pageHtml } from "../../kit/node/page-html";
//
//     const entry = inProject("src", "pages", "tiny", "main.ts"); // also where the library is compiled
//     const page = { title: "Tiny network", lead: "A network of one input.", entry };
//
//     export const tinyHtml = (file: string): Promise<string> =>
//       pageHtml(page, { "model.safetensors": readFileSync(file) });
//
// 3. The notebook shows it in a sandboxed frame, which the report keeps: `htmlPage(await tinyHtml(file), { title: "..." })`.
//
// A test follows these steps (test/pages/kit/add-a-page.test.ts). `servePage` serves a page whose files are too large for one
// HTML file of 10 MB. What a page needs beyond `fields` (a link of its own, results in two steps) the playground shows.
export { type PageBackend, startPageBackend } from "./backend";
export { button, choice, controls, slider, toggle } from "./controls";
export { element, replaceKeepingFocus, section, setAttributes, setText, svgElement } from "./dom";
export { type Field, type FieldLink, type FieldSetup, type Fields, fields } from "./fields";
export {
  drawHeatMap,
  greatest,
  type HeatMap,
  type HeatMapData,
  heatMap,
  whenSchemeChanges,
} from "./heat-map";
export { type LineChart, lineChart, type Series } from "./line-chart";
export type { PageFiles } from "./page-files";
export { type Picture, picture } from "./picture";
export {
  type Page,
  type PageOptions,
  type Run,
  type SetupLink,
  type Shown,
  startPage,
  type View,
} from "./start-page";
