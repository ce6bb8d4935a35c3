// What is wrong with a rule set, and where.

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
