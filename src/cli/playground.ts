// dolab playground: the page on which a boolean world's model is taken apart, served or as one file.
import { join } from "node:path";
import type { Command } from "commander";
import { writeFileAtomically } from "../io";
import { playgroundHtml, servePlayground } from "../pages";
import { serveUntilInterrupted } from "./serve-until-interrupted";

interface PlaygroundFlags {
  export?: string;
  port: string;
  open: boolean;
}

export function addPlayground(program: Command) {
  program
    .command("playground")
    .description(
      "take a boolean world's model apart in the browser: switch parts off, flip weights, and watch",
    )
    .argument("[model]", "folder that dolab boolean --train wrote", join("out", "tiny-gpt2-causal", "final"))
    .option("--export <file>", "write one HTML file that works offline, and serve nothing")
    .option("--port <n>", "0 takes a free one", "0")
    .option("--no-open", "do not open a browser")
    .action(run);
}

async function run(folder: string, flags: PlaygroundFlags): Promise<void> {
  if (flags.export !== undefined) {
    const html = await playgroundHtml(folder);
    writeFileAtomically(flags.export, html);
    console.log(`${flags.export} (${(html.length / 1e6).toFixed(1)} MB, works offline)`);
    return;
  }
  await serveUntilInterrupted("the playground", flags, (options) => servePlayground(folder, options));
}
