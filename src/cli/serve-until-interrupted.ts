// Serves a page until Ctrl-C, and opens it in the user's browser.
import { spawn } from "node:child_process";
import process from "node:process";
import type { PageServer } from "../pages";

/** @param what is named where the port is none @throws {RangeError} where it is none */
export async function serveUntilInterrupted(
  what: string,
  { port: text, open }: { port: string; open: boolean },
  serve: (options: { port: number }) => Promise<PageServer>,
): Promise<void> {
  const port = Number(text);
  if (!(/^\d+$/.test(text) && port <= 65_535))
    throw new RangeError(`Cannot serve ${what} as a port is from 0 to 65535: got ${text}`);
  const server = await serve({ port });
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  console.log(`${server.url} (Ctrl-C ends it)`);
  if (open) openBrowser(server.url);
  await stopped;
  await server.close();
}

/** Shows an address in the user's browser; where there is none, the address stands on the terminal. */
export function openBrowser(url: string): void {
  const [program, ...first] =
    process.platform === "darwin"
      ? ["open"]
      : process.platform === "win32"
        ? ["rundll32", "url.dll,FileProtocolHandler"]
        : ["xdg-open"];
  const child = spawn(program, [...first, url], { stdio: "ignore", detached: true });
  child.on("error", () => undefined);
  child.unref();
}
