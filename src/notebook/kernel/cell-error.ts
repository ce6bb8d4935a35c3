// What a failed cell shows: the error's name, its message, and a trace that starts in the user's cell and leaves out
// the frames of tslab and of Node.
import path from "node:path";

export interface CellError {
  ename: string;
  evalue: string;
  traceback: string[];
}

/** A cell as written and as tslab compiled it: a frame's line in the one is found in the other by its text. */
export interface CellSource {
  written: string;
  compiled: string;
}

const hiddenFrame = /[\\/]tslab[\\/]|[\\/]notebook[\\/]kernel[\\/]|node:internal|node:vm|[\\/]tsx[\\/]dist/;
const cellFrame = /evalmachine\.<anonymous>:(\d+)(?::\d+)?/;
const red = (text: string) => `\u001b[31m${text}\u001b[39m`;

/** Describes a thrown value; anything can be thrown, also what is not an Error. */
export function describeError(thrown: unknown, root: string, cell?: CellSource): CellError {
  if (!(thrown instanceof Error)) {
    const text = typeof thrown === "string" ? thrown : JSON.stringify(thrown);
    return { ename: "Thrown", evalue: text, traceback: [`${red("Thrown")}: ${text}`] };
  }
  const evalue = thrown.message;
  const head = `${red(thrown.name)}: ${evalue}`;
  const cause =
    thrown.cause === undefined ? [] : ["Caused by", ...describeError(thrown.cause, root).traceback];
  return { ename: thrown.name, evalue, traceback: [head, ...frames(thrown, root, cell), ...cause] };
}

/** TypeScript's own complaints about a cell. */
export function describeDiagnostics(lines: string[]): CellError {
  return {
    ename: "TypeScript",
    evalue: lines.join("\n"),
    traceback: lines.map((line) => `${red("TypeScript")}: ${line}`),
  };
}

function frames(error: Error, root: string, cell?: CellSource): string[] {
  const lines = (error.stack ?? "").split("\n").filter((line) => line.trimStart().startsWith("at "));
  const shown = lines.flatMap((line) => {
    const inCell = cellFrame.exec(line);
    if (!inCell) return hiddenFrame.test(line) ? [] : [line];
    const written = cell && writtenLine(cell, Number(inCell[1]));
    return written ? [line.replace(cellFrame, `line ${written} of this cell`)] : [];
  });
  return shown.map((line) =>
    line
      .replace("Proxy.", "")
      .split(`file://${root}${path.sep}`)
      .join("")
      .split(`${root}${path.sep}`)
      .join(""),
  );
}

/** The line of the written cell that holds the text of a compiled line; undefined where the compiler made it up. */
function writtenLine({ written, compiled }: CellSource, compiledLine: number): number | undefined {
  const compact = (line: string) => line.replace(/[\s;]+/g, "");
  const wanted = compact(compiled.split("\n")[compiledLine - 1] ?? "");
  if (wanted.length < 2) return undefined;
  const lines = written.split("\n").map(compact);
  const exact = lines.indexOf(wanted);
  const index =
    exact >= 0
      ? exact
      : lines.findIndex((line) => line.length > 3 && (line.includes(wanted) || wanted.includes(line)));
  return index >= 0 ? index + 1 : undefined;
}
