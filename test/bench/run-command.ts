// Runs one command of the command line in this process, and returns what it prints.
import type { TestContext } from "node:test";
import { Command } from "commander";

export async function printedBy(
  t: TestContext,
  add: (program: Command) => void,
  args: readonly string[],
): Promise<string> {
  const log = t.mock.method(console, "log", () => {});
  const program = new Command();
  add(program);
  await program.parseAsync(["node", "dolab", ...args]);
  const lines = log.mock.calls.map(({ arguments: printed }) => printed.join(" "));
  log.mock.restore();
  return lines.join("\n");
}
