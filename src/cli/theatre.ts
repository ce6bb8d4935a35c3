// dolab theatre: a page on which a trained reasoner's thoughts are watched and disturbed, served or as one file.
import type { Command } from "commander";
import { reasoners } from "../experiments";
import { reasoners as declaration } from "../experiments/reasoners/experiment";
import { defaultFolder } from "../experiments/run-experiment";
import { writeFileAtomically } from "../io";
import { serveTheatre, theatreHtml } from "../pages";
import { serveUntilInterrupted } from "./serve-until-interrupted";

interface TheatreFlags {
  training?: string;
  export?: string;
  port: string;
  open: boolean;
}

export function addTheatre(program: Command): void {
  program
    .command("theatre")
    .description("watch a recursive reasoner think in the browser: kick it, hold a belief, change a given")
    .argument("[folder]", "of a run (dolab reasoners run --out); by default that of the notebook two-by-two")
    .option("--training <tag>", "which training, such as hrm_seed0 (default: the first)")
    .option("--export <file>", "write one HTML file that works offline, and serve nothing")
    .option("--port <n>", "0 takes a free one", "0")
    .option("--no-open", "do not open a browser")
    .action(theatre);
}

async function theatre(folder: string | undefined, flags: TheatreFlags): Promise<void> {
  const run = reasoners.loadShownRun(
    folder ?? defaultFolder(declaration, reasoners.parameters().configuration),
  );
  const { training } = flags;
  if (flags.export !== undefined) {
    const html = await theatreHtml(run, { training });
    writeFileAtomically(flags.export, html);
    console.log(`${flags.export} (${(html.length / 1e6).toFixed(1)} MB, works offline)`);
    return;
  }
  await serveUntilInterrupted("the theatre", flags, ({ port }) => serveTheatre(run, { training, port }));
}
