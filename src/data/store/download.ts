// A file fetched over http or https into its place, or not at all. What has come is kept in FILE.part, and the next try,
// of this process or a later one, asks for the rest only (RFC 9110, Range with If-Range), so that a file that has
// changed since starts anew. Only a file of the right size and checksum gets its name.
import { createHash, type Hash } from "node:crypto";
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { discard, explainWriteFailure, writeFileAtomically } from "../../io/write-atomically";
import {
  type Answer,
  abortReason,
  httpGet,
  type NetworkLimits,
  patientLimits,
  TransferError,
} from "./http-get";

/** What a downloaded file must be. */
export interface ExpectedFile {
  /** Where the size is known. */
  bytes?: number;
  /** Else: no more than this is taken. */
  mostBytes?: number;
  checksum?: { algorithm: "md5" | "sha256"; digest: string };
}

export interface DownloadOptions {
  limits?: NetworkLimits;
  /** Called with the bytes that are here, those of earlier tries included. */
  onBytes?: (bytes: number) => void;
  /** Called before each write: throws where the file is no longer ours to write. */
  check?: () => void;
  signal?: AbortSignal;
}

/**
 * Downloads a file, resuming what an earlier call left.
 *
 * @param path where it goes; beside it, PATH.part keeps what has come and PATH.part.json which version that is
 * @throws {TransferError} saying why it cannot be had; PATH.part stays where going on may succeed
 * @throws {Error} where it cannot be written, or what `signal` was aborted with
 */
export async function download(
  url: string,
  path: string,
  expected: ExpectedFile,
  { limits = patientLimits, onBytes = () => {}, check = () => {}, signal }: DownloadOptions = {},
): Promise<void> {
  const part = new PartialFile(path, url);
  for (let failures = 0, best = part.size(); ; ) {
    try {
      const resumed = part.size() > 0;
      await transfer(url, part, expected, { limits, onBytes, check, signal });
      const fault = contentFault(part.path, expected);
      if (!fault) break;
      part.discard();
      // A file put together from two versions may be wrong though both are right: that one is worth another try.
      throw new TransferError(`${url} is not the file it should be: ${fault}`, resumed);
    } catch (error) {
      if (!(error instanceof TransferError && error.passing)) throw error;
      failures = part.size() > best ? 1 : failures + 1;
      best = Math.max(best, part.size());
      if (failures >= limits.attempts) throw new TransferError(error.message, false, { cause: error });
      await delay(limits.firstDelayMs * 2 ** (failures - 1), undefined, { signal }).catch(() => {
        throw abortReason(signal);
      });
    }
  }
  check();
  renameSync(part.path, path);
  part.discard();
}

/** Brings the rest of a file, or all of it. */
async function transfer(
  url: string,
  part: PartialFile,
  expected: ExpectedFile,
  { limits, onBytes, check, signal }: Required<Omit<DownloadOptions, "signal">> & { signal?: AbortSignal },
): Promise<void> {
  const before = part.size();
  if (before === expected.bytes) return onBytes(before);
  const answer = await httpGet(
    url,
    { ...part.rangeHeaders(), "accept-encoding": "identity" },
    limits,
    signal,
  );
  try {
    const start = startOf(url, answer, part, expected);
    check();
    part.begin(start, answer);
    let bytes = start;
    for await (const piece of answer.body) {
      bytes += piece.length;
      refuseSize(url, part, bytes, expected);
      check(); // and then writes without a pause, so that no other call of this process writes in between
      part.append(piece);
      onBytes(bytes);
    }
    if (expected.bytes !== undefined && bytes < expected.bytes) {
      throw new TransferError(`${url} ends after ${bytes} of ${expected.bytes} bytes`, true);
    }
  } finally {
    answer.close();
    part.end();
  }
}

