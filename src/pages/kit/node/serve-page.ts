// A page's server: one page and its files, for this machine alone. It listens on 127.0.0.1, answers only requests that name
// it so (a page elsewhere cannot reach it through a name of its own: DNS rebinding), takes no body, and serves no file but
// those of the known names.
import type { Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Context } from "hono";
import type { PageDefinition } from "./bundle-page";
import { servedPage } from "./page-html";

const ADDRESS = "127.0.0.1";

export interface ServeOptions {
  /** The port, from 0 to 65,535; 0 takes a free one. */
  port?: number;
}

/** The files that a served page may ask for. */
export interface ServedFiles {
  names: readonly string[];
  /** Those of the names that may be absent; asking for another one that is absent is an error. */
  optional?: readonly string[];
  /** Reads one of the names, anew at each request; undefined where it is absent. */
  read(name: string): Promise<Uint8Array | undefined>;
}

export interface PageServer {
  /** Such as http://127.0.0.1:40123/ */
  url: string;
  /** Ends it and every connection. */
  close(): Promise<void>;
}

/**
 * Serves a page and its files on 127.0.0.1.
 *
 * @param page its title, lead, entry and styles
 * @param files what its `load` may ask for
 * @param options.port 0, the default, takes a free one
 * @throws {Error} where the port is taken, or the page cannot be made
 */
export async function servePage(
  page: PageDefinition,
  files: ServedFiles,
  { port: wanted = 0 }: ServeOptions = {},
): Promise<PageServer> {
  const [{ createAdaptorServer }, { Hono }] = await Promise.all([
    import("@hono/node-server"),
    import("hono"),
  ]); // no other command needs it
  const { html, policy } = await servedPage(page, files.names);
  const names = new Set<string>();
  const app = new Hono({ strict: true });
  app.use(async (context, next) => {
    if (!names.has(context.req.header("host") ?? "")) return refuse(context, 403, "Not this server's name");
    if (!["GET", "HEAD"].includes(context.req.method)) return refuse(context, 405, "Only GET and HEAD");
    await next();
    for (const [name, value] of Object.entries(headers)) context.header(name, value);
  });
  app.get("/", (context) => {
    context.header("Content-Security-Policy", `${policy}; frame-ancestors 'none'`);
    return context.html(html);
  });
  app.get("/files/:name", async (context) => {
    const name = context.req.param("name");
    if (!files.names.includes(name)) return refuse(context, 404, "No such page");
    const content = await files.read(name);
    if (!content && files.optional?.includes(name)) return context.body(null, 204);
    if (!content) return refuse(context, 404, `There is no ${name}`);
    context.header("Content-Type", name.endsWith(".json") ? "application/json" : "application/octet-stream");
    return context.body(new Uint8Array(content));
  });
  app.notFound((context) => refuse(context, 404, "No such page"));
  app.onError((error, context) =>
    refuse(context, 500, error instanceof RangeError ? error.message : "The page's files cannot be read"),
  );

  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: { maxHeaderSize: 8192, requestTimeout: 10_000, headersTimeout: 5000 },
  }) as Server;
  server.maxConnections = 64;
  server.maxRequestsPerSocket = 1000;
  server.on("clientError", (_error, socket: Socket) => {
    if (socket.writable)
      socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    else socket.destroy();
  });
  const { port } = await listen(server, wanted);
  for (const name of [ADDRESS, "localhost"]) names.add(`${name}:${port}`);
  return {
    url: `http://${ADDRESS}:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const headers = {
  "Cache-Control": "no-store",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

function refuse(context: Context, status: 403 | 404 | 405 | 500, text: string) {
  if (status === 405) context.header("Allow", "GET, HEAD");
  context.header("Connection", "close"); // a body that was not read is not taken for a next request
  return context.text(text, status, headers);
}

function listen(server: Server, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "EADDRINUSE"
          ? new Error(`Cannot serve the page as its port must be free: got ${port}`)
          : error,
      ),
    );
    server.listen(port, ADDRESS, () => resolve(server.address() as AddressInfo));
  });
}
