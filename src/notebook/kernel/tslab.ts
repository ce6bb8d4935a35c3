// The parts of tslab 1.0.22 that the kernel is put together from. tslab publishes no API for this, so every use of its
// inner files goes through here, with the types that they have.
import { createRequire } from "node:module";
import type { Socket } from "node:net";
import { queueMessages, type Sender } from "./queue-messages";

export interface Conversion {
  diagnostics: unknown[];
  output?: string;
  declOutput?: string;
  hasToplevelAwait?: boolean;
  sideOutputs?: unknown[];
}

export interface Converter {
  convert(previousDeclarations: string, source: string): Conversion;
  inspect(previousDeclarations: string, source: string, position: number): unknown;
  complete(previousDeclarations: string, source: string, position: number): unknown;
  addModule(name: string, source: string, metadata: unknown): unknown;
  close(): void;
}

export interface Executor {
  execute(source: string): Promise<boolean>;
  interrupt(): void;
  close(): void;
}

export interface DisplayBundle {
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
  transient?: { display_id?: string };
}

export interface Message {
  header: { msg_type: string; date?: string };
  content: unknown;
  createReply(): Message;
  signAndSend(key: string, socket: Socket): void;
}

export interface ExecuteRequest {
  code: string;
  silent?: boolean;
  store_history?: boolean;
  stop_on_error?: boolean;
}

/** Replies to Jupyter's requests; tslab's own, of which execution is replaced. */
export interface Handler {
  executor: Executor;
  handleKernel(): { banner: string; language_info: { version: string } };
  handleShutdown(request: { restart: boolean }): unknown;
  close(): void;
}

export interface Server {
  handler: Handler;
  connInfo: { key: string };
  iopub: Socket;
  handleExecute(socket: Socket, message: Message): Promise<void>;
  init(): Promise<void>;
  close(): void;
}

export const { createConverter } = require("tslab/dist/converter") as {
  createConverter(options: { isJS: boolean; isBrowser: boolean }): Converter;
};

export const { createExecutor } = require("tslab/dist/executor") as {
  createExecutor(
    root: string,
    converters: { node: Converter; browser: Converter; close(): void },
    console: { log(...values: unknown[]): void; error(...values: unknown[]): void },
  ): Executor;
};

const jupyter = require("tslab/dist/jupyter") as {
  ZmqServer: new (handler: Handler, connectionFile: string) => Server;
  JupyterHandlerImpl: new (executor: Executor, isJavaScript: boolean) => Handler;
  lastWriteDisplayData: ((bundle: DisplayBundle, update: boolean) => void) | null;
};

export const { ZmqServer, JupyterHandlerImpl } = jupyter;

const zeromq = createRequire(require.resolve("tslab/dist/jupyter"))("zeromq") as Record<
  "Publisher" | "Router",
  { prototype: Sender }
>;
for (const { prototype } of [zeromq.Publisher, zeromq.Router]) queueMessages(prototype);

export const { versions: tslabVersions } = require("tslab") as { versions: { typescript: string } };

/** Where `import { display } from "tslab"` writes to. */
export function setTslabDisplay(write: (bundle: DisplayBundle, update: boolean) => void) {
  jupyter.lastWriteDisplayData = write;
}
