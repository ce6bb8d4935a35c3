// Splits a rule set's text into words with their places.

export interface Word extends RulePlace {
  kind: "name" | "operator" | "constant" | "sign" | "end of line";
  /** The word as written; an operator in capitals. */
  text: string;
}

export interface RuleText {
  text: string;
  source: string;
}

const OPERATORS = ["NOT", "AND", "XOR", "OR"];
const WORD = /[A-Za-z_][A-Za-z_0-9]*|[0-9]+|[=()+,:-]/y;

/**
 * Splits the text into words, leaving out white space, comments (from "#") and empty lines.
 *
 * @returns for each line that holds any, its words and a last one of kind "end of line"
 * @throws {RuleError} for a character that no rule has, or a number other than 0 and 1
 */
export function ruleWords(source: RuleText): Word[][] {
  const lines = source.text.split("\n").map((line, index) => wordsOf(line, index + 1, source));
  return lines.filter((words) => words.length > 1);
}

function wordsOf(line: string, number: number, source: RuleText): Word[] {
  const content = line.replace(/#.*/, "").trimEnd();
  const words: Word[] = [];
  let at = 0;
  while (at < content.length) {
    if (/\s/.test(content[at])) {
      at += 1;
      continue;
    }
    const place = { line: number, column: at + 1 };
    WORD.lastIndex = at;
    const text = WORD.exec(content)?.[0];
    if (text === undefined) {
      const character = String.fromCodePoint(content.codePointAt(at) as number);
      throw new RuleError(
        "a variable, 0, 1, NOT, AND, XOR, OR or one of = ( ) + - , : must stand",
        JSON.stringify(character),
        place,
        source,
      );
    }
    words.push({ ...wordOf(text), ...place });
    if (/^[0-9]/.test(text) && text !== "0" && text !== "1")
      throw new RuleError("the only numbers are 0 and 1", `"${text}"`, place, source);
    at += text.length;
  }
  return [...words, { kind: "end of line", text: "", line: number, column: content.length + 1 }];
}

function wordOf(text: string): Pick<Word, "kind" | "text"> {
  const capitals = text.toUpperCase();
  if (OPERATORS.includes(capitals)) return { kind: "operator", text: capitals };
  if (/^[0-9]/.test(text)) return { kind: "constant", text };
  return { kind: /^[A-Za-z_]/.test(text) ? "name" : "sign", text };
}

/** A place in a rule set's text. */
export interface RulePlace {
  /** From 1. */
  line: number;
  /** From 1, in UTF-16 units. */
  column: number;
}

/** Text that is no rule set; its message ends with the line and a caret below the column. */
export class RuleError extends SyntaxError implements RulePlace {
  override readonly name = "RuleError";
  readonly line: number;
  readonly column: number;

  /**
   * @param rule what must stand there, such as "a variable must follow"
   * @param options.source what the text is called, such as its file
   */
  constructor(
    rule: string,
    got: string,
    { line, column }: RulePlace,
    { text, source }: { text: string; source: string },
  ) {
    const shown = text.split("\n")[line - 1].replace(/\s/g, " ");
    const caret = `${" ".repeat(column - 1)}^`;
    super(
      `Cannot read ${source} as ${rule} at line ${line}, column ${column}: got ${got}\n  ${shown}\n  ${caret}`,
    );
    this.line = line;
    this.column = column;
  }
}
