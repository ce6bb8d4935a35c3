// Talks to the kernel as JupyterLab does, through Python's jupyter_client (peers/kernel_client.py) in .venv. For
// benchmarks and tests.
import { environmentPython, inProject } from "../environment/paths.mjs";
import { JsonLinesProcess } from "./json-lines-process";
import { peerPath } from "./python-peer";

export interface Executed {
  reply: { status: string; execution_count: number; ename?: string };
  messages: { type: string; content: Record<string, unknown> }[];
}

export class KernelClient {
  private readonly process: JsonLinesProcess;

  /**
   * @param folder where the kernel is started, as JupyterLab starts it in the notebook's folder
   * @param env what the client's environment has beside this process's
   */
  constructor(folder = inProject("notebooks"), env: Readonly<Record<string, string>> = {}) {
    this.process = new JsonLinesProcess(environmentPython, [peerPath("kernel_client"), folder], env);
  }

  ask<Answer>(request: object): Promise<Answer> {
    return this.process.ask<Answer>(request);
  }

  /**
   * @param options.interruptAfter seconds after which the cell is interrupted
   * @param options.interruptOn what the cell prints when it is to be interrupted
   */
  execute(
    code: string,
    options: { interruptAfter?: number; interruptOn?: string; silent?: boolean } = {},
  ): Promise<Executed> {
    return this.ask<Executed>({ execute: code, ...options });
  }

  /** @returns how long the kernel took from its start to its first answer */
  async startSeconds(): Promise<number> {
    return (await this.ask<{ seconds: number }>({ started: true })).seconds;
  }

  close(): Promise<void> {
    return this.process.close();
  }
}

/** The content of the first message of a type. */
export const contentOf = ({ messages }: Executed, type: string) =>
  messages.find((message) => message.type === type)?.content;

/** Everything a cell printed. */
export const printed = ({ messages }: Executed) =>
  messages.flatMap(({ type, content }) => (type === "stream" ? [content.text] : [])).join("");
