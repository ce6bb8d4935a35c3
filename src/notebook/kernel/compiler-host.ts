// What tslab's TypeScript watches with, mended in two ways that tslab leaves open.
// Trust: tslab asks for the diagnostics and the compiled text of every source file behind a cell, which costs seconds at
// a library's size and serves nobody here: Node loads the library itself, and `npm run check` checks it. So its files
// are left out of what tslab sees as a cell's dependencies; their types are used all the same.
// Timers: TypeScript starts a second timer when source files change on disk while one is pending, and tslab, which has
// place for one, throws; here they wait together.

interface Builder {
  getAllDependencies(file: unknown): readonly string[];
}

interface WatchHost {
  afterProgramCreate?(builder: Builder): void;
  setTimeout?(callback: () => void, milliseconds: number): unknown;
  clearTimeout?(timer: unknown): void;
}

interface TypeScript {
  createWatchProgram(host: WatchHost): unknown;
}

/**
 * Mends the host of every converter made from now on. To be called before tslab is loaded: TypeScript's exports cannot
 * be written to, so tslab is given a copy of them.
 * @param trusted the folder whose files are not checked
 */
export function mendCompilerHost(trusted: string) {
  const typescript = require("@tslab/typescript-for-tslab") as TypeScript;
  const createWatchProgram = (host: WatchHost) => {
    trust(host, trusted);
    shareTimer(host);
    return typescript.createWatchProgram(host);
  };
  const loaded = require.cache[require.resolve("@tslab/typescript-for-tslab")];
  if (loaded) loaded.exports = { ...typescript, createWatchProgram };
}

function trust(host: WatchHost, folder: string) {
  const { afterProgramCreate } = host;
  host.afterProgramCreate = (builder) => {
    const { getAllDependencies } = builder;
    builder.getAllDependencies = (file) =>
      getAllDependencies.call(builder, file).filter((dependency) => !dependency.startsWith(`${folder}/`));
    afterProgramCreate?.call(host, builder);
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
