// dolab doctor: what is installed, which backend computes, why, and what to do about each shortfall.
import process from "node:process";
import type { Command } from "commander";
import { examine } from "../environment/doctor";

const marks = { ok: "✓", shortfall: "!", broken: "✗" };

export function addDoctor(program: Command) {
  program
    .command("doctor")
    .description("show what is installed, what computes and why, and how to mend what is missing")
    .option("--json", "print the findings as JSON")
    .action(({ json }: { json?: boolean }) => {
      const findings = examine();
      if (json) console.log(JSON.stringify(findings, null, 2));
      for (const { what, state, detail, cure } of json ? [] : findings) {
        console.log(
          `${marks[state]} ${what.padEnd(21)} ${detail}${cure ? `\n  ${"".padEnd(21)} → ${cure}` : ""}`,
        );
      }
      if (findings.some(({ state }) => state === "broken")) process.exitCode = 1;
    });
}
