// The document's example of a minimal causal variable (section "Minimal Causal Variables"; Lippe et al. 2022,
// arXiv:2202.03169, figure 2): a ball moves about in its box and comes into another box by an intervention alone, which keeps
// its place within the box. Box and place are two causal variables, and nothing is ever done to the place: CITRIS can identify
// the box, and puts the place where no intervention reaches, in ψ_0. Synthetic, and small enough for seconds: what is seen is
// not a picture but a code of two numbers in which box and place are turned and bent into one another.
import type { Tensor1D } from "@tensorflow/tfjs-node";
import { shuffledBatches } from "../../data";
import {
  citrisNfLoss,
  citrisNfVariables,
  citrisSchedule,
  createCitrisNf,
  followTargets,
  initialiseLatentFlow,
  targetAssignment,
} from "../../models/citris";
import { createRandom } from "../../random";
import { tensorflow } from "../../tensor";
import { createTrainer, type LossWithMetrics, stepSeed } from "../../train";
import type { Claim, Verdict } from "../claims";
import { colours } from "../colours";
import type { PlotlyFigure } from "../result-file";
import { correlationMatrices, type MeasuredFactor } from "./measures/correlation";
import { throughFlow, withNoise } from "./measures/measure-latents";

const factors: readonly MeasuredFactor[] = [
  { name: "place in the box", columns: [{ name: "place", kind: "continuous", bound: 1 }] },
  { name: "box", columns: [{ name: "box", kind: "category", classes: 2 }] },
];
const BOX = 1;
const JUMP = 1 / 2;
const DRIFT = 0.2;
const [LATENTS, NOISE] = [2, 0.05];

export interface BallFrames {
  /** What is seen, [count, 2]. */
  codes: Float32Array;
  /** Place within the box, from -1 to 1, and box, 0 or 1. [count, 2] */
  truth: Float32Array;
  /** 1 where an intervention chose the box between frame k and k + 1; never of the place. [count - 1, 2] */
  targets: Uint8Array;
}

/**
 * Draws a sequence, or frames that have nothing to do with one another.
 *
 * @param count how many frames
 * @param options.seed the seed of the ball's ways
 * @param options.sampling "sequence", or "independent", which has no targets
 * @example
 * import { citris } from "dolab";
 * const { truth, targets } = citris.ballInBoxes(3, { seed: 1, sampling: "sequence" });
 * truth.length; // => 6
 * Array.from(targets); // => [0, 1, 0, 1]
 */
export function ballInBoxes(
  count: number,
  { seed, sampling }: { seed: number; sampling: "sequence" | "independent" },
): BallFrames {
  const rng = createRandom(seed).split(`ball in boxes, ${sampling}`);
  const truth = new Float32Array(2 * count);
  const targets = new Uint8Array(Math.max(0, 2 * (count - 1)));
  const codes = new Float32Array(2 * count);
  let [place, box] = [0, 0];
  for (let frame = 0; frame < count; frame++) {
    const jumps = frame > 0 && rng.uniform() < JUMP;
    if (frame === 0 || sampling === "independent") place = 2 * rng.uniform() - 1;
    else place = bounced(place + DRIFT * rng.normal());
    if (frame === 0 || sampling === "independent" || jumps) box = rng.integer(0, 2);
    if (jumps && sampling === "sequence") targets[2 * (frame - 1) + BOX] = 1;
    truth.set([place, box], 2 * frame);
    codes.set(mixed(place, 2 * box - 1), 2 * frame);
  }
  return { codes, truth, targets };
}

/** Back into the box from its walls. */
function bounced(place: number): number {
  if (Math.abs(place) <= 1) return place;
  return Math.max(-1, Math.min(1, 2 * Math.sign(place) - place));
}

/** Turned by 40 degrees and bent. */
function mixed(place: number, side: number): [number, number] {
  const [cosine, sine] = [Math.cos(0.7), Math.sin(0.7)];
  const [u, v] = [cosine * place - sine * side, sine * place + cosine * side];
  return [u + 0.25 * Math.sin(2 * v), v + 0.25 * Math.sin(2 * u)];
}

