// Makes one GET request: redirects are followed up to a limit, silence ends it, and failures are put in words.
// It uses node:http rather than fetch, which would unpack a .gz file that a server labels `Content-Encoding: gzip`, and so change
// its bytes and size (test/data/store/download.test.ts, "keeps the bytes of a .gz file").
import http, { type IncomingMessage, type OutgoingHttpHeaders } from "node:http";
import https from "node:https";
import { setTimeout as delay } from "node:timers/promises";

/** How patient a transfer is. */
export interface NetworkLimits {
  /** Milliseconds without a byte after which a server counts as silent. */
  silenceMs: number;
  /** How many tries in a row may bring nothing new. */
  attempts: number;
  /** Milliseconds to wait before the second try; doubled before each further one. */
  firstDelayMs: number;
}

export const patientLimits: NetworkLimits = { silenceMs: 30_000, attempts: 5, firstDelayMs: 1000 };
const MOST_REDIRECTS = 5;

/** A file that could not be had: "passing" where another try may succeed, "absent" where there is no such file. */
export class TransferError extends Error {
  override readonly name = "TransferError";

  constructor(
    message: string,
    readonly kind: "passing" | "absent" | "lasting",
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** An answer whose body is still to come. */
export interface Answer {
  status: number;
  headers: IncomingMessage["headers"];
  /** Pieces of the body as they arrive; ending the loop ends the transfer. */
  body: AsyncIterable<Buffer>;
}

/**
 * Asks for an address.
 *
 * @param silenceMs milliseconds without a byte after which the server counts as silent
 * @returns the first answer that is no redirect, whatever its status
 * @throws {TransferError} where there is no answer, or too many redirects; the body throws it where it stops
 */
export async function httpGet(
  url: string,
  headers: OutgoingHttpHeaders,
  silenceMs: number,
  signal?: AbortSignal,
): Promise<Answer> {
  let address = new URL(url);
  for (let hops = 0; ; hops += 1) {
    const answer = await ask(address, headers, silenceMs, signal);
    const { location } = answer.headers;
    if (![301, 302, 303, 307, 308].includes(answer.status) || !location) return answer;
    for await (const _ of answer.body) break; // ends the transfer
    if (hops === MOST_REDIRECTS)
      throw new TransferError(`${url} redirects more than ${MOST_REDIRECTS} times`, "lasting");
    const next = new URL(location, address);
    if (next.protocol !== "https:" && next.protocol !== address.protocol)
      throw new TransferError(`${address} redirects to ${next}, which is less safe`, "lasting");
    address = next;
  }
}

function ask(
  address: URL,
  headers: OutgoingHttpHeaders,
  silenceMs: number,
  signal?: AbortSignal,
): Promise<Answer> {
  let silent = false;
  /** Why the transfer ended: we stopped it, or the network did. */
  const reason = (error: unknown) => {
    if (signal?.aborted) return signal.reason;
    return silent
      ? new TransferError(`${address.host} is silent for ${silenceMs / 1000} s`, "passing")
      : networkFailure(address, error as NodeJS.ErrnoException);
  };
  async function* pieces(response: IncomingMessage) {
    try {
      yield* response as AsyncIterable<Buffer>;
    } catch (error) {
      throw reason(error);
    }
  }
  return new Promise((resolve, reject) => {
    const { get } = address.protocol === "https:" ? https : http;
    const options = { agent: false as const, timeout: silenceMs, signal };
    const request = get(address, { ...options, headers: { "user-agent": "dolab", ...headers } }, (answer) => {
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: pieces(answer) });
    });
    request.on("timeout", () => {
      silent = true;
      request.destroy();
    });
    request.on("error", (error) => reject(reason(error)));
  });
}

/** Waits, or throws what the signal was aborted with. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(() => signal?.throwIfAborted());
}

const REASONS: Record<string, string> = {
  ENOTFOUND: "cannot be found: there is no network, or no such name",
  EAI_AGAIN: "cannot be found: there is no network, or no name server",
  ECONNREFUSED: "refuses connections",
  ECONNRESET: "cut the connection",
  EPIPE: "cut the connection",
  ENETUNREACH: "cannot be reached: there is no network",
  EHOSTUNREACH: "cannot be reached",
  ETIMEDOUT: "does not answer",
};
/** What waiting does not mend. */
const LASTING = /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|EHOSTUNREACH)$|CERT|SELF_SIGNED|TLS|SSL/;

function networkFailure({ host }: URL, error: NodeJS.ErrnoException): TransferError {
  // Where every address of a name fails, Node gathers the failures.
  const { code = "", message }: NodeJS.ErrnoException =
    error instanceof AggregateError ? error.errors[0] : error;
  const kind = LASTING.test(code) ? "lasting" : "passing";
  return new TransferError(`${host} ${REASONS[code] ?? `fails: ${message}`}`, kind, { cause: error });
}
