// dolab reasoners train | diagnose | analyze: the experiment in the stages of document 001, whose own script reads what is written.
import process from "node:process";
import type { Command } from "commander";
import { parseAssignments, reasoners } from "../experiments";
import { diagnoseStage, trainStage } from "../experiments/reasoners/stages";
import { terminalProgress } from "../notebook";
import { startBackend } from "../tensor";
import { interruptedBySigint } from "../train";
import { INTERRUPTED } from "./experiment-command";
import { analyseFolder, type OutputOptions, withOutput } from "./two-by-two";

/** Adds to the experiment's own command. */
export function addReasonersCommands(program: Command): void {
  const command = program.commands.find((one) => one.name() === "reasoners") as Command;

  command
    .command("train")
    .description("train the networks of a preset; Ctrl-C pauses, and the same command goes on")
    .option("--preset <name>", "smoke, quick, standard or paper", "quick")
    .option(
      "--set <key=value>",
      "override a parameter, such as seed=3; may be given several times",
      (pair: string, pairs: string[]) => [...pairs, pair],
      [],
    )
    .requiredOption("--out <folder>", "folder for checkpoints; dolab reasoners run goes on from it")
    .action(async ({ preset, set, out }: { preset: string; set: string[]; out: string }) => {
      const resolved = reasoners.parameters({ preset, ...parseAssignments(set) } as never);
      await interruptible(async (signal) => {
        const kept = await trainStage(resolved, out, { progress: terminalProgress(), signal });
        for (const { tag, step, role, weights } of kept ?? [])
          console.log(`${tag} step ${step} (${role}): ${weights}`);
        return kept !== undefined;
      });
    });

  command
    .command("diagnose")
    .description(
      "measure every kept checkpoint: drifts, Lyapunov spectra, halting logits, as the document's npz files",
    )
    .argument("<folder>", "what train or run was given as --out; the files are written into it")
    .action(async (folder: string) => {
      await startBackend();
      await interruptible(async (signal) => {
        try {
          const names = await diagnoseStage(folder, { progress: terminalProgress(), signal });
          for (const name of names) console.log(`${folder}/${name}`);
        } catch (error) {
          if (!signal.aborted) throw error;
        }
        return !signal.aborted;
      });
    });

  withOutput(command.command("analyze"))
    .description("the 2x2 analysis of every file that diagnose wrote, as dolab two-by-two all")
    .argument("<folder>")
    .action(async (folder: string, { out = folder, ...output }: OutputOptions) =>
      analyseFolder(folder, { out, ...output }),
    );
}

async function interruptible(work: (signal: AbortSignal) => Promise<boolean>): Promise<void> {
  const { signal, release } = interruptedBySigint();
  try {
    if (!(await work(signal))) process.exitCode = INTERRUPTED;
  } finally {
    release();
  }
}
