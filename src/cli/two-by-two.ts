// dolab two-by-two analyze | evolution | all | synthesize: source document 001's analysis of diagnostics files, by name.
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { performance } from "node:perf_hooks";
import type { Command } from "commander";
import { loadDiagnostics, saveDiagnostics, synthesizeDiagnostics } from "../data";
import { versions } from "../environment/versions";
import { type Picture, type TextFile, twoByTwo } from "../experiments";
import { fileFingerprint, openRunFolder, type Run, type RunFile, type RunFolder } from "../io";
import { type DrawnPictures, drawStaticPictures } from "../report";

export interface OutputOptions {
  /** Checked by `execute`, so that a misspelt flag is told by its own name. */
  out?: string;
  figures: boolean;
  replace?: boolean;
}

/** Adds to the experiment's own command. */
export function addDiagnosticsCommands(program: Command) {
  const command = program.commands.find((one) => one.name() === "two-by-two") as Command;

  withOutput(command.command("analyze"))
    .description("analyse diagnostics files, each on its own, and summarise them in results.md")
    .argument(
      "<file.npz...>",
      "files with drift_zH, drift_zL, lyap_spec, exact_correct, token_acc, halted_at, q_halt",
    )
    .option("--tag <tag>", "name in the results, with a single file (default: the file's name without .npz)")
    .action(async (paths: string[], { tag, ...output }: OutputOptions & { tag?: string }) => {
      if (tag && paths.length > 1)
        throw new RangeError(`Cannot use --tag "${tag}" as it names one file: got ${paths.length}`);
      const files = paths.map((path) => ({ tag: tag ?? basename(path, ".npz"), path }));
      const tags = files.map((file) => file.tag);
      const twice = tags.find((name, i) => tags.indexOf(name) !== i);
      if (twice)
        throw new RangeError(
          `Cannot analyse files of one name as their results would overwrite each other: "${twice}"`,
        );
      await execute(files.map(analysisJob), output);
    });

  withOutput(command.command("evolution"))
    .description("follow the four cells over the checkpoints of one training run")
    .argument("<step=file.npz...>", "checkpoints in order")
    .option("--tag <tag>", "name of the system, such as hrm")
    .action(async (pairs: string[], { tag, ...output }: OutputOptions & { tag?: string }) => {
      if (tag === undefined)
        throw new RangeError(
          "Cannot follow a training as its system needs a name: give one with --tag, such as hrm",
        );
      const files = pairs.map((pair) => {
        const [, step, path] = /^([^=]+)=(.+)$/.exec(pair) ?? [];
        if (!path)
          throw new RangeError(`Cannot read a checkpoint as it must read STEP=FILE.npz: got "${pair}"`);
        return { step, path };
      });
      await execute([evolutionJob(tag, files)], output);
    });

  withOutput(command.command("all"))
    .description(
      "do what the document's main() does with a folder of its files; absent ones are skipped and named",
    )
    .argument("<folder>")
    .action(async (folder: string, output: OutputOptions) => {
      await analyseFolder(folder, output);
    });

  command
    .command("synthesize")
    .description("make seeded synthetic diagnostics with the document's keys, shapes and dtypes")
    .option("--out <file.npz>", "file to write")
    .option("--seed <n>", "seed that every number is drawn with", wholeNumber, 0)
    .option("--samples <n>", "how many samples", wholeNumber, 512)
    .option("--maturity <x>", "how far training is to have come, 0 (early) to 1 (late)", Number)
    .action(({ out, ...options }: { out?: string; seed: number; samples: number; maturity?: number }) => {
      if (out === undefined)
        throw new RangeError(
          "Cannot write diagnostics as they need a file: name one with --out, such as diag.npz",
        );
      saveDiagnostics(out, synthesizeDiagnostics(options));
      console.log(out);
    });
}

/** One run of the results' folder: what decides it, and how to make it. */
interface Job {
  run: Run;
  work(): Output;
}

interface Output {
  texts: TextFile[];
  pictures: Picture[];
  /** The analyses by tag, for results.md. */
  results: [string, twoByTwo.TwoByTwoResults][];
}

const analysisName = (tag: string) => `two-by-two analyze ${tag}`;

function analysisJob({ tag, path }: twoByTwo.TaggedFile): Job {
  const configuration = { tag, input: fileFingerprint(path) };
  const environment = { ...versions(), dataSource: path };
  return {
    run: { name: analysisName(tag), configuration, environment },
    work() {
      const analysis = naming(path, () => twoByTwo.analyze(loadDiagnostics(path), { source: path }));
      return {
        texts: twoByTwo.analysisFiles(analysis, tag),
        pictures: twoByTwo.analysisPictures(analysis, tag),
        results: [[tag, analysis.results]],
      };
    },
  };
}