export interface BallResult {
  /** Rows: the latents of the place, of the box, of ψ_0; columns: place and box. R². */
  r2: number[][];
  /** Which set each latent belongs to: 0 the place, 1 the box, 2 ψ_0. */
  assignment: number[];
  /** Frames that nothing was trained on, with their codes and latents, [count, 2] each. */
  shown: BallFrames & { latents: Float32Array };
}

/**
 * Trains CITRIS-NF on the ball's codes and measures what it has identified.
 *
 * @param options.seed the seed of frames and weights
 * @param options.steps training steps: 2,000
 * @param options.frames frames of the training sequence: 8,000
 */
export function identifyBox({
  seed,
  steps = 2000,
  frames = 8000,
}: {
  seed: number;
  steps?: number;
  frames?: number;
}): BallResult {
  const tf = tensorflow();
  const training = ballInBoxes(frames, { seed, sampling: "sequence" });
  const heldOut = ballInBoxes(2000, { seed: seed + 1, sampling: "independent" });
  const rng = createRandom(seed).split("ball in boxes, model");
  const model = createCitrisNf({
    latents: LATENTS,
    factors: factors.length,
    channels: 16,
    psi0Weight: 0.05,
    rng,
  });
  const parameters = citrisNfVariables(model);
  const codes = tf.tensor2d(training.codes, [frames, 2]);
  const targets = tf.tensor2d(Float32Array.from(training.targets), [frames - 1, 2]);
  tf.tidy(() => initialiseLatentFlow(model.flow, codes.slice([0, 0], [500, 2])));
  const trainer = createTrainer({
    parameters,
    loss: (...[pairs, done, words]): LossWithMetrics => {
      followTargets(model.classifier, done);
      const options = { training: true, draws: 1, noise: NOISE, seed: words as Tensor1D };
      return { loss: citrisNfLoss(model, pairs, done, options).loss };
    },
    optimiser: { kind: "adam" },
    learningRate: citrisSchedule(1e-2, { totalSteps: steps, warmUpSteps: 50 }),
    clipNorm: 1,
    threads: 1,
  });
  const batches = shuffledBatches(frames - 1, 128, { rng, dropLast: true });
  for (let step = 0; step < steps; step++)
    tf.tidy(() => {
      const rows = tf.tensor1d(
        batches.at(Math.floor(step / batches.perEpoch), step % batches.perEpoch),
        "int32",
      );
      const next = rows.add(tf.scalar(1, "int32")).toInt();
      const pairs = tf.stack([tf.gather(codes, rows), tf.gather(codes, next)], 1);
      trainer.step(pairs, tf.gather(targets, rows), tf.tensor1d(stepSeed(seed, step), "int32"));
    });
  // The codes have the noise that the flow was trained with: what is finer does not count.
  const latents = throughFlow(model.flow, withNoise(heldOut.codes, NOISE, seed));
  const assignment = tf.tidy(() => Array.from(targetAssignment(model.prior).dataSync()));
  trainer.dispose();
  tf.dispose([codes, targets, ...Object.values(parameters)]);
  const sets = [0, 1, 2].map((set) => assignment.map((own) => (own === set ? 1 : 0)));
  const { r2 } = correlationMatrices({
    latents,
    truth: heldOut.truth,
    factors,
    sets,
    sampling: "independent",
    seed,
    epochs: 40,
    batchSize: 200,
    hidden: 32,
  });
  return { r2, assignment, shown: { ...heldOut, latents } };
}

/**
 * Puts R² in a table, a row for each set of latents.
 *
 * @param result R² as `identifyBox` gives it
 * @example
 * import { citris } from "dolab";
 * const [place] = citris.ballTable({ r2: [[0, 0.02], [0.01, 0.99], [0.98, 0]] });
 * place.box; // => 0.02
 */
export const ballTable = ({ r2 }: Pick<BallResult, "r2">) =>
  ["place in the box", "box", "ψ₀"].map((name, set) => ({
    "latents of": name,
    "place in the box": Number(r2[set][0].toFixed(3)),
    box: Number(r2[set][1].toFixed(3)),
  }));

