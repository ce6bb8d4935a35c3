// Cells are type-checked; the library they import is not checked again in every kernel. tslab asks its TypeScript for
// the diagnostics and the compiled text of every source file behind a cell, which costs seconds at a library's size and
// serves nobody here: Node loads the library itself, and `npm run check` checks it. So those files are left out of what
// tslab sees as a cell's dependencies; their types are used all the same.

interface Builder {
  getAllDependencies(file: unknown): readonly string[];
}

interface WatchHost {
  afterProgramCreate?(builder: Builder): void;
}

interface TypeScript {
  createWatchProgram(host: WatchHost): unknown;
}

/**
 * Takes the library on trust in every converter made from now on. To be called before tslab is loaded: TypeScript's
 * exports cannot be written to, so tslab is given a copy of them.
 * @param folder the library's sources
 */
export function trustLibrary(folder: string) {
  const typescript = require("@tslab/typescript-for-tslab") as TypeScript;
  const createWatchProgram = (host: WatchHost) => {
    const { afterProgramCreate } = host;
    host.afterProgramCreate = (builder) => {
      const { getAllDependencies } = builder;
      builder.getAllDependencies = (file) =>
        getAllDependencies.call(builder, file).filter((dependency) => !dependency.startsWith(`${folder}/`));
      afterProgramCreate?.call(host, builder);
    };
    return typescript.createWatchProgram(host);
  };
  const loaded = require.cache[require.resolve("@tslab/typescript-for-tslab")];
  if (loaded) loaded.exports = { ...typescript, createWatchProgram };
}
