// The tensors of a .safetensors file in memory: the header is read and checked as `readSafetensors` of src/io does, by the
// part of it that needs no Node. A page's weights are F32.
import { readSafetensorsHeader, refusalFor } from "../../io/safetensors-header";
import type { StoredTensor } from "../../tensor";

/**
 * Reads all tensors.
 *
 * @param bytes the file's content
 * @param file what errors call the file
 * @throws {SafetensorsError} where the header is not as the format has it, the file is cut short, or a tensor is not F32
 */
export function readSafetensorsBytes(bytes: ArrayBuffer, file = "the weights"): Map<string, StoredTensor> {
  const read = (position: number, length: number) => new Uint8Array(bytes, position, length);
  const { entries } = readSafetensorsHeader(file, { size: bytes.byteLength, read });
  return new Map(
    entries.map(({ key, dtype, shape, position, byteLength }) => {
      if (dtype !== "F32") throw refusalFor(file, key)("the tensors of a page are F32", dtype);
      return [key, { shape, data: new Float32Array(bytes.slice(position, position + byteLength)) }];
    }),
  );
}
