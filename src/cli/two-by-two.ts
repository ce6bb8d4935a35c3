// dolab two-by-two: source document 001's analysis of diagnostics files.
import { mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { Command } from "commander";
import { loadDiagnostics, saveDiagnostics, synthesizeDiagnostics } from "../data";
import { twoByTwo } from "../experiments";
import { writeFileAtomically } from "../io";
import { renderStaticPictures } from "../report";

interface OutputOptions {
  out: string;
  figures: boolean;
}

export function addTwoByTwo(program: Command) {
  const command = program
    .command("two-by-two")
    .description(
      "convergence x correctness of recursive reasoners: Otsu split, Lyapunov spectra, AUCs (document 001)",
    );

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
      await write(analysisOutput(files), output);
    });

  withOutput(command.command("evolution"))
    .description("follow the four cells over the checkpoints of one training run")
    .argument("<step=file.npz...>", "checkpoints in order")
    .requiredOption("--tag <tag>", "name of the system, such as hrm")
    .action(async (pairs: string[], { tag, ...output }: OutputOptions & { tag: string }) => {
      const files = pairs.map((pair) => {
        const [, step, path] = /^([^=]+)=(.+)$/.exec(pair) ?? [];
        if (!path)
          throw new RangeError(`Cannot read a checkpoint as it must read STEP=FILE.npz: got "${pair}"`);
        return { step, path };
      });
      await write(evolutionOutput(tag, files), output);
    });

  withOutput(command.command("all"))
    .description(
      "do what the document's main() does with a folder of its files; absent ones are skipped and named",
    )
    .argument("<folder>")
    .action(async (folder: string, output: OutputOptions) => {
      const { primary, series, absent } = twoByTwo.documentFiles(folder);
      if (absent.length > 0) console.log(`absent, skipped: ${absent.join(", ")}`);
      const outputs = [
        ...(primary.length > 0 ? [analysisOutput(primary)] : []),
        ...series
          .filter(({ files }) => files.length > 0)
          .map(({ tag, files }) => evolutionOutput(tag, files)),
      ];
      await write(
        {
          texts: outputs.flatMap(({ texts }) => texts),
          pictures: outputs.flatMap(({ pictures }) => pictures),
        },
        output,
      );
    });

  command
    .command("synthesize")
    .description("make seeded synthetic diagnostics with the document's keys, shapes and dtypes")
    .requiredOption("--out <file.npz>", "file to write")
    .option("--seed <n>", "seed", wholeNumber, 0)
    .option("--samples <n>", "samples", wholeNumber, 512)
    .option("--maturity <x>", "how far training has come, 0 to 1", Number)
    .action(({ out, ...options }: { out: string; seed: number; samples: number; maturity?: number }) => {
      saveDiagnostics(out, synthesizeDiagnostics(options));
      console.log(out);
    });
}

interface Output {
  texts: twoByTwo.TextFile[];
  pictures: twoByTwo.Picture[];
}

/** Everything is computed before anything is written, so that a bad file leaves nothing behind. */
function analysisOutput(files: readonly twoByTwo.TaggedFile[]): Output {
  const analyses = files.map(({ tag, path }) => {
    return { tag, analysis: naming(path, () => twoByTwo.analyze(loadDiagnostics(path), { source: path })) };
  });
  const results = new Map(analyses.map(({ tag, analysis }) => [tag, analysis.results]));
  return {
    texts: [
      ...analyses.flatMap(({ tag, analysis }) => twoByTwo.analysisFiles(analysis, tag)),
      twoByTwo.resultsMarkdown(results, { date: new Date() }),
    ],
    pictures: analyses.flatMap(({ tag, analysis }) => twoByTwo.analysisPictures(analysis, tag)),
  };
}

function evolutionOutput(tag: string, files: readonly { step: string; path: string }[]): Output {
  const rows = files.flatMap(({ step, path }) =>
    naming(path, () => twoByTwo.evolution([{ step, diagnostics: loadDiagnostics(path) }])),
  );
  return { texts: [twoByTwo.evolutionFile(rows, tag)], pictures: [twoByTwo.evolutionPicture(rows, tag)] };
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

async function write({ texts, pictures }: Output, { out, figures }: OutputOptions) {
  mkdirSync(out, { recursive: true });
  if (figures) {
    const { written, note } = await renderStaticPictures(
      pictures.map(({ name, figure, width, height }) => ({
        ...{ spec: figure, width, height },
        path: join(out, `${name}.png`),
        scale: 1.2,
      })),
    );
    for (const path of written) console.log(path);
    if (note) console.log(note);
  }
  for (const { name, content } of texts) {
    writeFileAtomically(join(out, name), content);
    console.log(join(out, name));
  }
}

const withOutput = (command: Command) =>
  command
    .requiredOption("--out <folder>", "folder for the results")
    .option("--no-figures", "leave the pictures out");

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`Cannot read "${text}" as a whole number of at least 0`);
  return value;
}
