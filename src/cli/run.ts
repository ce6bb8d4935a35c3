// dolab run: a script of one's own, with the library at hand.
import { spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import type { Command } from "commander";
import { compileLibrary } from "../environment/compiled-library.mjs";
import { inProject } from "../environment/paths.mjs";

const kinds = [".ts", ".mts", ".js", ".mjs"];

export function addRun(program: Command) {
  program
    .command("run")
    .description(
      'run a script that imports "dolab": TypeScript or JavaScript, from any folder, with await at its top',
    )
    .argument("<script>", "a .ts, .mts, .js or .mjs file")
    .argument("[argument...]", "arguments of the script")
    .passThroughOptions()
    .action(async (script: string, args: string[]) => {
      const file = path.resolve(script);
      if (!existsSync(file) || !statSync(file).isFile())
        throw new RangeError(`Cannot run ${script} as there is no such file`);
      if (!kinds.includes(path.extname(file)))
        throw new RangeError(`Cannot run ${script} as a script must be one of ${kinds.join(", ")}`);
      compileLibrary({ types: false });
      const child = spawn(
        process.execPath,
        [inProject("src", "environment", "run-script.mjs"), file, ...args],
        {
          stdio: "inherit",
        },
      );
      process.on("SIGINT", () => {}); // the terminal interrupts the script itself, which ends in its own time
      process.exitCode = await new Promise<number>((resolve, reject) => {
        child.on("error", reject).on("close", (code, signal) => resolve(signal ? 130 : (code ?? 1)));
      });
    });
}
