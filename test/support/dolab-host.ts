// A process that has the command line loaded and runs commands that come over a socket, one at a time: run-dolab.ts starts one
// for a test file, which spares each command the second that loading takes. A command sees its own arguments, environment and
// output as it would in a process of its own; what a process reads only once, such as DOLAB_BACKEND, it shares with the others.
import { createServer } from "node:net";
import process from "node:process";
import { main } from "../../src/cli/main";
import type { Command, Ended } from "./run-dolab";

class Exit extends Error {}

/** Runs one command. */
async function run({ args, env }: Command): Promise<Ended> {
  const printed = { stdout: "", stderr: "" };
  const real = { exit: process.exit, env: process.env };
  const writers = (["stdout", "stderr"] as const).map((name) => {
    const stream = process[name];
    const { write } = stream;
    stream.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
      if (code === undefined)
        printed[name] += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
      const called = rest[rest.length - 1];
      if (typeof called === "function") called();
      return true;
    }) as typeof write;
    return () => {
      stream.write = write;
    };
  });
  const restore = () => {
    for (const giveBack of writers) giveBack();
  };
  let code: number | undefined;
  process.exit = ((given?: number) => {
    code ??= given ?? Number(process.exitCode ?? 0);
    throw new Exit();
  }) as typeof process.exit;
  process.env = { ...real.env, ...env };
  process.exitCode = undefined;
  try {
    await main(["node", "dolab", ...args]).catch((error) => {
      if (!(error instanceof Exit)) throw error;
    });
    return { code: code ?? Number(process.exitCode ?? 0), ...printed };
  } finally {
    restore();
    Object.assign(process, { exit: real.exit, env: real.env, exitCode: undefined });
  }
}

createServer({ allowHalfOpen: true }, (client) => {
  let asked = "";
  client.setEncoding("utf8").on("data", (text) => {
    asked += text;
  });
  client.on("end", async () => client.end(JSON.stringify(await run(JSON.parse(asked)))));
}).listen(process.argv[2], () => process.send?.("ready"));
process.on("disconnect", () => process.exit(0));
