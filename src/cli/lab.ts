// dolab lab: JupyterLab of the project's own environment, on its notebooks, on this machine only and with its token.
import { spawn } from "node:child_process";
import process from "node:process";
import type { Command } from "commander";
import { environmentPython, inProject } from "../environment/paths.mjs";

export function addLab(program: Command) {
  program
    .command("lab")
    .description("open JupyterLab on the notebooks")
    .option("--no-browser", "only print the address")
    .option("--port <n>", "first port to try", "8888")
    .action(async ({ browser, port }: { browser: boolean; port: string }) => {
      const args = [
        "-m",
        "jupyterlab",
        `--notebook-dir=${inProject("notebooks")}`,
        `--port=${port}`,
        "--ip=127.0.0.1",
      ];
      if (!browser) args.push("--no-browser");
      if (process.getuid?.() === 0) args.push("--allow-root");
      const child = spawn(environmentPython, args, { stdio: "inherit" });
      // Ctrl-C reaches JupyterLab through the terminal, and it asks there; a second one, or SIGTERM, stops it at once.
      process.on("SIGINT", () => {}).on("SIGTERM", () => child.kill("SIGTERM"));
      process.exitCode = await new Promise<number>((resolve) =>
        child.on("close", (code) => resolve(code ?? 0)),
      );
    });
}
