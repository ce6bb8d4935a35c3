// The table of a validation: each check with its counts, its worst error and the verdict; then the first disagreements.
import { formatTable } from "../markdown-table";
import type { Finding } from "./validation";

const headings = ["function", "against", "cases", "numbers", "worst error", "allowed", ""];
const shown = 3;

export const passed = ({ disagreements }: Finding) => disagreements.length === 0;

export function formatFindings(findings: readonly Finding[]): string {
  const rows = findings.map((finding) => [
    finding.check,
    finding.against,
    finding.cases.toLocaleString("en"),
    finding.numbers.toLocaleString("en"),
    formatError(finding.worst),
    formatError(finding.tolerance),
    passed(finding) ? "agrees" : `${finding.disagreements.length.toLocaleString("en")} DISAGREE`,
  ]);
  const details = findings.flatMap(({ check, against, disagreements }) =>
    disagreements.slice(0, shown).map((text) => `- ${check} against ${against}, ${text}`),
  );
  return [formatTable(headings, rows), ...details].join("\n");
}

const formatError = (error: number) =>
  error === 0 ? "0" : Number.isFinite(error) ? error.toExponential(1) : "not a number";
