// What tslab's TypeScript watches with, mended in three ways that tslab leaves open.
// Declarations: what a source file of the library declares is all that a cell can see, and set-up has written it down
// (dist/declarations). TypeScript reads that, a third as long, for each source file that was not edited since.
// Trust: tslab asks for the diagnostics and the compiled text of every source file behind a cell, which costs seconds at
// a library's size and serves nobody here: Node loads the library itself, and `npm run check` checks it. So its files
// are left out of what tslab sees as a cell's dependencies; their types are used all the same. What each of a thousand
// files refers to is not worked out for every cell either, as TypeScript's builders do: a cell's own imports are followed.
// Timers: TypeScript starts a second timer when source files change on disk while one is pending, and tslab, which has
// place for one, throws; here they wait together.
import fs from "node:fs";
import path from "node:path";
import { markOf } from "../../environment/compiled-mark.cjs";

/** What is used of TypeScript's files; `imports` is no public part of them. */
interface SourceFile {
  fileName: string;
  isDeclarationFile: boolean;
  imports: readonly unknown[];
}

interface Builder {
  getAllDependencies(file: SourceFile): readonly string[];
  getProgram(): {
    getTypeChecker(): {
      getSymbolAtLocation(node: unknown): { declarations?: { getSourceFile(): SourceFile }[] } | undefined;
    };
  };
}

interface WatchHost {
  createProgram?(...inputs: unknown[]): Builder;
  readFile?(file: string, encoding?: string): string | undefined;
  setTimeout?(callback: () => void, milliseconds: number): unknown;
  clearTimeout?(timer: unknown): void;
}

interface TypeScript {
  createWatchProgram(host: WatchHost): unknown;
  createAbstractBuilder(...inputs: unknown[]): Builder;
}

/**
 * Mends the host of every converter made from now on. To be called before tslab is loaded: TypeScript's exports cannot
 * be written to, so tslab is given a copy of them.
 * @param trusted the folder whose files are not checked
 */
export function mendCompilerHost(trusted: string) {
  const typescript = require("@tslab/typescript-for-tslab") as TypeScript;
  const createWatchProgram = (host: WatchHost) => {
    host.createProgram = (...inputs) => trusting(typescript.createAbstractBuilder(...inputs), trusted);
    readDeclarations(host, trusted);
    shareTimer(host);
    return typescript.createWatchProgram(host);
  };
  const loaded = require.cache[require.resolve("@tslab/typescript-for-tslab")];
  if (loaded) loaded.exports = { ...typescript, createWatchProgram };
}

/** A builder whose dependencies of a cell are itself and the files of the user's own that it imports. */
function trusting(builder: Builder, folder: string): Builder {
  const checker = builder.getProgram().getTypeChecker(); // it gives each node its parent, which completion takes for granted
  builder.getAllDependencies = (cell) => {
    const found = new Set<string>();
    const follow = (file: SourceFile) => {
      if (found.has(file.fileName) || file.isDeclarationFile || file.fileName.startsWith(`${folder}/`))
        return;
      found.add(file.fileName);
      for (const name of file.imports)
        for (const declared of checker.getSymbolAtLocation(name)?.declarations ?? [])
          follow(declared.getSourceFile());
    };
    follow(cell);
    return [...found];
  };
  return builder;
}

/** Gives TypeScript, instead of a source file in `folder`, what it declares, where that was made of its very text. */
function readDeclarations(host: WatchHost, folder: string) {
  const { readFile } = host;
  const declarations = path.join(folder, "..", "dist", "declarations", path.basename(folder));
  host.readFile = (file, encoding) => {
    const text = readFile?.call(host, file, encoding);
    if (text === undefined || !file.startsWith(`${folder}/`) || !file.endsWith(".ts")) return text;
    const declared = path.join(declarations, file.slice(folder.length).replace(/ts$/, "d.ts"));
    const made = fs.existsSync(declared) ? fs.readFileSync(declared, "utf8") : "";
    return made.endsWith(markOf(text)) ? made : text;
  };
}

/** One timer of tslab's, which it fires itself before each cell, stands for all that are pending. */
export function shareTimer(host: WatchHost) {
  const { setTimeout: start, clearTimeout: stop } = host;
  const pending = new Map<object, () => void>();
  let shared: unknown;
  let firing = false;

  function fire() {
    firing = true;
    shared = undefined;
    try {
      while (pending.size > 0) {
        const callbacks = [...pending.values()];
        pending.clear();
        for (const callback of callbacks) callback();
      }
    } finally {
      firing = false;
    }
  }

  host.setTimeout = (callback, milliseconds) => {
    const timer = {};
    pending.set(timer, callback);
    if (!firing) shared ??= start?.call(host, fire, milliseconds);
    return timer;
  };
  host.clearTimeout = (timer) => {
    pending.delete(timer as object);
    if (pending.size > 0 || shared === undefined) return;
    stop?.call(host, shared);
    shared = undefined;
  };
}
