// As much of MLflow's REST API as tracking uses, in memory, and made to fail as a test asks.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

interface FakeRun {
  info: { run_id: string; run_name: string; status: string; artifact_uri: string; experiment_id: string };
  tags: Map<string, string>;
  params: Map<string, string>;
  metrics: { key: string; value: number | string; timestamp: number; step: number }[];
}

type Body = Record<string, never> & { [key: string]: unknown };

export interface FakeMlflow {
  uri: string;
  runs: FakeRun[];
  artefacts: Map<string, string>;
  requests: string[];
  /** What the next requests meet: nothing unusual, no connection, an answer, or an endless wait. */
  fault: "none" | "gone" | "silent" | { status: number; body: object };
  named(title: string): FakeRun;
  close(): Promise<void>;
}

export async function startFakeMlflow(): Promise<FakeMlflow> {
  const experiments: string[] = [];
  const known = new Set<string>();
  let made = 0;
  const fake: FakeMlflow = {
    uri: "",
    runs: [],
    artefacts: new Map(),
    requests: [],
    fault: "none",
    named(title) {
      const found = fake.runs.filter(({ info }) => info.run_name === title);
      if (found.length !== 1) throw new Error(`${found.length} runs are called ${title}`);
      return found[0];
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  const missing = { error_code: "RESOURCE_DOES_NOT_EXIST", message: "there is no such thing" };
  const runOf = (id: unknown) => fake.runs.find(({ info }) => info.run_id === id);
  const answer = (path: string, query: URLSearchParams, body: Body): [number, object] => {
    if (path === "experiments/get-by-name") {
      const at = experiments.indexOf(query.get("experiment_name") ?? "");
      return at < 0
        ? [404, missing]
        : [200, { experiment: { experiment_id: String(at), lifecycle_stage: "active" } }];
    }
    if (path === "experiments/create")
      return [200, { experiment_id: String(experiments.push(String(body.name)) - 1) }];
    if (path === "runs/search") {
      const [, key, value] = /^tags\.`(.+)` = '(.+)'$/.exec(String(body.filter)) ?? [];
      return [200, { runs: fake.runs.filter(({ tags }) => tags.get(key) === value) }];
    }
    if (path === "runs/create") {
      const id = `run-${++made}`;
      const tags = new Map(
        (body.tags as { key: string; value: string }[]).map(({ key, value }) => [key, value]),
      );
      const info = {
        run_id: id,
        run_name: String(body.run_name),
        status: "RUNNING",
        artifact_uri: `mlflow-artifacts:/${body.experiment_id}/${id}/artifacts`,
        experiment_id: String(body.experiment_id),
      };
      fake.runs.push({ info, tags, params: new Map(), metrics: [] });
      return [200, { run: { info } }];
    }
    const run = runOf(body.run_id);
    if (!run) return [404, missing];
    if (path === "runs/update") {
      run.info.status = String(body.status);
      return [200, {}];
    }
    const { params, metrics, tags } = body as unknown as Record<string, { key: string; value: string }[]>;
    for (const { key, value } of params) {
      if ((run.params.get(key) ?? value) !== value)
        return [400, { error_code: "INVALID_PARAMETER_VALUE", message: `${key} has another value` }];
      run.params.set(key, value);
    }
    for (const { key, value } of tags) run.tags.set(key, value);
    for (const metric of metrics as unknown as FakeRun["metrics"]) {
      const point = `${run.info.run_id} ${JSON.stringify(metric)}`;
      if (!known.has(point)) run.metrics.push(metric);
      known.add(point);
    }
    return [200, {}];
  };
  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://fake");
    fake.requests.push(pathname);
    if (fake.fault === "gone") return request.socket.destroy();
    if (fake.fault === "silent") return;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const send = (status: number, body: object) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (fake.fault !== "none") return send(fake.fault.status, fake.fault.body);
    const [, artefact] = /^\/api\/2\.0\/mlflow-artifacts\/artifacts\/(.+)$/.exec(pathname) ?? [];
    if (artefact) {
      fake.artefacts.set(artefact, text);
      return send(200, {});
    }
    send(...answer(pathname.replace("/api/2.0/mlflow/", ""), searchParams, text ? JSON.parse(text) : {}));
  };
  const server = createServer((request, response) => void respond(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  fake.uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return fake;
}
