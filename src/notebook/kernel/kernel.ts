// The Jupyter kernel: tslab's compiler, executor and message server, put together anew so that JupyterLab gets what
// it expects of a kernel and tslab alone does not send: execution counts, error messages with a readable trace,
// aborts that follow Jupyter's rules, interrupts that long work can hear, several formats in one output.
import process from "node:process";
import { createCellCompiler } from "./cell-compiler";
import { type CellError, describeDiagnostics, describeError } from "./cell-error";
import { mendCompilerHost } from "./compiler-host";
import { showValue } from "./show-value";
import type * as tslabParts from "./tslab";

const flushMs = 20; // how long after a failed cell queued requests are collected, to be aborted as Jupyter does

/** What a running cell can reach; src/notebook/display.ts is its one user. */
interface KernelBridge {
  display(bundle: tslabParts.DisplayBundle, update: boolean): void;
  readonly interrupted: AbortSignal;
}

export function startKernel(connectionFile: string) {
  const root = process.cwd();
  const problems: { thrown?: unknown; diagnostics: string[] } = { diagnostics: [] };
  mendCompilerHost(`${root}/src`);
  const tslab: typeof tslabParts = require("./tslab"); // loaded only now, when it finds the mended TypeScript
  const compiler = createCellCompiler(tslab.createConverter({ isJS: false, isBrowser: false }), root);
  const converters = { node: compiler, browser: compiler, close: () => compiler.close() };
  const executor = tslab.createExecutor(root, converters, {
    log: showValue,
    error(format: unknown, ...values: unknown[]) {
      if (typeof format === "string" && format.startsWith("%s%d:%d")) {
        const [file, line, column, text] = values;
        problems.diagnostics.push(`${file}line ${line}, column ${column}: ${text}`);
      } else {
        problems.thrown = format;
      }
    },
  });

  let interruption = new AbortController();
  let executionCount = 0;
  let running = false;
  let strayRejection: { reason: unknown } | null = null;

  async function runCell(code: string): Promise<CellError | null> {
    problems.thrown = undefined;
    problems.diagnostics = [];
    strayRejection = null;
    interruption = new AbortController();
    running = true;
    const described = (thrown: unknown) => {
      if ((thrown as { code?: string })?.code === "ERR_SCRIPT_EXECUTION_INTERRUPTED") interrupt(); // a loop that never yields
      return describeError(
        interruption.signal.aborted ? interruption.signal.reason : thrown,
        root,
        compiler.cell,
      );
    };
    try {
      compiler.compileAhead(code);
      await fullTurn(); // lets an interrupt that came meanwhile be heard
      interruption.signal.throwIfAborted();
      const succeeded = await executor.execute(code);
      compiler.settle(succeeded || interruption.signal.aborted); // what an interrupted cell made can be looked at
      await new Promise(setImmediate); // lets a rejection that nobody awaited come to light
      if (problems.diagnostics.length > 0) return describeDiagnostics(problems.diagnostics);
      if (!succeeded) return described(problems.thrown ?? new Error("The cell failed"));
      return strayRejection ? described((strayRejection as { reason: unknown }).reason) : null;
    } catch (error) {
      return described(error);
    } finally {
      running = false;
    }
  }

  function interrupt() {
    const reason = new Error("The cell was interrupted");
    reason.name = "Interrupted";
    reason.stack = undefined;
    interruption.abort(reason);
    executor.interrupt();
  }

  class KernelServer extends tslab.ZmqServer {
    private queue: Promise<unknown> = Promise.resolve();
    private abortsUntil = 0;

    override async handleExecute(
      socket: Parameters<tslabParts.Server["handleExecute"]>[0],
      message: tslabParts.Message,
    ) {
      const received = Date.now();
      const task = this.queue.then(() => this.execute(socket, message, received));
      this.queue = task.catch(() => {});
      await task;
    }

    private publish(parent: tslabParts.Message, type: string, content: unknown) {
      const reply = parent.createReply();
      reply.header.msg_type = type;
      reply.content = content;
      reply.signAndSend(this.connInfo.key, this.iopub);
    }

    private async execute(
      socket: Parameters<tslabParts.Server["handleExecute"]>[0],
      message: tslabParts.Message,
      received: number,
    ) {
      const request = message.content as tslabParts.ExecuteRequest;
      const { code, silent, store_history: storeHistory, stop_on_error: stopOnError } = request;
      const answer = (content: unknown) => {
        const reply = message.createReply();
        reply.header.msg_type = "execute_reply";
        reply.content = content;
        reply.signAndSend(this.connInfo.key, socket);
      };
      if (received <= this.abortsUntil) return answer({ status: "aborted", execution_count: executionCount });
      if (!silent && storeHistory !== false) executionCount += 1;
      if (!silent) this.publish(message, "execute_input", { code, execution_count: executionCount });

      const writeTo = (name: string) => (data: string | Uint8Array) => {
        const text = typeof data === "string" ? data : Buffer.from(data).toString();
        if (text) this.publish(message, "stream", { name, text });
        return true;
      };
      process.stdout.write = writeTo("stdout") as typeof process.stdout.write;
      process.stderr.write = writeTo("stderr") as typeof process.stderr.write;
      const display = (bundle: tslabParts.DisplayBundle, update: boolean) =>
        this.publish(message, update ? "update_display_data" : "display_data", bundle);
      tslab.setTslabDisplay(display);
      const bridge: KernelBridge = {
        display,
        get interrupted() {
          return interruption.signal;
        },
      };
      (globalThis as Record<symbol, unknown>)[Symbol.for("dolab.kernel")] = bridge;

      const error = await runCell(code);
      if (!error)
        return answer({ status: "ok", execution_count: executionCount, payload: [], user_expressions: {} });
      if (!silent) this.publish(message, "error", error);
      if (stopOnError !== false) {
        await new Promise((resolve) => setTimeout(resolve, flushMs));
        this.abortsUntil = Date.now();
      }
      answer({ status: "error", execution_count: executionCount, ...error });
    }
  }

  class KernelHandler extends tslab.JupyterHandlerImpl {
    override handleKernel() {
      const info = super.handleKernel();
      info.language_info.version = tslab.tslabVersions.typescript;
      info.banner = `TypeScript ${tslab.tslabVersions.typescript} on Node.js ${process.version}`;
      return info;
    }

    override handleShutdown({ restart }: { restart: boolean }) {
      setTimeout(() => process.exit(0), 200).unref();
      return { status: "ok", restart };
    }
  }

  process.on("SIGINT", () => {
    if (running) interrupt();
  });
  const stray = (reason: unknown) => {
    if (running) strayRejection ??= { reason };
    else process.stderr.write(`${describeError(reason, root).traceback.join("\n")}\n`);
  };
  process.on("uncaughtException", stray).on("unhandledRejection", stray);
  exitWithParent();
  void new KernelServer(new KernelHandler(executor, false), connectionFile).init();
}

/**
 * Waits until the event loop has looked for signals: the first `setImmediate` may come before it does, as it does in a callback
 * of its own polling, the second comes after.
 */
async function fullTurn() {
  await new Promise(setImmediate);
  await new Promise(setImmediate);
}

/** A kernel whose JupyterLab was killed must not stay behind. */
function exitWithParent() {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(1);
  }, 2000).unref();
}
