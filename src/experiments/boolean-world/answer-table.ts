// Answers side by side, as a reader compares them: by the rules and by the model, each on one line.
import type { StateRow } from "./evaluate";

export interface AnswerTableRow {
  state: string;
  /** Whether training showed it. */
  read: "yes" | "no";
  /** A completion, its lines joined by a slash. */
  by_code: string;
  by_model: string;
  /** Names of the values that the model has wrong, or "none". */
  wrong: string;
}

/** @param rows of `evaluateModel` */
export const answerTable = (rows: readonly StateRow[]): AnswerTableRow[] =>
  rows.map(({ state, excluded, expected, answer, exact, parts }) => {
    const wrong = Object.keys(parts).filter((name) => !parts[name]);
    return {
      ...{ state, read: excluded ? "no" : "yes", by_code: oneLine(expected), by_model: oneLine(answer) },
      wrong: exact ? "none" : wrong.join(", ") || "the form",
    };
  });

const oneLine = (text: string) => text.trim().split("\n").join(" / ");
