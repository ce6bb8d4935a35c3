// A program that answers questions: one JSON request a line on its standard input, one JSON answer a line on its standard
// output (peers/serve.py is the other end). Started once, asked many times, ended by closing its input.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import path from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { projectRoot } from "../environment/paths.mjs";

export class JsonLinesProcess {
  private readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  private readonly answers: AsyncIterator<string>;
  private readonly ended: Promise<string>;
  private complaints = "";

  constructor(
    command: string,
    private readonly args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ) {
    this.child = spawn(command, args, {
      cwd: projectRoot,
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1", ...env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.child.stderr.on("data", (chunk: Buffer) => {
      this.complaints = (this.complaints + chunk.toString()).slice(-4000);
    });
    this.child.stdin.on("error", () => {}); // it has ended: the next answer says so
    this.ended = new Promise((resolve) => {
      this.child.on("error", (error) => resolve(error.message));
      this.child.on("close", (code, signal) => resolve(signal ?? `exit code ${code}`));
    });
    this.answers = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  /**
   * Asks one question and waits for its answer; the next may be asked after that.
   *
   * @throws {Error} if the program answers {"error": ...} or has ended, with what it said last
   */
  async ask<Answer>(request: object): Promise<Answer> {
    this.child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.answers.next();
    const name = this.args.map((arg) => path.basename(arg)).join(" ");
    if (done) {
      const said = this.complaints.trim();
      throw new Error(`Cannot ask ${name} as it ended: ${await this.ended}${said && `\n${said}`}`);
    }
    const answer = JSON.parse(value) as Answer & { error?: string };
    if (typeof answer.error === "string") throw new Error(`Cannot go on as ${name} failed: ${answer.error}`);
    return answer;
  }

  async close(): Promise<void> {
    this.child.stdin.end();
    await this.ended;
  }
}
