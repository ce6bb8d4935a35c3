// An HTTP server on this machine, for one test, whose answers can be spoilt.
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";

export interface LocalServer {
  /** Such as "http://127.0.0.1:1234". */
  url: string;
  /** Method, path and range of each request so far, such as "/a.bin bytes=10-". */
  requests: string[];
}

export async function localServer(test: TestContext, answer: RequestListener): Promise<LocalServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push([request.url, request.headers.range].filter(Boolean).join(" "));
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

export interface Served {
  etag?: string;
  /** false: every answer is the whole file. */
  ranges?: boolean;
  /** The connection is cut when so many bytes of the answer are out. */
  cutAfter?: number;
}

/** Answers with a file's bytes, whole or the range that is asked for. */
export function serve(
  bytes: Uint8Array,
  request: IncomingMessage,
  response: ServerResponse,
  { etag, ranges = true, cutAfter }: Served = {},
): void {
  const asked = /^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1];
  const fits = request.headers["if-range"] === undefined || request.headers["if-range"] === etag;
  const start = ranges && asked && fits ? Number(asked) : 0;
  const body = bytes.subarray(start);
  if (etag) response.setHeader("etag", etag);
  response.setHeader("content-length", body.length);
  if (start > 0) response.setHeader("content-range", `bytes ${start}-${bytes.length - 1}/${bytes.length}`);
  response.writeHead(start > 0 ? 206 : 200);
  if (cutAfter === undefined || cutAfter >= body.length) response.end(body);
  else response.write(body.subarray(0, cutAfter), () => setTimeout(() => response.destroy(), 20));
}