function evolutionJob(tag: string, files: readonly { step: string; path: string }[]): Job {
  const checkpoints = files.map(({ step, path }) => ({ step, ...fileFingerprint(path) }));
  const environment = { ...versions(), dataSource: files.map(({ step, path }) => `${step}=${path}`) };
  return {
    run: { name: `two-by-two evolution ${tag}`, configuration: { tag, checkpoints }, environment },
    work() {
      const rows = files.flatMap(({ step, path }) =>
        naming(path, () => twoByTwo.evolution([{ step, diagnostics: loadDiagnostics(path) }])),
      );
      const texts = [twoByTwo.evolutionFile(rows, tag)];
      return { texts, pictures: [twoByTwo.evolutionPicture(rows, tag)], results: [] };
    },
  };
}

/** Errors of the analysis know nothing of files: the file's name is put before them. */
function naming<Value>(path: string, work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error && !error.message.includes(path)) error.message = `${path}: ${error.message}`;
    throw error;
  }
}

/** Analyses every file of a folder that is named as the document's are, and follows each system's training. */
export async function analyseFolder(folder: string, output: OutputOptions): Promise<void> {
  const { primary, series, absent } = twoByTwo.documentFiles(folder);
  if (absent.length > 0) console.log(`absent, skipped: ${absent.join(", ")}`);
  const followed = series.filter(({ files }) => files.length > 0);
  await execute(
    [...primary.map(analysisJob), ...followed.map(({ tag, files }) => evolutionJob(tag, files))],
    output,
  );
}

/** Everything is computed and drawn before anything is written, so that a bad file or Ctrl-C leaves all as it was. */
async function execute(jobs: readonly Job[], { out, figures, replace }: OutputOptions) {
  if (out === undefined)
    throw new RangeError("Cannot write results as they need a folder: name one with --out");
  const began = performance.now();
  const folder = openRunFolder(
    out,
    jobs.map(({ run }) => run),
    { replace },
  );
  try {
    const outputs = jobs.map(({ run, work }) => ({ run: run.name, ...work() }));
    const { files: pictures, note } = await draw(figures ? outputs : []);
    const texts = outputs.flatMap((output) =>
      output.texts.map((text): RunFile => ({ ...text, runs: [output.run] })),
    );
    const summary = summarise(
      folder,
      outputs.flatMap(({ results }) => results),
    );
    const wallTimeSeconds = Math.round(performance.now() - began) / 1000;
    const paths = folder.write([...pictures, ...texts, ...summary], { wallTimeSeconds });
    for (const [tag, results] of outputs.flatMap((output) => output.results))
      for (const line of twoByTwo.headlines(tag, results)) console.log(line);
    for (const path of paths) console.log(path);
    if (note) console.log(note);
  } finally {
    folder.close();
  }
}

async function draw(outputs: readonly { run: string; pictures: Picture[] }[]) {
  const requests = outputs.flatMap(({ run, pictures }) => pictures.map((picture) => ({ run, ...picture })));
  const drawn: DrawnPictures = await drawStaticPictures(
    requests.map(({ name, figure, width, height }) => ({
      spec: figure,
      width,
      height,
      path: `${name}.png`,
      scale: 1.2,
    })),
  );
  const pictures = drawn.pictures.map(
    ({ path, content }, i): RunFile => ({ name: path, content, runs: [requests[i].run] }),
  );
  const beside = drawn.beside.map(({ path, content }): RunFile => ({ name: path, content }));
  return { files: [...beside, ...pictures], note: drawn.note };
}

/** results.md of every analysis in the folder: the recorded ones that stay, in their order, and those made now. */
function summarise(folder: RunFolder, made: readonly [string, twoByTwo.TwoByTwoResults][]): RunFile[] {
  if (made.length === 0) return [];
  const file = (tag: string) => join(folder.path, `results_${tag}.json`);
  const recorded = Array.from(folder.recorded.values(), ({ tag }) => String(tag)).filter((tag) =>
    folder.recorded.has(analysisName(tag)),
  );
  const now = new Map(made);
  const kept = recorded
    .filter((tag) => now.has(tag) || existsSync(file(tag))) // the user may have removed it
    .map((tag) => [tag, now.get(tag) ?? twoByTwo.readResults(file(tag))] as const);
  const results = new Map([...kept, ...made]);
  const runs = Array.from(new Set([...recorded, ...now.keys()]), analysisName);
  return [{ ...twoByTwo.resultsMarkdown(results, { date: new Date() }), runs }];
}

export const withOutput = (command: Command) =>
  command
    .option("--out <folder>", "folder for the results")
    .option("--no-figures", "leave the pictures out")
    .option("--replace", "replace results of other inputs under the same names");

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`Cannot read "${text}" as a whole number of at least 0`);
  return value;
}
