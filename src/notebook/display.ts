// The one door to the notebook: every output of the library goes through `display`. Our own kernel (src/notebook/kernel)
// offers a bridge under a global symbol; under plain tslab the writer behind its `display` API is used, which, unlike
// that API, takes several formats in one output; in a script or a test there is no notebook and nothing is shown.

/** One output in several formats, of which a viewer shows the richest that it knows (Jupyter's "mime bundle"). */
export interface DisplayBundle {
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
}

export interface DisplayOptions {
  /** Names the output, so that a later call can replace it. */
  displayId?: string;
  /** Replaces the output of that name in place. */
  update?: boolean;
  /** Outside of a notebook: receives the text/plain form. */
  write?: (text: string) => void;
}

interface DisplayMessage extends DisplayBundle {
  transient?: { display_id?: string };
}

interface KernelBridge {
  display(message: DisplayMessage, update: boolean): void;
  readonly interrupted: AbortSignal;
}

const kernelBridge = () =>
  (globalThis as Record<symbol, unknown>)[Symbol.for("dolab.kernel")] as KernelBridge | undefined;

/**
 * Shows an output in the running cell.
 *
 * @param bundle the same content in one or more formats, by their MIME types
 * @param options whether it replaces an earlier output, and where its text goes outside of a notebook
 * @throws {TypeError} if `update` is asked for without a `displayId`
 * @example
 * import { display } from "dolab";
 * const lines: string[] = [];
 * display({ data: { "text/plain": "six" }, metadata: {} }, { write: (text) => lines.push(text) });
 * lines; // => ["six\n"]
 */
export function display(bundle: DisplayBundle, options: DisplayOptions = {}): void {
  const { displayId, update = false, write } = options;
  if (update && displayId === undefined) {
    throw new TypeError("Cannot update an output as it needs the displayId it was shown with: got none");
  }
  const message: DisplayMessage = displayId
    ? { ...bundle, transient: { display_id: displayId } }
    : { ...bundle };
  const kernel = kernelBridge();
  const showInTslab = kernel ? null : plainTslab();
  if (kernel) kernel.display(message, update);
  else if (showInTslab) showInTslab(message, update);
  else write?.(`${bundle.data["text/plain"] ?? ""}\n`);
}

/**
 * Gives the signal that aborts when the user interrupts the running cell. A cell asks for its own; outside of our kernel the
 * signal never aborts.
 *
 * @example
 * import { interruptSignal } from "dolab";
 * interruptSignal().aborted; // => false
 */
export function interruptSignal(): AbortSignal {
  return kernelBridge()?.interrupted ?? new AbortController().signal;
}

/** tslab's writer, if a tslab kernel has loaded it; the module is never loaded from here. */
function plainTslab(): ((message: DisplayMessage, update: boolean) => void) | null {
  const suffix = /[\\/]tslab[\\/]dist[\\/]jupyter\.js$/;
  const file = Object.keys(require.cache).find((name) => suffix.test(name));
  return (file && require.cache[file]?.exports?.lastWriteDisplayData) || null;
}
