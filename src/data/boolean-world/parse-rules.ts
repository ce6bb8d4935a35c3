// Reads a rule set: lines `newA = A XOR (NOT C)`, where NOT binds before AND, XOR and OR in this order, then lines of sums as source
// document 003 writes them, `sum(A+B) - sum2(newA)`, where the minus is printed, not computed: "2 - 1". The inputs are
// what an `inputs A, B` line lists or, without one, what the rules read and do not make, in alphabetical order.
import { RuleError, type RuleText, ruleWords, type Word } from "./rule-words";
import { type BooleanRules, type Expression, MOST_INPUTS, type Rule } from "./rules";
import { WordReader } from "./word-reader";

/** What is nested deeper is no rule that anybody reads. */
const DEEPEST = 100;

/** What tables of results call their columns beside those of variables. */
const COLUMN = /^(exact|count|states?|excluded|expected|answer|sum\d*|layer|part|__proto__)$/;

/**
 * Reads a rule set.
 *
 * A rule may read the inputs and what the rules above it made. Without an `inputs` line, names that begin with "new" are
 * never inputs, so that a misspelt one is an error.
 *
 * @param text the rules, one a line, such as "newA = A XOR C"
 * @param options.source what the text is called in errors, such as its file
 * @throws {RuleError} naming line and column of what is wrong
 * @example
 * import { parseRules } from "dolab";
 * const rules = parseRules("newA = A XOR C\nnewB = NOT newA\nsum(A+C) - sum2(newA+newB)");
 * rules.inputs; // => ["A", "C"]
 */
export function parseRules(text: string, { source = "the rules" }: { source?: string } = {}): BooleanRules {
  const whole: RuleText = { text: text.replace(/\r\n?/g, "\n"), source };
  const parser = new RuleParser(whole);
  for (const words of ruleWords(whole)) parser.line(new WordReader(words, whole));
  return parser.finish();
}

class RuleParser {
  private declared: Word[] | undefined;
  private readonly rules: Rule[] = [];
  private readonly sums: string[][][] = [];
  /** What rules read and none above them made. */
  private readonly free: Word[] = [];
  private readonly made = new Map<string, Word>();

  constructor(private readonly source: RuleText) {}

  line(reader: WordReader): void {
    const first = reader.name("a line must begin with the variable that it makes");
    if (reader.takes("=")) this.rule(first, reader);
    else if (/^sum\d*$/.test(first.text) && reader.takes("(")) this.sumLine(reader);
    else if (first.text === "inputs") this.inputLine(first, reader);
    else throw reader.refuse(`"=" must follow "${first.text}"`);
  }

  finish(): BooleanRules {
    if (this.rules.length === 0)
      throw new RuleError(
        "there must be a rule, such as newA = A XOR C,",
        "none",
        { line: 1, column: 1 },
        this.source,
      );
    const names = (this.declared ?? this.free).map(({ text }) => text);
    for (const word of this.free) this.checkInput(word, names);
    const inputs = this.declared ? names : [...new Set(names)].sort();
    const clash = this.declared?.find(({ text }) => this.made.has(text));
    if (clash) throw this.refuse("an input is made by no rule", clash);
    if (inputs.length < 1 || inputs.length > MOST_INPUTS)
      throw new RuleError(
        `a world has 1 to ${MOST_INPUTS} inputs`,
        `${inputs.length}`,
        this.declared?.[0] ?? { line: 1, column: 1 },
        this.source,
      );
    return { inputs, rules: this.rules, sums: this.sums, text: this.source.text };
  }

  private checkName(word: Word): void {
    if (COLUMN.test(word.text)) throw this.refuse("no variable is called like a column of a table", word);
  }

  private checkInput(word: Word, names: readonly string[]): void {
    const { text } = word;
    if (this.made.has(text)) throw this.refuse("a variable is read below the rule that makes it", word);
    if (!names.includes(text)) throw this.refuse("a variable is an input or made by a rule", word);
    if (!this.declared && text.startsWith("new"))
      throw this.refuse(
        'a variable that begins with "new" is made by a rule (or listed by an "inputs" line)',
        word,
      );
  }

  private rule(name: Word, reader: WordReader): void {
    this.checkName(name);
    if (this.made.has(name.text)) throw this.refuse("each variable is made once", name);
    if (this.sums.length > 0) throw this.refuse("sums come below the rules", name);
    const expression = this.or(reader, 0);
    reader.end("AND, XOR, OR or the end of the line must stand");
    this.made.set(name.text, name); // after its expression: a rule does not read what it makes
    this.rules.push({ name: name.text, expression });
  }

  private or(reader: WordReader, depth: number): Expression {
    return this.joined("OR", reader, () =>
      this.joined("XOR", reader, () => this.joined("AND", reader, () => this.not(reader, depth))),
    );
  }

  private joined(kind: "AND" | "XOR" | "OR", reader: WordReader, part: () => Expression): Expression {
    let left = part();
    while (reader.takes(kind)) left = { kind, left, right: part() };
    return left;
  }

  private not(reader: WordReader, depth: number): Expression {
    if (depth > DEEPEST) throw reader.refuse(`formulas are nested at most ${DEEPEST} deep`);
    if (reader.takes("NOT")) return { kind: "NOT", operand: this.not(reader, depth + 1) };
    if (reader.takes("(")) {
      const inner = this.or(reader, depth + 1);
      reader.sign(")", 'AND, XOR, OR or ")" must stand');
      return inner;
    }
    const value = reader.constant();
    return value === undefined ? this.variable(reader) : { kind: "constant", value };
  }

  private variable(reader: WordReader): Expression & { kind: "variable" } {
    const word = reader.name('a variable, 0, 1, NOT or "(" must stand');
    this.checkName(word);
    if (!this.made.has(word.text)) this.free.push(word);
    return { kind: "variable", name: word.text };
  }

  private sumLine(reader: WordReader): void {
    const line: string[][] = [];
    for (let more = true; more; ) {
      const variables = [this.variable(reader).name];
      while (reader.takes("+")) variables.push(this.variable(reader).name);
      reader.sign(")", '"+" or ")" must stand');
      line.push(variables);
      more = reader.takes("-");
      if (!more) continue;
      const name = reader.name("a sum, such as sum2(newA+newB), must stand");
      if (!/^sum\d*$/.test(name.text)) throw reader.refuse("a sum is called sum, sum1, sum2, ...", name);
      reader.sign("(");
    }
    reader.end('"-" or the end of the line must stand');
    this.sums.push(line);
  }

  private inputLine(first: Word, reader: WordReader): void {
    if (this.declared || this.rules.length + this.sums.length > 0)
      throw this.refuse('one "inputs" line stands above all others', first);
    reader.takes(":");
    const declared = [reader.name("an input must stand")];
    while (reader.takes(",")) declared.push(reader.name("an input must stand"));
    reader.end('"," or the end of the line must stand');
    for (const word of declared) this.checkName(word);
    const twice = declared.find(({ text }, i) => declared.findIndex((other) => other.text === text) < i);
    if (twice) throw this.refuse("each input stands once", twice);
    this.declared = declared;
  }

  private refuse(rule: string, word: Word): RuleError {
    return new RuleError(rule, `"${word.text}"`, word, this.source);
  }
}
