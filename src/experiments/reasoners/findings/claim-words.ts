// What the claims share: the run that they are about, and words of their sentences.
import type { ReasonersRun } from "../experiment";

/** The part of a run that claims are about. */
export type ClaimedRun = Pick<ReasonersRun, "findings" | "configuration">;

export const authors = "the authors' pages on recursive-reasoning dynamics";

/** What is claimed of an interval: that it lies above, or below, a bound. */
export const above = (least: number): [number, number] => [least, Number.POSITIVE_INFINITY];
export const below = (most: number): [number, number] => [Number.NEGATIVE_INFINITY, most];

export const number = (value: number): string => value.toFixed(2);
export const interval = (low: number, high: number): string => `(${number(low)} to ${number(high)})`;
