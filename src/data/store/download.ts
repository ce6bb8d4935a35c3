// Brings a file from an address, or from a folder nearby, to its place, or not at all. What has come is kept in FILE.part,
// and the next try, of this process or a later one, asks for the rest only (RFC 9110, Range). Only a file of the right
// size and checksum gets its name; one put together from two versions has neither, and is fetched anew.
import { appendFileSync, createReadStream, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileDigest } from "../../io/file-fingerprint";
import { discard, explainWriteFailure } from "../../io/write-atomically";
import { type DatasetFile, sizeFault } from "./dataset";
import { type Answer, httpGet, type NetworkLimits, patientLimits, pause, TransferError } from "./http-get";

/** What a file must be. Without a checksum it is never put together from two tries. */
export interface ExpectedFile {
  bytes: DatasetFile["bytes"];
  checksum?: { readonly algorithm: "md5" | "sha256"; readonly digest: string };
}

export interface DownloadOptions {
  limits?: NetworkLimits;
  /** Called with the number of bytes that are here, those of earlier tries included. */
  onBytes?: (bytes: number) => void;
  /** Called before each write: throws where the file is no longer ours to write. */
  check?: () => void;
  signal?: AbortSignal;
}

/** Whether a place is an address rather than a folder or file. */
export const isAddress = (place: string) => /^https?:\/\//i.test(place);

/**
 * Brings a file, going on with what an earlier call left.
 *
 * @param from an http(s) address or the path of a file
 * @param path where it goes; PATH.part keeps what has come
 * @throws {TransferError} saying why it cannot be had; PATH.part stays where going on may succeed
 * @throws {Error} where it cannot be written, or what `signal` was aborted with
 */
export async function download(
  from: string,
  path: string,
  expected: ExpectedFile,
  options: DownloadOptions = {},
): Promise<void> {
  const { limits = patientLimits, check = () => {}, signal } = options;
  const part = `${path}.part`;
  for (let failures = 0, best = sizeOf(part); ; ) {
    try {
      await bringRest(from, part, expected, options);
      check();
      return renameSync(part, path);
    } catch (error) {
      if (!(error instanceof TransferError && error.kind === "passing")) throw error;
      failures = sizeOf(part) > best ? 1 : failures + 1;
      best = Math.max(best, sizeOf(part));
      if (failures >= limits.attempts) throw error;
    }
    await pause(limits.firstDelayMs * 2 ** (failures - 1), signal);
  }
}

const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Brings what is still to come of a file, and checks the whole. */
async function bringRest(
  from: string,
  part: string,
  expected: ExpectedFile,
  { limits = patientLimits, onBytes = () => {}, check = () => {}, signal }: DownloadOptions,
): Promise<void> {
  const before = expected.checksum ? sizeOf(part) : 0;
  const refuse = (fault: string) => {
    discard(part);
    const kind = before > 0 ? "passing" : "lasting"; // two right versions make a wrong whole: begun anew, it may be right
    throw new TransferError(`${from} is not the file it should be: ${fault}`, kind);
  };
  if (before !== expected.bytes) {
    const headers = { "accept-encoding": "identity", ...(before > 0 && { range: `bytes=${before}-` }) };
    const answer = isAddress(from)
      ? await httpGet(from, headers, limits.silenceMs, signal)
      : localAnswer(from);
    let bytes = startOf(from, answer, before, refuse);
    const length = answer.headers["content-length"];
    const fault = length && sizeFault(expected, bytes + Number(length));
    if (fault) refuse(fault);
    const write = (work: () => void) => {
      check(); // and then writes without a pause, so that no other call of this process writes in between
      try {
        work();
      } catch (error) {
        throw explainWriteFailure(part, dirname(part), error);
      }
    };
    if (bytes === 0) write(() => writeFileSync(part, ""));
    for await (const piece of answer.body) {
      bytes += piece.length;
      const { bytes: rule } = expected;
      if (bytes > (typeof rule === "number" ? rule : rule.most)) refuse(sizeFault(expected, bytes)!);
      write(() => appendFileSync(part, piece));
      onBytes(bytes);
    }
    if (sizeFault(expected, bytes))
      throw new TransferError(`${from} ends after ${bytes} of ${expected.bytes} bytes`, "passing");
  }
  if (!expected.checksum) return;
  const { algorithm, digest } = expected.checksum;
  const { digest: found } = fileDigest(part, algorithm);
  if (found !== digest)
    refuse(`its ${algorithm === "md5" ? "MD5" : "SHA-256"} must be ${digest}: got ${found}`);
}

/** A file nearby, in the form of a server's answer. */
function localAnswer(path: string): Answer {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) throw new TransferError(`there is no ${path}`, "absent");
  return { status: 200, headers: { "content-length": `${size}` }, body: createReadStream(path) };
}

/** The byte of the file at which an answer begins. */
function startOf(from: string, { status, headers }: Answer, before: number, refuse: (fault: string) => void) {
  if (status === 200) return 0;
  const [, start] = /^bytes (\d+)-/.exec(headers["content-range"] ?? "") ?? [];
  if (status === 206 && Number(start) === before) return before;
  if (status === 206 || status === 416) refuse("it has changed since its download began");
  const passing = status >= 500 || [408, 425, 429].includes(status);
  const kind = passing ? "passing" : [404, 410].includes(status) ? "absent" : "lasting";
  throw new TransferError(`${from} answers with status ${status}`, kind);
}
