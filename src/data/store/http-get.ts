// One GET request over http or https: redirects followed up to a limit, time-outs on silence. node:http rather than
// fetch, which would unpack a .gz file that a server labels `Content-Encoding: gzip`, and so change its bytes and size.
import { get as getOverHttp, type IncomingMessage, type OutgoingHttpHeaders } from "node:http";
import { get as getOverHttps } from "node:https";

/** How long a transfer may take, and how often it is tried. */
export interface NetworkLimits {
  /** Until the answer's first bytes. */
  connectMs: number;
  /** Between two pieces of the answer. */
  stallMs: number;
  /** Tries in a row that bring nothing new. */
  attempts: number;
  /** Wait before the second try; doubled before each further one. */
  firstDelayMs: number;
  redirects: number;
}

export const patientLimits: NetworkLimits = {
  connectMs: 20_000,
  stallMs: 30_000,
  attempts: 5,
  firstDelayMs: 1000,
  redirects: 5,
};

/** A request that failed. */
export class TransferError extends Error {
  /** @param passing another try may succeed */
  constructor(
    message: string,
    readonly passing: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "TransferError";
  }
}

/** An answer whose body is still to come. */
export interface Answer {
  status: number;
  headers: IncomingMessage["headers"];
  /** Pieces of the body as they arrive; throws a TransferError where they stop. */
  body: AsyncIterable<Buffer>;
  /** Ends the transfer, wherever it is. */
  close(): void;
}

/**
 * Asks for an address.
 *
 * @returns the first answer that is no redirect, whatever its status
 * @throws {TransferError} where there is no answer, or too many redirects
 */
export async function httpGet(
  url: string,
  headers: OutgoingHttpHeaders,
  limits: NetworkLimits,
  signal?: AbortSignal,
): Promise<Answer> {
  let address = new URL(url);
  for (let hops = 0; ; hops += 1) {
    const answer = await answerOf(address, headers, limits, signal);
    const { location } = answer.headers;
    if (![301, 302, 303, 307, 308].includes(answer.status) || !location) return answer;
    answer.close();
    if (hops === limits.redirects)
      throw new TransferError(`${url} redirects more than ${limits.redirects} times`, false);
    const next = new URL(location, address);
    if (next.protocol !== "https:" && next.protocol !== address.protocol)
      throw new TransferError(`${address} redirects to ${next}, which is less safe`, false);
    address = next;
  }
}

function answerOf(
  address: URL,
  headers: OutgoingHttpHeaders,
  { connectMs, stallMs }: NetworkLimits,
  signal?: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let cause: Error | undefined; // why we ended the transfer ourselves
    const end = (reason: Error) => {
      cause ??= reason;
      request.destroy(reason);
    };
    const fault = (error: unknown) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      return cause ?? explainNetworkFailure(address, error as NodeJS.ErrnoException);
    };
    const silent = (ms: number) =>
      setTimeout(() => end(new TransferError(`${address.host} is silent for ${ms / 1000} s`, true)), ms);
    const onAbort = () => end(abortReason(signal));
    const get = address.protocol === "https:" ? getOverHttps : getOverHttp;
    let timer = silent(connectMs);
    const options = { agent: false as const, headers: { "user-agent": "dolab", ...headers } };
    const request = get(address, options, (response) => {
      async function* body() {
        try {
          for await (const piece of response) {
            clearTimeout(timer);
            yield piece as Buffer;
            timer = silent(stallMs);
          }
        } catch (error) {
          throw fault(error);
        } finally {
          clearTimeout(timer);
          signal?.removeEventListener("abort", onAbort);
        }
      }
      clearTimeout(timer);
      timer = silent(stallMs);
      const close = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
        response.destroy();
      };
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: body(), close });
    });
    request.on("error", (error) => reject(fault(error)));
    if (signal?.aborted) onAbort();
    else signal?.addEventListener("abort", onAbort, { once: true });
  });
}

/** The error with which an aborted signal ends work. */
export function abortReason(signal?: AbortSignal): Error {
  return signal?.reason instanceof Error ? signal.reason : new Error("Stopped before the download was done");
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
const LASTING = ["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ENETUNREACH", "EHOSTUNREACH"];

function explainNetworkFailure({ host }: URL, error: NodeJS.ErrnoException): TransferError {
  // Where every address of a name fails, Node gathers the failures.
  const { code = "", message } =
    error instanceof AggregateError ? (error.errors[0] as NodeJS.ErrnoException) : error;
  const passing = !LASTING.includes(code) && !/CERT|SELF_SIGNED|TLS|SSL/.test(code);
  return new TransferError(`${host} ${REASONS[code] ?? `fails: ${message}`}`, passing, { cause: error });
}
