// The playground's server: one page and the model's files, for this machine alone. It listens on 127.0.0.1, answers only
// requests that name it so (a page elsewhere cannot reach it through a name of its own: DNS rebinding), takes no body, and
// serves no file but those of the known names.
import type { Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { type ModelFileName, modelFileNames } from "./model-file-names";
import { readModelFile, readModelFolder } from "./model-folder";
import { servedPage } from "./playground-html";

const ADDRESS = "127.0.0.1";

export interface ServeOptions {
  /** 0 takes a free one. */
  port?: number;
}

export interface PlaygroundServer {
  /** Such as http://127.0.0.1:40123/ */
  url: string;
  /** Ends it and every connection. */
  close(): Promise<void>;
}

/**
 * Serves the playground of a saved model.
 *
 * @param folder as `saveGpt2` writes it
 * @throws {RangeError | SyntaxError | SafetensorsError} as `playgroundHtml` does, for a model of any size
 * @throws {Error} where the port is taken
 */
export async function servePlayground(
  folder: string,
  { port: wanted = 0 }: ServeOptions = {},
): Promise<PlaygroundServer> {
  await readModelFolder(folder);
  const page = await servedPage();
  const names = new Set<string>();
  const app = new Hono({ strict: true });
  app.use(async (context, next) => {
    if (!names.has(context.req.header("host") ?? "")) return refuse(context, 403, "Not this server's name");
    if (!["GET", "HEAD"].includes(context.req.method)) return refuse(context, 405, "Only GET and HEAD");
    await next();
    for (const [name, value] of Object.entries(headers)) context.header(name, value);
  });
  app.get("/", (context) => {
    context.header("Content-Security-Policy", `${page.policy}; frame-ancestors 'none'`);
    return context.html(page.html);
  });
  app.get("/model/:name", async (context) => {
    const name = context.req.param("name");
    if (!isModelFile(name)) return refuse(context, 404, "No such page");
    const content = await readModelFile(folder, name);
    if (!content && name === "world.json") return context.body(null, 204); // a model may be without
    if (!content) return refuse(context, 404, `The model has no ${name}`);
    context.header("Content-Type", name.endsWith(".json") ? "application/json" : "application/octet-stream");
    return context.body(new Uint8Array(content));
  });
  app.notFound((context) => refuse(context, 404, "No such page"));
  app.onError((error, context) =>
    refuse(context, 500, error instanceof RangeError ? error.message : "The model's files cannot be read"),
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

const isModelFile = (name: string): name is ModelFileName =>
  (modelFileNames as readonly string[]).includes(name);

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
          ? new Error(`Cannot serve the playground as its port must be free: got ${port}`)
          : error,
      ),
    );
    server.listen(port, ADDRESS, () => resolve(server.address() as AddressInfo));
  });
}
