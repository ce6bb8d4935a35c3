// dolab validate: long checks of the library against the real Python libraries, on random inputs.
import process from "node:process";
import type { Command } from "commander";
import { makeBenchPython } from "../bench/bench-python";
import { everyValidation } from "../bench/every-validation";
import { formatFindings, passed } from "../bench/validation/finding-table";
import type { Finding } from "../bench/validation/validation";
import { selectByName } from "./select-by-name";
import { withProgress } from "./with-progress";

interface ValidateOptions {
  list?: boolean;
  seed: number;
  rounds: number;
}

export function addValidate(program: Command) {
  program
    .command("validate")
    .description("check dolab against numpy, scipy and scikit-learn on thousands of random inputs")
    .argument("[name...]", "validations (default: all that take a minute and need no torch)")
    .option("--list", "say which there are, and run none")
    .option("--seed <n>", "of the inputs", Number, 0)
    .option("--rounds <x>", "times the usual number of inputs, such as 0.1 or 10", Number, 1)
    .action(async (names: string[], { list, seed, rounds }: ValidateOptions) => {
      if (list) {
        for (const { name, title } of everyValidation) console.log(`${name.padEnd(12)} ${title}`);
        return;
      }
      if (!(rounds > 0))
        throw new RangeError(`Cannot validate as --rounds must be a number above 0: got ${rounds}`);
      const wanted = selectByName("validation", everyValidation, names, ({ needs }) => needs === undefined);
      const isNeeded = (library: "torch" | "transformers") => wanted.some(({ needs }) => needs === library);
      await makeBenchPython({ torch: isNeeded("torch"), transformers: isNeeded("transformers") });
      const findings: Finding[] = [];
      for (const { name, run } of wanted) {
        findings.push(...(await withProgress(name, "cases", (onCases) => run({ seed, rounds, onCases }))));
      }
      console.log(`\n${formatFindings(findings)}`);
      if (!findings.every(passed)) process.exitCode = 1;
    });
}
