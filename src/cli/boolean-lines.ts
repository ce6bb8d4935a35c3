// What `dolab boolean` prints for people: an answer by rules and by model, and a table of accuracies.
import process from "node:process";
import type { BooleanRules } from "../data";
import type { booleanWorld } from "../experiments";
import { wantsColour } from "../io/logger";

const paint = (code: number, text: string) =>
  wantsColour(process.stdout) ? `\u001b[${code}m${text}\u001b[0m` : text;
const bold = (text: string) => paint(1, text);
const right = (text: string, isRight: boolean) => paint(isRight ? 32 : 31, text);

/** The state, each rule with its value, and both answers; the model's green where it is right, red where not. */
export function answerLines(rules: BooleanRules, row: booleanWorld.StateRow): string[] {
  const values = row.state.split(",");
  const outputs = row.expected.split("\n")[1].split(",");
  const formula = (name: string) => {
    const line = rules.text.split("\n").find((text) => text.split("=")[0].trim() === name) ?? name;
    return line.replace(/#.*/, "").trim();
  };
  const width = Math.max(...rules.rules.map(({ name }) => formula(name).length));
  const shown = (text: string) =>
    text.trim() === "" ? ["(nothing)"] : text.replace(/^\n/, "").trimEnd().split("\n");
  return [
    bold(`State ${row.state}`) + (row.excluded ? " (held-out: training never showed it)" : ""),
    rules.inputs.map((name, i) => `${name} = ${values[i]}`).join("   "),
    ...rules.rules.map(({ name }, i) => `${formula(name).padEnd(width)}  -> ${outputs[i]}`),
    bold("By the rules"),
    ...shown(row.expected),
    bold("By the model"),
    ...shown(row.answer).map((line) => right(line, row.exact)),
    right(row.exact ? "The same" : "Not the same", row.exact),
  ];
}

const MOST_WRONG = 8;

/** One line for each group of states, and the first ones that are answered otherwise than the rules do. */
export function accuracyLines(
  rows: readonly booleanWorld.StateRow[],
  accuracy: readonly booleanWorld.AccuracyRow[],
): string[] {
  const columns = Object.keys(accuracy[0]);
  const cell = (value: string | number, column: string) =>
    typeof value === "string" || column === "count"
      ? String(value)
      : Number.isNaN(value)
        ? "-"
        : `${(100 * value).toFixed(1)} %`;
  const table = [columns, ...accuracy.map((row) => columns.map((column) => cell(row[column], column)))];
  const widths = columns.map((_, i) => Math.max(...table.map((cells) => cells[i].length)));
  const lines = table.map((cells) => cells.map((text, i) => text.padStart(widths[i])).join("  "));
  const wrong = rows.filter(({ exact }) => !exact);
  const flat = (text: string) => JSON.stringify(text);
  return [
    bold(lines[0]),
    ...lines.slice(1),
    ...wrong
      .slice(0, MOST_WRONG)
      .map((row) =>
        right(
          `${row.state}${row.excluded ? " (excluded)" : ""}: ${flat(row.answer)}, not ${flat(row.expected)}`,
          false,
        ),
      ),
    ...(wrong.length > MOST_WRONG ? [`and ${wrong.length - MOST_WRONG} more`] : []),
  ];
}
