// tslab's converter as the kernel uses it. Loading the library is left to Node (source maps, breakpoints, one copy of
// each module), and cells are compiled ahead: an interrupt that comes while TypeScript compiles is then heard before
// the cell runs. Inside tslab's executor it would be lost, as Node drops pending signals when it starts a script.
import type { CellSource } from "./cell-error";
import { watchSources } from "./reload";
import { completeShorthand } from "./shorthand";
import type { Conversion, Converter } from "./tslab";

export interface CellCompiler extends Converter {
  /** The cell compiled last, as written and as compiled. */
  readonly cell: CellSource;
  /** Compiles a cell before the executor asks for it. */
  compileAhead(source: string): void;
  /** Tells whether the names that the last cell declared exist from now on. */
  settle(declared: boolean): void;
}

const importsLibrary = /(?:from|require\(|import\()\s*["']dolab["']/;

const forAwait = /\bfor\s+await\b/;

/**
 * @param converter tslab's
 * @param root the project's folder
 */
export function createCellCompiler(converter: Converter, root: string): CellCompiler {
  const sources = watchSources(`${root}/src`, __dirname);
  const cell: CellSource = { written: "", compiled: "" };
  let declarations = "";
  let last: { source: string; conversion: Conversion } | undefined;

  /** The executor keeps declarations too, but forgets those of an interrupted cell, so its own are not used. */
  function convert(_: string, source: string): Conversion {
    if (last?.source === source) return last.conversion;
    if (importsLibrary.test(source)) sources.forgetChanged();
    const conversion = { ...converter.convert(declarations, source), sideOutputs: undefined };
    if (conversion.output) conversion.output = completeShorthand(conversion.output, declarations);
    conversion.hasToplevelAwait ||= forAwait.test(source); // tslab looks for `await` expressions only
    cell.written = source;
    cell.compiled = conversion.output ?? "";
    last = { source, conversion };
    return conversion;
  }

  return {
    ...converter,
    cell,
    convert,
    inspect: (_, source, position) => converter.inspect(declarations, source, position),
    complete: (_, source, position) => converter.complete(declarations, source, position),
    compileAhead(source) {
      last = undefined;
      convert("", source);
    },
    settle(declared) {
      if (declared && last?.conversion.diagnostics.length === 0)
        declarations = last.conversion.declOutput ?? "";
    },
  };
}
