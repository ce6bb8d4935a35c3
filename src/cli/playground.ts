// dolab playground: the page on which a boolean world's model is taken apart, served or as one file.
import { spawn } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import type { Command } from "commander";
import { writeFileAtomically } from "../io";
import { playgroundHtml, servePlayground } from "../pages";

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
  const port = Number(flags.port);
  if (!(/^\d+$/.test(flags.port) && port <= 65_535))
    throw new RangeError(`Cannot serve the playground as a port is from 0 to 65535: got ${flags.port}`);
  const server = await servePlayground(folder, { port });
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  console.log(`${server.url} (Ctrl-C ends it)`);
  if (flags.open) openBrowser(server.url);
  await stopped;
  await server.close();
}

/** Shows an address in the user's browser; where there is none, the address stands on the terminal. */
function openBrowser(url: string): void {
  const [program, ...first] =
    process.platform === "darwin"
      ? ["open"]
      : process.platform === "win32"
        ? ["rundll32", "url.dll,FileProtocolHandler"]
        : ["xdg-open"];
  const child = spawn(program, [...first, url], { stdio: "ignore", detached: true });
  child.on("error", () => undefined);
  child.unref();
}
