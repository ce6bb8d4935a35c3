// A world of boolean variables as data (source document 003): inputs, rules that are applied in order, where a rule may
// read what an earlier one made, and lines of sums. Nothing here or in the parser needs Node: a page uses them too.

/** A formula over variables. */
export type Expression =
  | { kind: "constant"; value: 0 | 1 }
  | { kind: "variable"; name: string }
  | { kind: "NOT"; operand: Expression }
  | { kind: "AND" | "XOR" | "OR"; left: Expression; right: Expression };

export interface Rule {
  /** The variable that it makes, such as "newA". */
  name: string;
  expression: Expression;
}

export interface BooleanRules {
  /** The variables of a state, in the order in which a prompt lists them. */
  inputs: readonly string[];
  /** The rules in the order in which they are applied and the completion lists what they make. */
  rules: readonly Rule[];
  /** Lines of the completion below the rules' values; of each line the sums, of each sum the variables added up. */
  sums: readonly (readonly (readonly string[])[])[];
  /** What they were read from. */
  text: string;
}

/** A value for each input, in the inputs' order. */
export type State = readonly (0 | 1)[];

/** More inputs would make more states than anybody lists: 2^16. */
export const MOST_INPUTS = 16;
