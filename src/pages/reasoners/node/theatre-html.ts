// The theatre of a run's chosen checkpoint: as one HTML text that needs no network, or served.
import { existsSync, readFileSync } from "node:fs";
import { type SudokuPuzzles, selectPuzzles } from "../../../data";
import { inProject } from "../../../environment/paths.mjs";
import type { ReasonersRun } from "../../../experiments/reasoners/experiment";
import type { Findings } from "../../../experiments/reasoners/findings/findings";
import { chosenStep, weightsOf } from "../../../experiments/reasoners/reasoner-unit";
import { sudokuSets } from "../../../experiments/reasoners/training/sudoku-sets";
import { miniatureReasoner } from "../../../models";
import type { PageDefinition } from "../../kit/node/bundle-page";
import { pageHtml } from "../../kit/node/page-html";
import { type PageServer, type ServeOptions, servePage } from "../../kit/node/serve-page";
import type { CarriedThoughts } from "../carried-thoughts";

const folder = inProject("src", "pages", "reasoners");

const page: PageDefinition = {
  title: "A thought, step by step",
  lead: "A recursive reasoner answers a Sudoku by updating a latent state again and again. Watch it, kick it, hold one of its beliefs, change a given, begin anew, or let it run on.",
  entry: inProject("src", "pages", "reasoners", "main.ts"),
  styles: [`${folder}/reasoners.css`],
};

/** Puzzles of each kind, answered right and answered wrong. */
const EACH = 12;

export interface TheatreOptions {
  /** Which training, as `Findings.tag` names it, such as "hrm_seed0": the run's first by default. */
  training?: string;
}

/**
 * Makes the theatre of a run's chosen checkpoint, with held-out puzzles that it answers wrong and right.
 *
 * @param run a run, as `reasoners.run` and `reasoners.loadRun` give it
 * @param options which of its trainings is shown: by default the first
 * @throws {RangeError} where the run has no such training, or its weights are not there (a committed run keeps none)
 */
export async function theatreHtml(run: ReasonersRun, options: TheatreOptions = {}): Promise<string> {
  const { files, what } = carriedOf(run, options);
  return pageHtml(page, files, { what, remedy: "train with fewer channels" });
}

/**
 * Serves the theatre of a run's chosen checkpoint.
 *
 * @param run a run, as `reasoners.run` and `reasoners.loadRun` give it
 * @param options.training which of its trainings is shown: by default the first
 * @param options.port 0, the default, takes a free one
 * @throws {RangeError} as `theatreHtml` does
 */
export function serveTheatre(
  run: ReasonersRun,
  { training, ...options }: TheatreOptions & ServeOptions = {},
): Promise<PageServer> {
  const files: Record<string, Uint8Array | string> = carriedOf(run, { training }).files;
  const read = async (name: string) => Buffer.from(files[name]);
  return servePage(page, { names: Object.keys(files), optional: [], read }, options);
}

function carriedOf({ folder: place, configuration, findings }: ReasonersRun, { training }: TheatreOptions) {
  const plain = findings.filter(({ row }) => !row.noisy);
  const one = training === undefined ? plain[0] : findings.find(({ tag }) => tag === training);
  if (!one)
    throw new RangeError(
      `Cannot show a thought as the run must have the training "${training ?? "any"}": got ${findings.map(({ tag }) => tag).join(", ") || "none"}`,
    );
  const step = chosenStep(one.row);
  const file = weightsOf(place, one.row, step);
  if (!existsSync(file))
    throw new RangeError(
      `Cannot show a thought as its network's weights must be in ${file}: run "dolab reasoners run" in another folder`,
    );
  const { test } = sudokuSets(configuration);
  const { board } = test;
  const shape = { cells: board.cells, vocabulary: board.vocabulary, channels: configuration.channels };
  const carried: CarriedThoughts = {
    configuration: miniatureReasoner(one.row.system, shape),
    title: `${one.title} after ${step} training steps, ${board.side} × ${board.side} Sudoku`,
    side: board.side,
    boxWidth: board.boxWidth,
    boxHeight: board.boxHeight,
    actSteps: configuration.actSteps,
    puzzles: puzzlesOf(one, test),
  };
  const files = { "model.safetensors": readFileSync(file), "thoughts.json": JSON.stringify(carried) };
  return { files, what: `the reasoner in ${place}` };
}

/** Puzzles that are answered wrong, and as many that are answered right. */
function puzzlesOf({ chosen }: Findings, test: SudokuPuzzles): CarriedThoughts["puzzles"] {
  const { cells } = test.board;
  return [0, 1].flatMap((label) => {
    const places = Array.from(chosen.correct.keys())
      .filter((sample) => chosen.correct[sample] === label)
      .map((sample) => chosen.index?.[sample] ?? sample)
      .slice(0, EACH);
    const { inputs, labels } = selectPuzzles(test, places);
    const row = (values: Int32Array, i: number) => Array.from(values.subarray(i * cells, (i + 1) * cells));
    return places.map((_, i) => ({ inputs: row(inputs, i), labels: row(labels, i), right: label === 1 }));
  });
}
