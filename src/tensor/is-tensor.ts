// What is told of a value that a caller has given where a tensor may stand: whether it is one, and what to call it in an error.
import type { Tensor } from "@tensorflow/tfjs-node";

/** Whether a value is a tensor. Not instanceof: a notebook may hold another copy of the class. */
export const isTensor = (value: unknown): value is Tensor =>
  typeof value === "object" && value !== null && "dataSync" in value && "shape" in value;

/** A value in an error's words: "a tensor", "a list", "a record of weight, bias", or as it is printed. */
export function valueInWords(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value !== "object" || value === null) return String(value);
  return isTensor(value) ? "a tensor" : `a record of ${Object.keys(value).join(", ") || "nothing"}`;
}
