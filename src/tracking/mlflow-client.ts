// MLflow's REST API (2.0), as far as tracking needs it: https://mlflow.org/docs/latest/rest-api.html. A request that may succeed
// later fails with a `TrackingUnreachableError`, one that never will with a `TrackingRefusedError`.
import process from "node:process";
import type { JournalNumber, RunStatus } from "./journal";

/** No answer, or one that says to come again. */
export class TrackingUnreachableError extends Error {
  override readonly name = "TrackingUnreachableError";
}

/** The server does not take what was sent. */
export class TrackingRefusedError extends Error {
  override readonly name = "TrackingRefusedError";
  constructor(
    message: string,
    /** MLflow's error code, such as RESOURCE_DOES_NOT_EXIST. */
    readonly code: string,
  ) {
    super(message);
  }
}

export interface Pair {
  key: string;
  value: string;
}

export interface Metric {
  key: string;
  value: JournalNumber;
  timestamp: number;
  step: number;
}

export interface MlflowRun {
  id: string;
  artefactUri: string;
}

export interface MlflowClient {
  /** The server's address. */
  uri: string;
  /** @returns the experiment's id; it is made where there is none of that name */
  experiment(name: string): Promise<string>;
  /** @returns the run of that tag */
  findRun(experiment: string, tag: Pair): Promise<MlflowRun | undefined>;
  createRun(run: { experiment: string; title: string; time: number; tags: Pair[] }): Promise<MlflowRun>;
  logBatch(run: string, batch: { metrics?: Metric[]; params?: Pair[]; tags?: Pair[] }): Promise<void>;
  updateRun(run: string, state: { status: RunStatus; time: number }): Promise<void>;
  putArtefact(run: MlflowRun, path: string, content: Uint8Array): Promise<void>;
}

/** Milliseconds until a request is given up. */
const TIMEOUT = 20_000;

