declare module "pino-roll" {
  import type { Writable } from "node:stream";

  /** A stream to FILE.1EXTENSION, FILE.2EXTENSION ...: the next one begins where one is larger than `size`. */
  export default function roll(options: {
    file: string;
    size?: string;
    extension?: string;
    mkdir?: boolean;
    sync?: boolean;
  }): Promise<Writable>;
}
