// The files that a page was made with: carried in the page itself, or, where it is served, asked of its server.
import type { StoredTensor } from "../../tensor";
import { readSafetensorsBytes } from "./safetensors";

/** What `load` finds by name; each throws where the page has no such file. */
export interface PageFiles {
  names: readonly string[];
  has(name: string): boolean;
  bytes(name: string): ArrayBuffer;
  text(name: string): string;
  json(name: string): unknown;
  /** The tensors of a .safetensors file, for `loadStateDict`. */
  tensors(name: string): Map<string, StoredTensor>;
}

/**
 * Gets all files.
 *
 * @param carried base64 by name; null for a file that the server has
 * @throws {Error} where the server refuses one
 */
export async function pageFiles(carried: Readonly<Record<string, string | null>>): Promise<PageFiles> {
  const found = new Map<string, ArrayBuffer>();
  for (const [name, base64] of Object.entries(carried)) {
    if (base64 !== null) found.set(name, fromBase64(base64));
    else {
      const response = await fetch(`files/${name}`);
      if (response.status === 200) found.set(name, await response.arrayBuffer());
      else if (response.status !== 204) throw new Error(`Cannot load ${name}: ${await response.text()}`);
    }
  }
  const bytes = (name: string): ArrayBuffer => {
    const content = found.get(name);
    if (!content) throw new Error(`Cannot load ${name} as the page must have it: got ${[...found.keys()]}`);
    return content;
  };
  const text = (name: string) => new TextDecoder().decode(bytes(name));
  return {
    names: [...found.keys()],
    has: (name) => found.has(name),
    bytes,
    text,
    json: (name) => JSON.parse(text(name)),
    tensors: (name) => readSafetensorsBytes(bytes(name), name),
  };
}

function fromBase64(text: string): ArrayBuffer {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes.buffer;
}
