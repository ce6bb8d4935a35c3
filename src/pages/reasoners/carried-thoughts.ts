// What the page carries beside a reasoner's weights.
import type { ReasonerConfiguration } from "../../models/recursive/configuration";

export interface CarriedPuzzle {
  /** Tokens: 1 for a blank, 2 and up for the digits. [cells] */
  inputs: number[];
  /** [cells] */
  labels: number[];
  /** Whether the reasoner's usual thought ends with the right answer. */
  right: boolean;
}

export interface CarriedThoughts {
  configuration: ReasonerConfiguration;
  /** Such as "TRM of seed 0 after 150 training steps". */
  title: string;
  /** Rows of the board. */
  side: number;
  /** Columns and rows of a box. */
  boxWidth: number;
  boxHeight: number;
  /** ACT steps of the usual thought. */
  actSteps: number;
  /** Those that are answered wrong come first. */
  puzzles: CarriedPuzzle[];
}
