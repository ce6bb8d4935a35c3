// The tensors of a .safetensors file in memory, without Node. Only what a page's model needs is read, F32 within the file's
// length: `readSafetensors` of src/io, which checks all that the format asks for, has read the file before the page is made.
import type { StoredTensor } from "../../tensor";

const LENGTH_BYTES = 8;

/**
 * Reads all tensors.
 *
 * @throws {SyntaxError} where the header is none, or a tensor is not F32 within the file
 */
export function readSafetensorsBytes(bytes: ArrayBuffer): Map<string, StoredTensor> {
  const tensors = new Map<string, StoredTensor>();
  const refuse = (got: string) =>
    new SyntaxError(`Cannot read the weights as they must be F32 tensors in .safetensors: got ${got}`);
  if (bytes.byteLength < LENGTH_BYTES) throw refuse(`${bytes.byteLength} bytes`);
  const length = Number(new DataView(bytes).getBigUint64(0, true));
  const start = LENGTH_BYTES + length;
  if (start > bytes.byteLength) throw refuse(`a header of ${length} bytes`);
  const text = new TextDecoder().decode(new Uint8Array(bytes, LENGTH_BYTES, length));
  const header = JSON.parse(text) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: number[] }
  >;
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    const {
      dtype,
      shape,
      data_offsets: [begin, end],
    } = entry;
    if (dtype !== "F32" || start + end > bytes.byteLength) throw refuse(`${name} of ${dtype}`);
    tensors.set(name, { shape, data: new Float32Array(bytes.slice(start + begin, start + end)) });
  }
  return tensors;
}
