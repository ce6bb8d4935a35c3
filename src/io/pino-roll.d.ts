// pino-roll brings no types; this is the part of it that logger.ts uses.
declare module "pino-roll" {
  import type { Writable } from "node:stream";
  export default function roll(options: {
    /** Path to which a number and the extension are added. */
    file: string;
    size: string;
    extension: string;
    mkdir: boolean;
    sync: boolean;
  }): Promise<Writable & { flushSync(): void }>;
}
