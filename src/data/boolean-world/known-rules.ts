// The rule set of source document 003, and a harder one of ours. The document's second README example ("1,0,1,0,1" ->
// "3 - 3") contradicts its own rules, which give "3 - 2": we keep the rules.
import { parseRules } from "./parse-rules";

/** The document's system: newD reads newB, which the same answer states. */
export const documentRules = parseRules(
  `newA = A XOR C
newB = NOT D
newC = B AND E
newD = A OR newB
sum(A+B+C+D+E) - sum2(newA+newB+newC+newD)
`,
  { source: "the document's rules" },
);

/** 64 states; a parity of three inputs, and a chain newA -> newB -> newD -> newE through the answer. */
export const harderRules = parseRules(
  `newA = A XOR B XOR C
newB = (D AND NOT A) OR (newA AND E)
newC = NOT (newA AND F)
newD = newB XOR newC XOR D
newE = (newD OR B) AND NOT (E AND F)
sum(A+B+C+D+E+F) - sum2(newA+newB+newC+newD+newE)
`,
  { source: "the harder rules" },
);