/**
 * Says what the example claims; a claim is shown where it holds for every result.
 *
 * @param results R² as `identifyBox` gives it, for each seed
 * @example
 * import { citris } from "dolab";
 * const [identified] = citris.ballClaims([{ r2: [[0, 0.02], [0.01, 0.99], [0.98, 0]] }]);
 * [identified.found, identified.verdict]; // => ["0.99", "shown"]
 */
export function ballClaims(results: readonly Pick<BallResult, "r2">[]): Claim[] {
  const claim = (
    sentence: string,
    value: (r2: number[][]) => number,
    holds: (value: number) => boolean,
  ): Claim => {
    const values = results.map(({ r2 }) => value(r2));
    const held = values.filter(holds).length;
    const verdict: Verdict =
      held === values.length ? "shown" : held > 0 ? "cannot be told here" : "not shown";
    return {
      claim: sentence,
      published: null,
      verdict,
      found: values.map((one) => one.toFixed(2)).join(", "),
      ...(held > 0 && held < values.length ? { why: `It holds for ${held} of ${values.length} seeds` } : {}),
    };
  };
  return [
    claim(
      "The box is identified: its latents tell it (R² above 0.9)",
      (r2) => r2[1][1],
      (value) => value > 0.9,
    ),
    claim(
      "The place within the box is not: no latents but ψ₀'s tell it (R² below 0.2)",
      (r2) => Math.max(r2[0][0], r2[1][0]),
      (value) => value < 0.2,
    ),
    claim(
      "The place is kept, in ψ₀ (R² above 0.8)",
      (r2) => r2[2][0],
      (value) => value > 0.8,
    ),
  ];
}

/**
 * Draws what is seen, and what the flow makes of it, coloured by the box.
 *
 * @param result the frames with their latents, and the assignment, as `identifyBox` gives them
 * @example
 * import { citris } from "dolab";
 * const frames = citris.ballInBoxes(100, { seed: 1, sampling: "independent" });
 * const result = { r2: [], assignment: [2, 1], shown: { ...frames, latents: frames.codes } };
 * citris.ballFigure(result).data.length; // => 4
 */
export function ballFigure({ shown, assignment }: BallResult): PlotlyFigure {
  const setNames = ["the place", "the box", "ψ₀"];
  const panels = [
    { values: shown.codes, x: "first number seen", y: "second number seen" },
    {
      values: shown.latents,
      x: `latent 1, of ${setNames[assignment[0]]}`,
      y: `latent 2, of ${setNames[assignment[1]]}`,
    },
  ];
  const boxes = [
    { name: "left box", colour: colours.blue },
    { name: "right box", colour: colours.orange },
  ];
  const rows = Array.from({ length: Math.min(600, shown.truth.length / 2) }, (_, row) => row);
  return {
    data: panels.flatMap(({ values }, panel) =>
      boxes.map(({ name, colour }, box) => {
        const own = rows.filter((row) => shown.truth[2 * row + 1] === box);
        return {
          type: "scatter",
          mode: "markers",
          name,
          legendgroup: name,
          showlegend: panel === 0,
          x: own.map((row) => values[2 * row]),
          y: own.map((row) => values[2 * row + 1]),
          ...(panel === 1 ? { xaxis: "x2", yaxis: "y2" } : {}),
          customdata: own.map((row) => shown.truth[2 * row]),
          marker: { color: colour, size: 5, opacity: 0.7 },
          hovertemplate: `${name}, place %{customdata:.2f}<extra></extra>`,
        };
      }),
    ),
    layout: {
      title: { text: "A ball in boxes: what is seen, and what the flow makes of it" },
      xaxis: { domain: [0, 0.44], title: { text: panels[0].x } },
      yaxis: { title: { text: panels[0].y } },
      xaxis2: { domain: [0.56, 1], title: { text: panels[1].x }, anchor: "y2" },
      yaxis2: { title: { text: panels[1].y }, anchor: "x2" },
      legend: { orientation: "h", y: -0.25 },
      margin: { b: 90 },
    },
  };
}
