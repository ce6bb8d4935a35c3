// What the last expression of a cell shows: a data frame as a table, as in pandas; text as it is; anything else as
// Node prints it.
import process from "node:process";
import { inspect } from "node:util";
import { table } from "../table";
import { isTable } from "../table-columns";

export function showValue(value: unknown): void {
  if (isTable(value)) table(value);
  else process.stdout.write(`${typeof value === "string" ? value : inspect(value)}\n`);
}
