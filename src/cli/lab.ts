// dolab lab: JupyterLab of the project's own environment, on its notebooks, on this machine only and with its token.
import { spawn } from "node:child_process";
import path from "node:path";
import process from "node:process";
import type { Command } from "commander";
import { environmentPython, inProject } from "../environment/paths.mjs";

export function addLab(program: Command) {
  program
    .command("lab")
    .description("open JupyterLab on the notebooks; Ctrl-C stops it and its kernels")
    .argument("[folder]", "folder to show", inProject("notebooks"))
    .option("--no-browser", "only print the address")
    .option("--port <n>", "first port to try; the next free one is taken", "8888")
    .action(async (folder: string, { browser, port }: { browser: boolean; port: string }) => {
      const args = [
        "-m",
        "jupyterlab",
        `--ServerApp.root_dir=${path.resolve(folder)}`,
        "--ip=127.0.0.1",
        `--port=${port}`,
        "--KernelSpecManager.allowed_kernelspecs=tslab",
        "--MultiKernelManager.default_kernel_name=tslab",
        "--ZMQChannelsWebsocketConnection.iopub_data_rate_limit=100000000", // for a page such as the playground,
        ...(browser ? [] : ["--no-browser"]),
        ...(process.getuid?.() === 0 ? ["--allow-root"] : []),
      ];
      // In a process group of its own, JupyterLab does not see the terminal's Ctrl-C, at which it would ask back.
      const child = spawn(environmentPython, args, {
        stdio: ["ignore", "inherit", "inherit"],
        detached: true,
      });
      for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
        process.on(signal, () => child.kill("SIGTERM"));
      await new Promise((resolve, reject) => child.on("close", resolve).on("error", reject));
    });
}
