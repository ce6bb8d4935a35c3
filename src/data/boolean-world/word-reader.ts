// Reads the words of one line of a rule set from left to right.

import type { RuleText, Word } from "./rule-words";
import { RuleError } from "./rule-words";

export class WordReader {
  private at = 0;

  /** @param words of one line, the last of kind "end of line" */
  constructor(
    private readonly words: readonly Word[],
    private readonly source: RuleText,
  ) {}

  /** The next word, which stays. */
  get next(): Word {
    return this.words[this.at];
  }

  /** Takes the next word if it is this sign or operator. */
  takes(text: string): boolean {
    const found = this.next.text === text && this.next.kind !== "name";
    if (found) this.at += 1;
    return found;
  }

  /** Takes a sign. @param rule what is broken where another word stands */
  sign(text: string, rule = `"${text}" must stand`): void {
    if (!this.takes(text)) throw this.refuse(rule);
  }

  /** Takes a name. @param rule what is broken where another word stands */
  name(rule: string): Word {
    const word = this.next;
    if (word.kind !== "name") throw this.refuse(rule);
    this.at += 1;
    return word;
  }

  /** Takes 0 or 1 if it stands there. */
  constant(): 0 | 1 | undefined {
    if (this.next.kind !== "constant") return undefined;
    const value = this.next.text === "1" ? 1 : 0;
    this.at += 1;
    return value;
  }

  end(rule: string): void {
    if (this.next.kind !== "end of line") throw this.refuse(rule);
  }

  refuse(rule: string, word = this.next): RuleError {
    const got = word.kind === "end of line" ? "the end of the line" : `"${word.text}"`;
    return new RuleError(rule, got, word, this.source);
  }
}
