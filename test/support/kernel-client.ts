// Talks to the kernel as JupyterLab does, through Python's jupyter_client (kernel_client.py).
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { environmentPython, inProject } from "../../src/environment/paths.mjs";

export interface Executed {
  reply: { status: string; execution_count: number; ename?: string };
  messages: { type: string; content: Record<string, unknown> }[];
}

export class KernelClient {
  private readonly process: ChildProcess;
  private readonly answers: AsyncIterator<string>;

  /** @param folder where the kernel is started, as JupyterLab starts it in the notebook's folder */
  constructor(folder = inProject("notebooks")) {
    this.process = spawn(environmentPython, [join(__dirname, "kernel_client.py"), folder], {
      stdio: ["pipe", "pipe", "ignore"],
    });
    this.answers = createInterface({ input: this.process.stdout! })[Symbol.asyncIterator]();
  }

  async ask<Answer>(request: object): Promise<Answer> {
    this.process.stdin!.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.answers.next();
    if (done) throw new Error("The kernel's client ended");
    return JSON.parse(value) as Answer;
  }

  execute(code: string, options: { interruptAfter?: number; silent?: boolean } = {}): Promise<Executed> {
    return this.ask<Executed>({ execute: code, ...options });
  }

  async close() {
    this.process.stdin!.end();
    await new Promise((resolve) => this.process.on("close", resolve));
  }
}

/** The content of the first message of a type. */
export const contentOf = ({ messages }: Executed, type: string) =>
  messages.find((message) => message.type === type)?.content;

/** Everything a cell printed. */
export const printed = ({ messages }: Executed) =>
  messages.flatMap(({ type, content }) => (type === "stream" ? [content.text] : [])).join("");