/** @param uri of a server, such as http://127.0.0.1:5000; credentials as MLflow's own client takes them from the environment */
export function mlflowClient(uri: string, { timeout = TIMEOUT }: { timeout?: number } = {}): MlflowClient {
  const base = uri.replace(/\/+$/, "");
  const ask = (method: string, path: string, content: string | Uint8Array | undefined, type: string) =>
    request(`${base}${path}`, {
      method,
      headers: { "content-type": type, ...credentials() },
      body: content as RequestInit["body"],
      signal: AbortSignal.timeout(timeout),
    });
  const post = (path: string, body: object) =>
    ask("POST", `/api/2.0/mlflow/${path}`, JSON.stringify(body), "application/json");
  const get = (path: string) => ask("GET", `/api/2.0/mlflow/${path}`, undefined, "application/json");
  const runOf = ({ run }: Answer): MlflowRun => ({
    id: run?.info.run_id ?? "",
    artefactUri: run?.info.artifact_uri ?? "",
  });

  const findExperiment = async (name: string) => {
    const { experiment } = await get(`experiments/get-by-name?experiment_name=${encodeURIComponent(name)}`);
    if (experiment?.lifecycle_stage === "deleted")
      throw new TrackingRefusedError(
        `experiment "${name}" is deleted there: restore it (mlflow experiments restore --experiment-id ${experiment.experiment_id})`,
        "INVALID_STATE",
      );
    return experiment?.experiment_id ?? "";
  };
  return {
    uri: base,
    async experiment(name) {
      try {
        return await findExperiment(name);
      } catch (error) {
        if (!hasCode(error, "RESOURCE_DOES_NOT_EXIST")) throw error;
      }
      try {
        return (await post("experiments/create", { name })).experiment_id ?? "";
      } catch (error) {
        if (hasCode(error, "RESOURCE_ALREADY_EXISTS")) return findExperiment(name); // made by another meanwhile
        throw error;
      }
    },
    async findRun(experiment, { key, value }) {
      const { runs = [] } = await post("runs/search", {
        experiment_ids: [experiment],
        filter: `tags.\`${key}\` = '${value}'`,
        max_results: 1,
      });
      return runs.length > 0 ? runOf({ run: runs[0] }) : undefined;
    },
    async createRun({ experiment, title, time, tags }) {
      const body = { experiment_id: experiment, run_name: title, start_time: time, tags };
      return runOf(await post("runs/create", body));
    },
    async logBatch(run, { metrics = [], params = [], tags = [] }) {
      await post("runs/log-batch", { run_id: run, metrics, params, tags });
    },
    async updateRun(run, { status, time }) {
      const end = status === "RUNNING" ? {} : { end_time: time };
      await post("runs/update", { run_id: run, status, ...end });
    },
    async putArtefact({ artefactUri }, path, content) {
      const [, root] = /^mlflow-artifacts:(?:\/\/[^/]*)?\/*(.*)$/.exec(artefactUri) ?? [];
      if (root === undefined)
        throw new TrackingRefusedError(
          `that server keeps artefacts at ${artefactUri} and takes none over HTTP (mlflow server --serve-artifacts)`,
          "NO_ARTEFACT_PROXY",
        );
      const place = `${root}/${path}`.split("/").map(encodeURIComponent).join("/");
      const whole = `/api/2.0/mlflow-artifacts/artifacts/${place}`;
      await ask("PUT", whole, content, "application/octet-stream");
    },
  };
}

export const hasCode = (error: unknown, code: string): boolean =>
  error instanceof TrackingRefusedError && error.code === code;

interface RunAnswer {
  info: { run_id: string; artifact_uri: string };
}

interface Answer {
  experiment?: { experiment_id: string; lifecycle_stage: string };
  experiment_id?: string;
  run?: RunAnswer;
  runs?: RunAnswer[];
  error_code?: string;
  message?: string;
}

/** What an answer's status says of a later try: too many requests, or a server in trouble. */
const isPassing = (status: number) => status === 408 || status === 429 || status >= 500;

async function request(url: string, init: RequestInit): Promise<Answer> {
  let status: number;
  let text: string;
  try {
    const response = await fetch(url, init);
    status = response.status;
    text = await response.text();
  } catch (error) {
    const { cause, name, message } = error as Error & { cause?: Error & { code?: string } };
    const why = name === "TimeoutError" ? "it gives no answer" : (cause?.code ?? cause?.message ?? message);
    throw new TrackingUnreachableError(why);
  }
  const answer = parseAnswer(text);
  if (status < 300 && answer) return answer;
  const said = answer?.message ?? text.slice(0, 200).replace(/\s+/g, " ");
  if (/database is locked/i.test(said))
    throw new TrackingUnreachableError("its SQLite file is locked by another program: end that program");
  if (status === 401 || status === 403)
    throw new TrackingUnreachableError(
      `it asks for credentials (${status}): set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN`,
    );
  if (/no-serve-artifacts/.test(said)) throw new TrackingRefusedError(said, "NO_ARTEFACT_PROXY");
  if (isPassing(status) && answer?.error_code !== "INVALID_PARAMETER_VALUE")
    throw new TrackingUnreachableError(`it answers ${status}: ${said}`);
  if (!answer || (status === 404 && answer.error_code === undefined))
    throw new TrackingUnreachableError(`it is no MLflow server (it answers ${status}: ${said})`);
  throw new TrackingRefusedError(said, answer.error_code ?? String(status));
}

/** @returns undefined where the text is no answer of an MLflow server */
function parseAnswer(text: string): Answer | undefined {
  if (text.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === "object" ? (value as Answer) : undefined;
  } catch {
    return undefined;
  }
}

function credentials(): Record<string, string> {
  const {
    MLFLOW_TRACKING_USERNAME: user,
    MLFLOW_TRACKING_PASSWORD: password,
    MLFLOW_TRACKING_TOKEN: token,
  } = process.env;
  if (token) return { authorization: `Bearer ${token}` };
  if (!user) return {};
  return { authorization: `Basic ${Buffer.from(`${user}:${password ?? ""}`).toString("base64")}` };
}