/** The byte of the file at which an answer begins. */
function startOf(url: string, answer: Answer, part: PartialFile, expected: ExpectedFile): number {
  const { status, headers } = answer;
  if (status === 200) {
    const length = Number(headers["content-length"] ?? Number.NaN);
    if (length >= 0) refuseSize(url, part, length, expected, true);
    return 0;
  }
  const [, from, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers["content-range"] ?? "") ?? [];
  const sameSize = total === "*" || expected.bytes === undefined || Number(total) === expected.bytes;
  if (status === 206 && Number(from) === part.size() && sameSize) return part.size();
  if (status === 206 || status === 416) {
    part.discard();
    throw new TransferError(`${url} has changed since its download began`, true);
  }
  const passing = status >= 500 || status === 408 || status === 425 || status === 429;
  throw new TransferError(`${url} answers with status ${status}`, passing);
}

function refuseSize(
  url: string,
  part: PartialFile,
  bytes: number,
  expected: ExpectedFile,
  isWhole = false,
): void {
  const most = expected.bytes ?? expected.mostBytes ?? Number.POSITIVE_INFINITY;
  const wrong = bytes > most || (isWhole && expected.bytes !== undefined && bytes !== expected.bytes);
  if (!wrong) return;
  part.discard();
  const rule = expected.bytes === undefined ? `at most ${most}` : `${most}`;
  throw new TransferError(
    `${url} is not the file it should be: it must have ${rule} bytes, not ${bytes}`,
    false,
  );
}

const PIECE_BYTES = 2 ** 20;

function contentFault(path: string, { checksum }: ExpectedFile): string | undefined {
  if (!checksum) return undefined;
  const digest = hashFile(path, createHash(checksum.algorithm));
  const rule = `its ${checksum.algorithm === "md5" ? "MD5" : "SHA-256"} must be ${checksum.digest}`;
  return digest === checksum.digest ? undefined : `${rule}, not ${digest}`;
}

function hashFile(path: string, hash: Hash): string {
  const piece = Buffer.alloc(PIECE_BYTES);
  const file = openSync(path, "r");
  try {
    for (let count = readSync(file, piece); count > 0; count = readSync(file, piece)) {
      hash.update(piece.subarray(0, count));
    }
  } finally {
    closeSync(file);
  }
  return hash.digest("hex");
}

/** What has come of a file, and of which version. */
class PartialFile {
  readonly path: string;
  private readonly notePath: string;
  private descriptor: number | undefined;

  constructor(
    private readonly target: string,
    private readonly url: string,
  ) {
    this.path = `${target}.part`;
    this.notePath = `${this.path}.json`;
    if (this.note().url !== url) this.discard();
  }

  size(): number {
    return statSync(this.path, { throwIfNoEntry: false })?.size ?? 0;
  }

  rangeHeaders(): Record<string, string> {
    if (this.size() === 0) return {};
    const { validator } = this.note();
    return { range: `bytes=${this.size()}-`, ...(validator ? { "if-range": validator } : {}) };
  }

  /** @param start 0 begins the file anew */
  begin(start: number, { headers }: Answer): void {
    this.writing(() => {
      if (start === 0) {
        this.discard();
        // A weak ETag does not promise the same bytes, and may not be used here.
        const etag = headers.etag?.startsWith("W/") ? undefined : headers.etag;
        const validator = etag ?? headers["last-modified"];
        writeFileAtomically(this.notePath, JSON.stringify({ url: this.url, validator }));
      }
      this.descriptor = openSync(this.path, "a");
    });
  }

  append(piece: Uint8Array): void {
    this.writing(() => {
      for (let done = 0; done < piece.length; ) done += writeSync(this.descriptor!, piece, done);
    });
  }

  end(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }

  discard(): void {
    discard(this.path);
    discard(this.notePath);
  }

  private note(): { url?: string; validator?: string } {
    try {
      return existsSync(this.notePath) ? JSON.parse(readFileSync(this.notePath, "utf8")) : {};
    } catch {
      return {}; // then the file begins anew
    }
  }

  private writing(work: () => void): void {
    try {
      work();
    } catch (error) {
      throw explainWriteFailure(this.target, dirname(this.target), error);
    }
  }
}
